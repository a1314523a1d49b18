"""Dates that one date is easily mistaken for, written out so that they can be looked up under keyed hashes.

Who looks for somebody tries them all; nothing of them is stored. docs/reference/identity.md, rule 4, is their text.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

DAYS_APART = 10
"""Dates so many days apart or fewer are alike."""
FIRST_YEAR, LAST_YEAR = 1800, 2099
"""Nobody is looked for under a date outside these that was not stated."""
_DIGITS = "0123456789"
_YEAR, _MONTH, _DAY = slice(0, 4), slice(4, 6), slice(6, 8)
_PARTS = (_YEAR, _MONTH, _DAY)
_NEIGHBOURS = (0, 1, 2, 4, 6)
"""Where a digit and the next one stand in the same part of YYYYMMDD."""
_KEPT = 1024
"""Dates whose likes are kept, some 5 kB each: those of a page, where each is asked for more than once."""


@lru_cache(maxsize=_KEPT)
def alike(born: str) -> frozenset[str]:
    """The dates (ISO) that are like one, itself included: at most a hundred. Symmetric between the years above.

    One digit is another, two neighbours in a year, month or day have changed places, day and month have, the year is
    one off, or there are at most `DAYS_APART` days between them.
    """
    written = (*_written(born.replace("-", "")), *_near(date.fromisoformat(born)))
    return frozenset((born, *filter(_can_be, written)))


@lru_cache(maxsize=_KEPT)
def commonest(born: str) -> frozenset[str]:
    """Of the dates that are like one, itself included, those that come of the commonest slips: day and month swapped,
    the year one off. At most four."""
    return frozenset((born, *filter(_can_be, _swapped_or_a_year_off(born.replace("-", "")))))


def _swapped_or_a_year_off(digits: str) -> Iterator[str]:
    year, month, day = (digits[part] for part in _PARTS)
    yield _dashed(year + day + month)
    for step in (-1, 1):
        yield _dashed(f"{int(year) + step:04d}{month}{day}")


def _written(digits: str) -> Iterator[str]:
    yield from _swapped_or_a_year_off(digits)
    for at in range(len(digits)):
        for digit in _DIGITS:
            yield _dashed(digits[:at] + digit + digits[at + 1 :])
    for at in _NEIGHBOURS:
        yield _dashed(digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :])


def _near(day: date) -> Iterator[str]:
    if FIRST_YEAR <= day.year <= LAST_YEAR:
        for apart in range(1, DAYS_APART + 1):
            for step in (-apart, apart):
                yield (day + timedelta(days=step)).isoformat()


def _dashed(digits: str) -> str:
    return "-".join(digits[part] for part in _PARTS)


def _can_be(text: str) -> bool:
    try:
        return FIRST_YEAR <= date.fromisoformat(text).year <= LAST_YEAR
    except ValueError:
        return False
