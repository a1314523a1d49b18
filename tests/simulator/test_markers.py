"""Marker countries: every text and amount belongs to one (person, category, field), and none is missing."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from simulator.country.options import Options
from simulator.texts import markers
from tests.simulator.countries import by_stream, lines

KEYS = st.tuples(st.integers(0, 4_949_999), st.integers(0, 999))


@given(one=KEYS, two=KEYS)
def test_words_are_one_to_one(one: tuple[int, int], two: tuple[int, int]) -> None:
    first, second = markers.word(*one), markers.word(*two)
    assert (first == second) == (one == two)
    assert first.isalpha()
    assert len(first.encode()) == 24


@given(one=KEYS, two=KEYS)
def test_amounts_are_one_to_one(one: tuple[int, int], two: tuple[int, int]) -> None:
    one, two = (one[0], one[1] % 40), (two[0], two[1] % 40)
    first, second = markers.amount(*one), markers.amount(*two)
    assert (first == second) == (one == two)
    assert len(str(first)) == 12


def _texts(stream: str, row: dict[str, Any]) -> set[str]:
    """Every name, street, locality, employer, position, clinic, payor, text, narrative, authority and amount."""
    return {text for text in _fields(stream, row) if text is not None}


def _fields(stream: str, row: dict[str, Any]) -> set[Any]:
    if stream == "population":
        found = {row[n] for n in ("surname", "givenName", "patronymic", "birthSurname")}
        found |= {r["address"][n] for r in row["registrations"] for n in ("street", "locality")}
        found |= {r["person"][n] for r in row["relations"] for n in ("surname", "givenName", "patronymic")}
        return found | ({row["protection"]["authority"]} if row["protection"] else set())
    if stream == "police":
        people = [row["reporter"], row["alleged"], *row["others"]]
        return {row["narrative"], *(p[n] for p in people for n in ("surname", "givenName", "patronymic"))}
    if stream == "civil":
        names = ("surname", "given_name", "patronymic", "birth_surname")
        return {row["place"]["locality"], *(p[n] for p in row["persons"].values() for n in names)}
    if stream == "tax":
        found = set(row["taxpayer"]["name"].split())
        if row["type"] == "income":
            return found | {str(m[n]) for m in row["months"] for n in ("amount", "pension")}
        return found | {row["employer"]["name"], row["employer"]["bin"], row["position"]}
    if stream == "health-Patient":
        return {row["name"][0]["family"], *row["name"][0]["given"], row["managingOrganization"]["display"]}
    if stream == "health-Coverage":
        return {row["payor"][0]["display"]}
    return {row["code"]["text"]} if stream == "health-Condition" else set()


def test_every_text_served_is_a_marker_of_one_field(marked: Options) -> None:
    listed: dict[str, tuple[str, str, str]] = {}
    for line in lines(marked.files().markers):
        of = (line["person"], line["category"], line["field"])
        assert listed.setdefault(line["marker"], of) == of
    for stream, served in by_stream(lines(marked.files().manifest)).items():
        for line in served:
            assert line["errors"] == []
            texts = _texts(stream, line["row"])
            assert texts <= listed.keys(), (stream, texts - listed.keys())
            # A row holds markers of those alone whom it names.
            assert {listed[text][0] for text in texts} <= set(line["truth"].values())
            assert all(len(text.encode()) >= 10 for text in texts)


def test_no_marker_is_part_of_another_or_of_the_rest(marked: Options) -> None:
    listed = {line["marker"] for line in lines(marked.files().markers)}
    sample = marked.files().sample.read_text()
    assert not any(marker in sample for marker in listed if not marker.isdigit())
    assert len({len(marker) for marker in listed}) == 1
    assert json.loads(sample)["cases"]
