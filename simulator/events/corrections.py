"""A record served again, right, or with fields set on purpose."""

from __future__ import annotations

from datetime import date

from simulator.errors.evidence import TrueCards
from simulator.events.history import Change, Event, History

_LIVED = ("registrations", "protection")  # what earlier events may have changed stays
_TEXTS = ("surname", "givenName", "patronymic", "birthSurname", "iin", "narrative", "status")
_DATES = ("birthDate", "deathDate", "event_date")


def correct(history: History, event: Event) -> tuple[list[Change], dict[str, str]]:
    """`recordId` (of any agency) as it is in truth; with `set`, some of its top-level fields as told."""
    row = history.latest(event.text("recordId"))
    told = event.fields.get("set", {})
    if not isinstance(told, dict):
        raise ValueError("set must be an object")
    if not row.record.startswith("DV-E"):
        agency, draft = history.draft(row.record)
        body = draft.make(TrueCards(history.block(row.record), agency))
        body.update({name: row.body[name] for name in _LIVED if name in row.body})
        row.body = body
    for name, value in told.items():
        if name not in row.body or name not in (*_TEXTS, *_DATES):
            raise ValueError("set names a field that cannot be set")
        if value is not None and not isinstance(value, str):
            raise ValueError("set gives texts")
        if value is not None and name in _DATES:
            date.fromisoformat(value)
        row.body[name] = value
    row.errors = [{"kind": "set", "field": name} for name in told]
    row.version += 1
    return [row], {}
