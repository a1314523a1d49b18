"""A claim with one thing wrong shares a compound with its person; no compound is made of a name alone."""

from __future__ import annotations

from itertools import combinations

import pytest

from identity.agreement import stated
from identity.alike_dates import alike, commonest
from identity.blocking import compounds, skeleton, sought
from identity.describing import Described, described
from identity.search_keys import candidates
from identity.search_keys import compounds as found_by

WHO = described("Ахметова", "Айгүл", "Серікқызы", "Оспанова", "1984-03-12", "F")
CLAIMS = {
    "latin": described("Akhmetova", "Aigul", None, None, "1984-03-12"),
    "typo in the surname": described("Ахмеотва", "Айгүл", None, None, "1984-03-12"),
    "typo in the given name": described("Ахметова", "Агйүл", None, None, "1984-03-12"),
    "another surname": described("Ким", "Айгүл", None, None, "1984-03-12"),
    "maiden name": described("Оспанова", "Айгүл", None, None, "1984-03-12"),
    "order swapped": described("Айгүл", "Ахметова", None, None, "1984-03-12"),
    "day and month swapped": described("Ахметова", "Айгүл", None, None, "1984-12-03"),
    "another day": described("Ахметова", "Айгүл", None, None, "1984-03-28"),
    "another year": described("Ахметова", "Айгүл", None, None, "1948-03-12"),
    "surname and day": described("Кимова", "Айгүл", "Серікқызы", None, "1984-03-28"),
}
TWICE = {
    "both names": described("Ахнетова", "Айшүл", "Серикович", None, "1984-03-12"),
    "both names from the first letter on": described("Мхнетова", "Ойшүл", "Серікқызы", None, "1984-03-12"),
    "surname and another year": described("Ахнетова", "Айгүл", None, None, "1985-03-12"),
    "surname and decade": described("Ахнетова", "Айгүл", None, None, "1934-03-12"),
    "given name and day and month swapped": described("Ахметова", "Айшүл", None, None, "1984-12-03"),
    "given name and some days": described("Ахметова", "Айшүл", None, None, "1984-03-02"),
    "another surname and given name": described("Ким", "Айшүл", "Серікқызы", None, "1984-03-12"),
    "surname from the first letter on and another year": described("Бхнетова", "Айгүл", None, None, "1983-03-12"),
    "swapped and another year": described("Айгүл", "Ахметова", None, None, "1983-03-12"),
}


@pytest.mark.parametrize("claim", CLAIMS.values(), ids=CLAIMS)
def test_one_thing_wrong_and_still_found(claim: Described) -> None:
    assert compounds([claim]) & compounds([WHO])


@pytest.mark.parametrize("claim", TWICE.values(), ids=TWICE)
def test_two_things_wrong_and_still_found(claim: Described) -> None:
    assert sought(claim) & compounds([WHO])


def test_dates_that_are_like_the_stated_one_are_looked_for_and_not_stored() -> None:
    claim = TWICE["surname and another year"]
    assert not compounds([claim]) & compounds([WHO])
    assert {one.split("|")[0] for one in sought(claim) - compounds([claim])} == {"NI", "ND"}
    assert len(sought(claim)) <= 2 * len(alike("1984-03-12")) + 2 * len(commonest("1984-03-12")) + 2


def test_a_stranger_is_not_found() -> None:
    """Control: all wrong shares nothing; nor do two names and a date that is like none of theirs."""
    assert not sought(described("Ким", "Жанар", "Болатқызы", None, "1991-07-30")) & compounds([WHO])
    assert not sought(described("Ахнетова", "Айгүл", None, None, "1991-07-30")) & compounds([WHO])


def test_no_compound_is_made_of_a_name_alone() -> None:
    """Each holds a full date, or two names and a year or day."""
    for compound in compounds([WHO]):
        kind, *parts = compound.split("|")
        assert len(parts) == {"ND": 2, "NY": 3, "NM": 3, "FY": 3, "NI": 3, "FD": 2}[kind]
        assert any(c.isdigit() for c in parts[-1])
        assert len(parts) == 3 or len(parts[-1]) == len("1984-03-12")


def test_without_a_birth_date_there_is_nothing() -> None:
    assert compounds([described("Ахметова", "Айгүл", "Серікқызы")]) == frozenset()


def test_they_never_meet_those_of_a_search_by_name() -> None:
    assert not set(found_by([stated("Ахметова", "Айгүл", None, "1984-03-12")], None)) & compounds([WHO])
    # Whoever searches for words that look like a kind and a skeleton finds nobody by them either.
    for kind in ("nd", "ny", "nm", "fy", "ni", "fd"):
        assert not set(candidates(f"{kind} hmtv", "1984-03-12")) & compounds([WHO])


def test_a_person_is_found_by_few() -> None:
    """One more costs every pull: nine for one statement with everything in it."""
    assert len(compounds([described("Ахметова", "Айгүл", "Серікқызы", None, "1984-03-12")])) == 9
    assert [skeleton(one) for one in ("ahmetov", "ahmetova", "aia")] == ["hmtv", "hmtv", "aia"]
    assert all(len(a) > 0 for pair in combinations(compounds([WHO]), 2) for a in pair)
