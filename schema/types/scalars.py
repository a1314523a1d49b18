"""Scalars for civil dates, months, instants and money.

Records keep dates as ISO text, so nothing is converted on the way out; on the way in a date is parsed strictly.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, NewType

import strawberry
from strawberry.types.scalar import ScalarDefinition

from domain.errors import Code, Invalid

Date = NewType("Date", str)
Month = NewType("Month", str)
DateTime = NewType("DateTime", str)
Money = NewType("Money", int)

_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def parse_date(value: Any) -> date:
    """A civil date from `YYYY-MM-DD` and nothing else. Raises Invalid (INVALID_DATE)."""
    if isinstance(value, str) and _ISO_DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise Invalid(Code.INVALID_DATE, fix="date_format")


_DAY_AND_TIME = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}"
_ISO_INSTANT = re.compile(_DAY_AND_TIME + r"(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})")
_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)


def parse_instant(value: Any) -> datetime:
    """An instant from RFC 3339 text with its zone and nothing else, in UTC; none earlier than 1970, when there was no
    hub either. Raises Invalid (INVALID_DATE)."""
    if isinstance(value, str) and _ISO_INSTANT.fullmatch(value):
        try:
            return max(datetime.fromisoformat(value).astimezone(UTC), _EARLIEST)
        except (ValueError, OverflowError):
            pass
    raise Invalid(Code.INVALID_DATE, fix="instant_format")


def _as_text(value: Any) -> str:
    return value if isinstance(value, str) else str(value)


def _as_whole(value: Any) -> int:
    return int(value)


def _output_only(_value: Any) -> Any:
    raise Invalid(Code.INVALID_ARGUMENT, fix="output_only")


SCALARS: Mapping[object, ScalarDefinition] = {
    Date: strawberry.scalar(
        name="Date", description="A civil date, `YYYY-MM-DD`.", serialize=_as_text, parse_value=parse_date
    ),
    Month: strawberry.scalar(
        name="Month", description="A calendar month, `YYYY-MM`.", serialize=_as_text, parse_value=_output_only
    ),
    DateTime: strawberry.scalar(
        name="DateTime",
        description="An instant, RFC 3339: in answers UTC with `Z`, in arguments with `Z` or an offset.",
        serialize=_as_text,
        parse_value=parse_instant,
    ),
    Money: strawberry.scalar(
        name="Money",
        description="Whole tenge, as a JSON number that may exceed 32 bits.",
        serialize=_as_whole,
        parse_value=_output_only,
    ),
}
"""How the scalars above appear in the schema."""
