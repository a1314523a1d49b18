"""What every row is checked for, whichever agency sends it. Each raises Skip with its Reason alone."""

from __future__ import annotations

import re
from collections.abc import Container
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Annotated

from msgspec import Meta

from connectors.agencies.agency import Reason, bad
from domain.iin import is_valid

#: The 20 regions, ISO 3166-2:KZ.
REGIONS = frozenset(f"KZ-{n}" for n in (10, 11, 15, 19, 23, 27, 31, 33, 35, 39, 43, 47, 55, 59, 61, 62, 63, 71, 75, 79))
_EARLIEST_BIRTH = "1900-01-01"
_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")

Name = Annotated[str, Meta(min_length=1)]
"""A record id or a person's number: never empty."""
Version = Annotated[int, Meta(ge=0, le=2**53)]
"""A version of a record: a whole number."""
Tenge = Annotated[int, Meta(ge=-(2**53), le=2**53)]
"""An amount of whole tenge."""


@lru_cache(maxsize=65_536)
def _is_day(text: str) -> bool:
    if len(text) != 10 or text[4] != "-" or text[7] != "-" or not text.isascii():
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def day(text: str) -> str:
    """A calendar day, YYYY-MM-DD."""
    if not _is_day(text):
        raise bad(Reason.BAD_DATE)
    return text


def optional_day(text: str | None) -> str | None:
    """A calendar day, or None where it is not stated."""
    return None if text is None else day(text)


def month(text: str) -> str:
    """A calendar month, YYYY-MM."""
    if _MONTH.fullmatch(text) is None:
        raise bad(Reason.BAD_DATE)
    return text


def birth(text: str | None, changed: str) -> str | None:
    """A birth date from 1900 on, not after the day on which the row was changed (`changed`: an instant's text)."""
    if text is None:
        return None
    if not _EARLIEST_BIRTH <= day(text) <= changed[:10]:
        raise bad(Reason.BAD_DATE)
    return text


def period(since: str | None, until: str | None) -> None:
    """Two days in order, where both are stated."""
    optional_day(since)
    optional_day(until)
    if since is not None and until is not None and until < since:
        raise bad(Reason.BAD_DATE)


def instant(text: str) -> str:
    """An RFC 3339 instant as UTC text with microseconds, so that texts compare as instants do."""
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None or "T" not in text.upper():
            raise bad(Reason.BAD_DATE)
        return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    except (ValueError, OverflowError):
        raise bad(Reason.BAD_DATE) from None


def day_of(text: str | None) -> str | None:
    """The day of a FHIR dateTime that may be a day or an instant; None where it is not stated."""
    if text is None:
        return None
    if len(text) > 10:
        instant(text)
    return day(text[:10])


def iin(text: str | None) -> None:
    """A national id with its check digit right, or none."""
    if text is not None and not is_valid(text):
        raise bad(Reason.BAD_IIN)


def one_of(value: str, known: Container[str]) -> str:
    """A value of a closed list."""
    if value not in known:
        raise bad(Reason.BAD_VALUE)
    return value


def reference(text: str, kind: str) -> str:
    """The id in a FHIR reference `Kind/id`."""
    head, _, found = text.partition("/")
    if head != kind or not found:
        raise bad(Reason.BAD_SHAPE)
    return found
