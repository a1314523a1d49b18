"""A date of a GEDCOM file as a civil day, where it says one for certain; else the kind of what it says instead.

Gregorian, Julian and French republican days are turned into the Gregorian calendar. A Hebrew day begins on the evening
before, so the civil day of what happened on it is one of two; a year written double (`1731/32`) may be of either
calendar. Neither is certain, nor is what is calculated, estimated, interpreted from a phrase, a period or a range.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from enum import StrEnum

from convertdate import french_republican, julian
from ged4py.calendar import CalendarDate, FrenchDate, GregorianDate, JulianDate
from ged4py.date import DateValue, DateValueSimple

MOST = 80
"""Letters of a date; a longer one is a phrase."""
_EPOCH = 1_721_424.5
"""Julian day of the day before 0001-01-01, Gregorian."""


class DateKind(StrEnum):
    """What a date says. Only an exact one becomes part of a claim; an impossible one spoils its row."""

    EXACT = "exact"
    PARTIAL = "partial"
    UNCERTAIN = "uncertain"
    OTHER_CALENDAR = "other_calendar"
    UNREADABLE = "unreadable"
    IMPOSSIBLE = "impossible"


def read_date(text: str) -> tuple[DateKind, str | None]:
    """The kind, and the day (ISO) if it is exact. Never raises."""
    if len(text) > MOST:
        return DateKind.UNREADABLE, None
    try:
        value = DateValue.parse(text)
        if not isinstance(value, DateValueSimple):
            return (
                DateKind.UNCERTAIN if hasattr(value, "date") or hasattr(value, "date1") else DateKind.UNREADABLE
            ), None
        return _simple(value.date)
    except (ValueError, ArithmeticError, LookupError, TypeError):
        return DateKind.UNREADABLE, None


def _simple(said: CalendarDate) -> tuple[DateKind, str | None]:
    if said.month is not None and said.month_num is None:
        return DateKind.UNREADABLE, None
    if said.day is None or said.month_num is None:
        return DateKind.PARTIAL, None
    if isinstance(said, GregorianDate) and not said.bc and said.dual_year is None:
        return _exact(lambda: date(said.year, said.month_num or 0, said.day or 0))
    if isinstance(said, JulianDate) and not said.bc:
        asked = (said.year, said.month_num, said.day)
        return _exact(lambda: _turned(julian.to_jd(*asked), asked, julian.from_jd))
    if isinstance(said, FrenchDate):
        asked = (said.year, said.month_num, said.day)
        return _exact(lambda: _turned(french_republican.to_jd(*asked), asked, french_republican.from_jd))
    return DateKind.OTHER_CALENDAR, None


def _exact(made: Callable[[], date]) -> tuple[DateKind, str | None]:
    try:
        return DateKind.EXACT, made().isoformat()
    except (ValueError, ArithmeticError, LookupError, TypeError):
        return DateKind.IMPOSSIBLE, None


def _turned(day: float, asked: tuple[int, int, int], back: Callable[[float], tuple[int, ...]]) -> date:
    """The Gregorian day of a Julian day number. Raises ValueError for a day that its own calendar does not have."""
    if tuple(back(day)) != asked:
        raise ValueError
    return date.fromordinal(int(day - _EPOCH))
