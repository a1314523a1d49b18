"""Time from an injected source, so that tests choose it and nothing reads the wall clock on its own."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo


class Clock(Protocol):
    """Where the hub takes its time from."""

    def now(self) -> datetime:
        """The present instant, UTC, aware."""
        ...

    def today(self) -> date:
        """The present civil date in the configured zone."""
        ...


class SystemClock:
    """The machine's clock; civil dates in `zone` (an IANA name)."""

    def __init__(self, zone: str = "Asia/Almaty") -> None:
        self._zone = ZoneInfo(zone)

    def now(self) -> datetime:
        return datetime.now(UTC)

    def today(self) -> date:
        return datetime.now(self._zone).date()


class FixedClock:
    """A clock that stands still until it is set: for tests and replays."""

    def __init__(self, instant: datetime, zone: str = "Asia/Almaty") -> None:
        self._zone = ZoneInfo(zone)
        self.instant = instant

    def now(self) -> datetime:
        return self.instant

    def today(self) -> date:
        return self.instant.astimezone(self._zone).date()


def instant_text(instant: datetime) -> str:
    """RFC 3339 in UTC with milliseconds and `Z`."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"
