"""The standard suite that every agency's mapping passes: its samples, and rows that somebody spoilt."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from connectors.agencies.agency import Agency, Reason
from connectors.agencies.catalogue import AGENCIES, IMPORTED
from connectors.pipeline.validate import validate
from connectors.protocols.page import Page
from connectors.protocols.signed import Keys
from domain.claims import RowClaims
from domain.errors import Skip
from domain.ids import SourceKey
from tests.connectors.agencies.samples import read, samples, told
from tests.vault.rings import ring

SAMPLES = samples()
IDS = [name for name, _, _ in SAMPLES]
HOSTILE: tuple[Any, ...] = (
    None, 1, -1, 2**70, 1.5, True, "", "x", "2026-02-30", "0001-01-01", "9999-12-31T23:59:59-23:59", "２０２０-01-01",
    [], [None], {}, {"x": 1}, "x" * 100_000, "\x00", "900506300128",
)  # fmt: skip


@pytest.mark.parametrize(("name", "agency", "sample"), SAMPLES, ids=IDS)
def test_a_sample_turns_into_what_it_must(name: str, agency: Agency, sample: dict[str, Any]) -> None:
    assert told(read(agency, sample["row"])) == sample["told"]


def test_every_agency_has_samples() -> None:
    assert {agency.name for _, agency, _ in SAMPLES} == {agency.name for agency in (*AGENCIES, *IMPORTED)}


@pytest.mark.parametrize(("name", "agency", "sample"), SAMPLES, ids=IDS)
def test_parts_and_keys_are_sound(name: str, agency: Agency, sample: dict[str, Any]) -> None:
    said = read(agency, sample["row"])
    parts = [claim.body.part for claim in said.claims]
    assert len(parts) == len(set(parts))
    keys = [one.key for one in said.people]
    assert len(keys) == len(set(keys))
    assert {claim.key for claim in said.claims} <= set(keys)
    assert all(key.agency == agency.name for key in keys)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a JSON value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, one in inner:
        yield (*path, name)
        yield from places(one, (*path, name))


def spoilt(row: Any) -> Iterator[Any]:
    """The row with each place left out, or filled with each hostile value."""
    for path in places(row):
        for value in (..., *HOSTILE):
            other = copy.deepcopy(row)
            inner = other
            for name in path[:-1]:
                inner = inner[name]
            if value is ...:
                del inner[path[-1]]
            else:
                inner[path[-1]] = value
            yield other


@pytest.mark.parametrize(("name", "agency", "sample"), SAMPLES, ids=IDS)
def test_a_spoilt_row_is_read_or_skipped_and_nothing_else(name: str, agency: Agency, sample: dict[str, Any]) -> None:
    skipped = 0
    for row in spoilt(sample["row"]):
        try:
            said = read(agency, row)
        except Skip as skip:
            skipped += 1
            assert skip.cause in set(Reason)
            assert skip.__cause__ is None
            assert str(skip) == "BAD_REQUEST"
        except (ValueError, AssertionError):
            assert agency.name == "casework"  # the stand-in for the signature, not the mapping
        else:
            assert isinstance(said, RowClaims)
            assert agency.protective or agency.grades(row) == said.protective
    assert skipped > 20


async def test_whatever_stands_in_a_page_is_a_row_of_some_outcome() -> None:
    odd: tuple[Any, ...] = (None, 1, "x", [], {}, {"a": "\ud800"}, {"n": float("nan")}, {"n": 2**80})
    for agency in (*AGENCIES, *IMPORTED):
        assert all(agency.grades(row) == () for row in odd)
        rows = await validate(agency, Page(odd, "", "1"), ring().hasher, Keys(None).document)
        assert len({row.position for row in rows}) == len(odd)
        assert all(row.reason in set(Reason) and row.said is None for row in rows)


_KEY = SourceKey("population", "PR-000000123")


@pytest.mark.parametrize(
    ("changed", "grade", "iin"),
    [
        ({}, "strict", "900506300128"),
        ({"protection": None}, None, None),
        ({"protection": {"grade": "confidential", "since": "2020-01-01"}}, "confidential", "900506300128"),
        ({"protection": {"grade": "confidential", "since": 7}}, "confidential", "900506300128"),
        ({"protection": {"grade": "secret", "since": "2020-01-01"}}, "strict", "900506300128"),
        ({"protection": {"grade": ["confidential"]}}, "strict", "900506300128"),
        ({"protection": "confidential"}, "strict", "900506300128"),
        ({"protection": False}, "strict", "900506300128"),
        ({"protection": {}}, "strict", "900506300128"),
        ({"iin": "900506300129"}, "strict", None),
        ({"iin": 900506300128}, "strict", None),
        ({"birthDate": "2026-02-30"}, "strict", "900506300128"),
        ({"registrations": [{"role": "lodger"}], "relations": 5}, "strict", "900506300128"),
        ({"version": None, "changedAt": "yesterday", "surname": "\ud800"}, "strict", "900506300128"),
        ({"recordId": 123}, None, None),
        ({"recordId": ""}, None, None),
        ({"recordId": "\ud800"}, None, None),
    ],
)
async def test_a_grade_is_read_whatever_else_is_wrong(
    changed: dict[str, Any], grade: str | None, iin: str | None
) -> None:
    (agency,) = [one for one in AGENCIES if one.name == "population"]
    (row,) = await validate(agency, Page((_PERSON | changed,), "", "1"), ring().hasher, Keys(None).document)
    assert [(one.keys, one.national_ids, one.grade) for one in row.grades] == (
        [((_KEY,), (iin,), grade)] if grade is not None else []
    )
    if row.said is not None:
        assert row.said.protective == row.grades


def _reason(agency: str, row: Any) -> str | None:
    (one,) = [agency_ for agency_ in AGENCIES if agency_.name == agency]
    try:
        read(one, row)
    except Skip as skip:
        return skip.cause
    return None


_PERSON: dict[str, Any] = next(s["row"] for n, _, s in SAMPLES if n == "population-person")
_REF = _PERSON["relations"][0]["person"]


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({}, None),
        ({"iin": None}, None),
        ({"iin": "90050630012"}, Reason.BAD_IIN),
        ({"iin": ""}, Reason.BAD_IIN),
        ({"iin": "900506O00127"}, Reason.BAD_IIN),
        ({"birthDate": "1899-12-31"}, Reason.BAD_DATE),
        ({"birthDate": "1900-01-01"}, None),
        ({"birthDate": "2026-03-05"}, Reason.BAD_DATE),
        ({"birthDate": "2026-03-04"}, None),
        ({"birthDate": "20200101"}, Reason.BAD_DATE),
        ({"birthDate": ""}, Reason.BAD_DATE),
        ({"changedAt": "2026-03-04"}, Reason.BAD_DATE),
        ({"changedAt": "2026-03-04T05:06:07"}, Reason.BAD_DATE),
        ({"sex": "f"}, Reason.BAD_VALUE),
        ({"sex": None}, Reason.BAD_SHAPE),
        ({"version": "1"}, Reason.BAD_SHAPE),
        ({"recordId": ""}, Reason.BAD_SHAPE),
        ({"iin": "1", "sex": "x"}, Reason.BAD_IIN),
        ({"iin": "1", "birthDate": "x"}, Reason.BAD_DATE),
        ({"relations": [{"kind": "friend", "person": _REF, "from": "2001-01-01"}]}, Reason.BAD_VALUE),
        (
            {"relations": [{"kind": "guardian", "person": _REF, "from": "2001-01-02", "to": "2001-01-01"}]},
            Reason.BAD_DATE,
        ),
        ({"relations": [{"kind": "guardian", "person": _REF | {"iin": "1"}, "from": "2001-01-02"}]}, Reason.BAD_IIN),
        ({"protection": {"grade": "secret", "since": "2020-01-01"}}, Reason.BAD_VALUE),
    ],
)
def test_reasons(changed: dict[str, Any], reason: Reason | None) -> None:
    assert _reason("population", _PERSON | changed) == reason
