"""Which dates are tried for one that is stated: every slip of the hand that leaves a date, and no more than that."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity.alike_dates import DAYS_APART, alike, commonest
from identity.distance import within_one_edit

DATES = st.dates(date(1800, 1, 1), date(2099, 12, 31)).map(date.isoformat)


@pytest.mark.parametrize(
    "other",
    ["1984-03-12", "1984-12-03", "1984-03-22", "1985-03-12", "1983-03-12", "1948-03-12", "1984-03-02", "1934-03-12",
     "1884-03-12", "1984-03-21", "1984-08-12"],
)  # fmt: skip
def test_slips_of_the_hand(other: str) -> None:
    assert other in alike("1984-03-12")


def test_years_end() -> None:
    assert "1981-01-08" in alike("1980-12-29") and "2000-01-01" in alike("1999-01-01")


@given(DATES, DATES)
def test_symmetric_and_true_to_the_rule(one: str, other: str) -> None:
    assert (other in alike(one)) == (one in alike(other)) == _rule(one, other)


@given(DATES)
def test_all_are_dates_by_the_rule_and_few(one: str) -> None:
    assert one in alike(one) and len(alike(one)) <= 100
    assert all(_rule(one, other) for other in alike(one))


@given(DATES)
def test_the_commonest_are_a_few_of_them(one: str) -> None:
    assert one in commonest(one) <= alike(one) and len(commonest(one)) <= 4
    assert commonest("1984-03-12") == {"1984-03-12", "1984-12-03", "1983-03-12", "1985-03-12"}
    assert commonest("1984-02-29") == {"1984-02-29"} and commonest("1799-03-12") == {"1799-03-12", "1800-03-12"}


@given(DATES)
def test_none_is_missing(one: str) -> None:
    """All dates of the years around, and of those that one digit leads to."""
    day = date.fromisoformat(one)
    around = {(day + timedelta(n)).isoformat() for n in range(-400, 401)}
    for other in around:
        if "1800" <= other[:4] <= "2099":
            assert (other in alike(one)) == _rule(one, other)


def _rule(one: str, other: str) -> bool:
    """The text of rule 4."""
    first, second = date.fromisoformat(one), date.fromisoformat(other)
    swapped = one[:4] == other[:4] and (one[5:7], one[8:]) == (other[8:], other[5:7])
    a_year = one[4:] == other[4:] and abs(first.year - second.year) == 1
    near = abs((first - second).days) <= DAYS_APART
    return swapped or a_year or near or within_one_edit(one, other)


def test_no_more_is_kept_than_a_page_asks_for() -> None:
    """Whatever dates there are: some 5 kB each, for as long as the hub runs."""
    days = [date(1930, 1, 1) + timedelta(days=n) for n in range(3_000)]
    for found in (alike, commonest):
        for day in days:
            found(day.isoformat())
        assert 500 <= found.cache_info().currsize <= 1_024
