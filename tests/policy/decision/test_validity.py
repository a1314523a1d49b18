"""What holds on a day, at the edges of its days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.ids import HouseholdId, PersonId
from policy.decision.validity import (
    Registration,
    addresses_on,
    households_on,
    in_force,
    is_minor,
    region_on,
    wards_on,
)

DAY = date(2026, 3, 1)
DAYS = st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 1, 1))


@pytest.mark.parametrize(
    ("since", "until", "holds"),
    [
        (None, None, True),
        ("2026-03-01", None, True),
        ("2026-03-02", None, False),
        (None, "2026-03-01", False),
        (None, "2026-03-02", True),
        ("2026-03-01", "2026-03-01", False),
    ],
)
def test_a_period_ends_the_day_before_its_until(since: str | None, until: str | None, holds: bool) -> None:
    assert in_force(since, until, DAY.isoformat()) is holds


@given(since=DAYS, until=DAYS, day=DAYS)
def test_a_move_leaves_no_day_with_two_and_none_without(since: date, until: date, day: date) -> None:
    """One period ends with the date with which the next begins."""
    before = in_force(None, until.isoformat(), day.isoformat())
    after = in_force(until.isoformat(), None, day.isoformat())
    assert before != after
    assert in_force(since.isoformat(), None, day.isoformat()) == (since <= day)


def test_the_latest_open_registration_gives_the_region() -> None:
    old = Registration("KZ-75", "a", "2010-01-01", None)
    new = Registration("KZ-71", "b", "2020-01-01", None)
    coming = Registration("KZ-10", "c", "2026-03-02", None)
    gone = Registration("KZ-11", "d", "2025-01-01", "2026-03-01")
    for order in ([old, new, coming, gone], [gone, coming, new, old]):
        assert region_on(order, DAY) == "KZ-71"
        assert addresses_on(order, DAY) == {"a", "b"}
    assert region_on([coming, gone], DAY) is None
    assert region_on([Registration(None, "e", "2025-01-01", None), old], DAY) == "KZ-75"


def test_households_and_wards_of_the_day() -> None:
    one, two = HouseholdId(1), HouseholdId(2)
    assert households_on([(one, "2020-01-01", "2026-03-01"), (two, "2026-03-01", None)], DAY) == {two}
    assert wards_on([(PersonId(5), None, "2026-03-02"), (PersonId(6), "2026-03-02", None)], DAY) == {5}


@pytest.mark.parametrize(
    ("born", "minor"),
    [
        ("2008-03-01", False),
        ("2008-03-02", True),
        ("2008-02-29", False),
        ("2026-03-01", True),
        ("2026-03-02", False),
        ("1950-01-01", False),
        ("2020", False),
        ("2020-13-01", False),
        ("", False),
        (None, False),
    ],
)
def test_coming_of_age(born: str | None, minor: bool) -> None:
    assert is_minor(born, DAY) is minor


@given(born=DAYS, ahead=st.integers(min_value=0, max_value=40 * 366))
def test_who_came_of_age_stays_so(born: date, ahead: int) -> None:
    day = born + timedelta(days=ahead)
    if not is_minor(born.isoformat(), day):
        assert not is_minor(born.isoformat(), day + timedelta(days=1))
    assert is_minor(born.isoformat(), day) == (ahead < 18 * 365) or 18 * 365 <= ahead <= 18 * 365 + 5
