"""Events played into a running country, one at a time; answered only when their rows can be pulled."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, time
from typing import Any

from simulator.country.store import Store
from simulator.country.streams import STREAMS, instant
from simulator.events import corrections, moves, protective
from simulator.events.history import Change, Event, History
from simulator.numbering import key_of, person_id

_KINDS: dict[str, Callable[[History, Event], tuple[list[Change], dict[str, str]]]] = {
    "move": moves.move,
    "separation": moves.separate,
    "report": protective.report,
    "counter_report": protective.counter_report,
    "grade": protective.grade,
    "withdraw_protection": protective.withdraw,
    "correction": corrections.correct,
}


class Player:
    """Works an event out beside the event loop, then appends all its rows in one go."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._history = History(store.options)
        self._lock = asyncio.Lock()

    async def play(self, fields: dict[str, Any]) -> dict[str, Any]:
        """Play `{"type", "at"?, …}`; what was added. Raises ValueError for an event that cannot be."""
        event = _event(self._store, fields)
        async with self._lock:
            changes, named = await asyncio.to_thread(_KINDS[event.kind], self._history, event)
            return self._append(event, changes, named)

    def _append(self, event: Event, changes: list[Change], named: dict[str, str]) -> dict[str, Any]:
        rows = []
        for change in changes:
            stream = STREAMS[change.stream]
            position = self._store.append(stream, change.body, change.version, event.at, change.errors, change.truth)
            self._history.commit(change)
            rows.append(
                {"agency": stream.agency, "recordId": change.record, "version": change.version, "position": position}
            )
            if self._store.options.markers:
                self._mark(change)
        self._store.note({"kind": "event", "type": event.kind, "at": instant(event.at), "asked": event.fields, **named})
        return {"ok": True, "at": instant(event.at), "rows": rows, **named}

    def _mark(self, change: Change) -> None:
        """List the markers that the row brings."""
        body, brings = change.body, []
        if change.stream == "population":
            address = body["registrations"][-1]["address"] if body["registrations"] else {}
            brings = [(address[f], "address", f) for f in ("street", "locality") if f in address]
            if body["protection"]:
                brings.append((body["protection"]["authority"], "protection", "authority"))
        elif change.stream == "police":
            brings = [(body["narrative"], "incident", "narrative")]
        elif change.stream == "health-Patient":
            brings = [(body["managingOrganization"]["display"], "health", "clinic")]
        of = change.body["reporter"]["personNo"] if change.stream == "police" else change.record
        for marker, category, field in brings:
            person = person_id(key_of(of))
            self._store.mark({"marker": marker, "person": person, "category": category, "field": field})


def _event(store: Store, fields: dict[str, Any]) -> Event:
    kind = fields.get("type")
    if kind not in _KINDS:
        raise ValueError("no such type of event")
    at = fields.get("at")
    if at is None:
        when = datetime.combine(store.options.today, time(12), UTC)
    elif isinstance(at, str):
        when = datetime.fromisoformat(at)
        if when.tzinfo is None:
            raise ValueError("at must be an instant")
    else:
        raise ValueError("at must be an instant")
    if not 1970 <= when.year < 2200:
        raise ValueError("at must be an instant of this age")
    rest = {name: value for name, value in fields.items() if name not in ("type", "at")}
    return Event(str(kind), rest, int(when.timestamp()))
