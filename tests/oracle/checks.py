"""Rule 1: what makes a row unreadable. All that is wrong is gathered; the first reason in order is the row's."""

from __future__ import annotations

import re
from collections.abc import Container
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from tests.oracle.clauses import Clauses

REASONS = ("BAD_SHAPE", "BAD_DATE", "BAD_IIN", "BAD_VALUE", "BAD_SIGNATURE")
REGIONS = {f"KZ-{code}" for code in (10, 11, 15, 19, 23, 27, 31, 33, 35, 39, 43, 47, 55, 59, 61, 62, 63, 71, 75, 79)}


class Unreadable(Exception):
    """The row is quarantined; the reason is its only argument."""


def has_right_check_digit(iin: str) -> bool:
    """IIN: the first weights give the digit modulo 11; a 10 asks for the second; another 10 belongs to no id."""
    if not re.fullmatch("[0-9]{12}", iin):
        return False
    digits = [int(c) for c in iin]
    for shift in (0, 2):
        rest = sum(digit * ((at + shift) % 11 + 1) for at, digit in enumerate(digits[:11])) % 11
        if rest < 10:
            return rest == digits[11]
    return False


class Checks:
    """Gathers what is wrong with one row."""

    def __init__(self, clauses: Clauses) -> None:
        self._clauses = clauses
        self._found: set[str] = set()

    def done(self) -> None:
        """Raises Unreadable if anything was wrong."""
        for reason in REASONS:
            if reason in self._found:
                raise Unreadable(reason)

    def shape(self, *right: bool) -> None:
        """What the contract says of the row's form; nothing else can be read where it is wrong."""
        if not all(right):
            raise Unreadable("BAD_SHAPE")

    def instant(self, text: str) -> str:
        """The instant of the row as text that compares as instants do."""
        try:
            when = datetime.fromisoformat(text)
        except ValueError:
            when = None
        if when is None or when.tzinfo is None:
            self._found.add("BAD_DATE")
            return ""
        return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    def days(self, *days: str | None) -> None:
        """Days that must be days where they are stated."""
        if self._clauses.possible_dates and not all(day is None or is_day(day) for day in days):
            self._found.add("BAD_DATE")

    def birth(self, day: str | None, event: str) -> None:
        """A birth between 1900 and the day on which the row changed."""
        self.days(day)
        if self._clauses.possible_dates and day is not None and not "1900-01-01" <= day <= event[:10]:
            self._found.add("BAD_DATE")

    def period(self, since: str | None, until: str | None) -> None:
        """Two days, the second not before the first."""
        self.days(since, until)
        if self._clauses.possible_dates and since is not None and until is not None and until < since:
            self._found.add("BAD_DATE")

    def month(self, text: str) -> None:
        """A month."""
        self.days(f"{text}-01")

    def iin(self, text: str | None) -> None:
        """A national id, or none."""
        right = has_right_check_digit if self._clauses.check_digit else re.compile("[0-9]{12}").fullmatch
        if text is not None and not right(text):
            self._found.add("BAD_IIN")

    def among(self, value: Any, known: Container[Any]) -> None:
        """A value of a closed list."""
        if value not in known:
            self._found.add("BAD_VALUE")


@lru_cache(maxsize=20_000)
def is_day(text: str) -> bool:
    """Whether a text is a day, written YYYY-MM-DD."""
    try:
        return re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text) is not None and bool(date.fromisoformat(text))
    except ValueError:
        return False
