"""The change sequences that agencies serve, and how a row carries its version, instant and place in the sequence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from simulator.agencies.draft import Body


def instant(seconds: int) -> str:
    """Seconds of the epoch as RFC 3339."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _stamp(version: str, when: str) -> Callable[[Body, int, int, int], None]:
    def stamp(body: Body, number: int, seconds: int, sequence: int) -> None:
        body[version], body[when] = number, instant(seconds)

    return stamp


def _stamp_civil(body: Body, number: int, seconds: int, sequence: int) -> None:
    body["version"], body["changed_at"], body["change_seq"] = number, instant(seconds), sequence


def _stamp_health(body: Body, number: int, seconds: int, sequence: int) -> None:
    body["meta"] = {"versionId": str(number), "lastUpdated": instant(seconds)}


@dataclass(frozen=True, slots=True)
class Stream:
    """A change sequence. `adjacent`: repeats follow at once, for the order is by a key that a repeat shares."""

    name: str
    agency: str
    resource: str | None
    stamp: Callable[[Body, int, int, int], None]
    adjacent: bool


STREAMS = {
    s.name: s
    for s in (
        Stream("population", "population", None, _stamp("version", "changedAt"), False),
        Stream("police", "police", None, _stamp("version", "changedAt"), False),
        Stream("civil", "civil", None, _stamp_civil, True),
        Stream("tax", "tax", None, _stamp("version", "updated_at"), False),
        Stream("health-Patient", "health", "Patient", _stamp_health, True),
        Stream("health-Coverage", "health", "Coverage", _stamp_health, True),
        Stream("health-Condition", "health", "Condition", _stamp_health, True),
        Stream("casework", "casework", None, _stamp("version", "updated_at"), False),
    )
}
