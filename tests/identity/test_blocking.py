"""A claim with one thing wrong shares a compound with its person; no compound is made of a name alone."""

from __future__ import annotations

from itertools import combinations

import pytest

from identity.agreement import stated
from identity.blocking import compounds, skeleton
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


@pytest.mark.parametrize("claim", CLAIMS.values(), ids=CLAIMS)
def test_one_thing_wrong_and_still_found(claim: Described) -> None:
    assert compounds([claim]) & compounds([WHO])


def test_a_stranger_is_not_found() -> None:
    """Control: all wrong shares nothing."""
    assert not compounds([described("Ким", "Жанар", "Болатқызы", None, "1991-07-30")]) & compounds([WHO])


def test_no_compound_is_made_of_a_name_alone() -> None:
    """Each holds a full date, or two names and a year or day."""
    for compound in compounds([WHO]):
        kind, *parts = compound.split("|")
        assert len(parts) == {"ND": 2, "NY": 3, "NM": 3, "FY": 3}[kind]
        assert any(c.isdigit() for c in parts[-1])


def test_without_a_birth_date_there_is_nothing() -> None:
    assert compounds([described("Ахметова", "Айгүл", "Серікқызы")]) == frozenset()


def test_they_never_meet_those_of_a_search_by_name() -> None:
    assert not set(found_by([stated("Ахметова", "Айгүл", None, "1984-03-12")], None)) & compounds([WHO])
    # Whoever searches for words that look like a kind and a skeleton finds nobody by them either.
    for kind in ("nd", "ny", "nm", "fy"):
        assert not set(candidates(f"{kind} hmtv", "1984-03-12")) & compounds([WHO])


def test_a_person_is_found_by_few() -> None:
    """One more costs every pull: seven for one statement with everything in it."""
    assert len(compounds([described("Ахметова", "Айгүл", "Серікқызы", None, "1984-03-12")])) == 6
    assert [skeleton(one) for one in ("ahmetov", "ahmetova", "aia")] == ["hmtv", "hmtv", "aia"]
    assert all(len(a) > 0 for pair in combinations(compounds([WHO]), 2) for a in pair)
