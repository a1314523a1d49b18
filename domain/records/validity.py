"""When an item of a record holds, and by which of its fields that is told. Dates are ISO texts, as in the records.

A period runs from its first day to the day before its `until`; without a `since` it began before anything is known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol


class Validity(Protocol):
    """Tells of an item whether it holds on a day."""

    @property
    def fields(self) -> frozenset[str]:
        """The fields that decide: whoever is told of an item by its day learns of these."""
        ...

    def holds(self, values: Mapping[str, Any], day: str) -> bool:
        """Whether an item of these values holds on a civil date (ISO text)."""
        ...


@dataclass(frozen=True, slots=True)
class Period:
    """From a date to the day before another, or for as long as is known."""

    since: str = "since"
    until: str = "until"

    @property
    def fields(self) -> frozenset[str]:
        return frozenset({self.since, self.until})

    def holds(self, values: Mapping[str, Any], day: str) -> bool:
        since, until = values.get(self.since), values.get(self.until)
        return (since is None or since <= day) and (until is None or day < until)


@dataclass(frozen=True, slots=True)
class Within:
    """About one calendar month, and holding on its days."""

    month: str = "month"

    @property
    def fields(self) -> frozenset[str]:
        return frozenset({self.month})

    def holds(self, values: Mapping[str, Any], day: str) -> bool:
        return bool(values.get(self.month) == day[:7])


@dataclass(frozen=True, slots=True)
class Happened:
    """An event: it has happened from its day on. One without a date is on no day."""

    date: str = "event_date"

    @property
    def fields(self) -> frozenset[str]:
        return frozenset({self.date})

    def holds(self, values: Mapping[str, Any], day: str) -> bool:
        happened = values.get(self.date)
        return happened is not None and bool(happened <= day)
