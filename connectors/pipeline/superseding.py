"""Whom a later version of a source record no longer names: what earlier versions said of them is taken back.

Versions may come in any order, so it is asked of every record that a page touches, whichever version came now. Only
people in hand are looked at: those whom the page names, and those to whom a link of the same record leads from them.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass

from domain.claims import ClaimBody, ClaimKind
from domain.ids import KeyHash, PersonId
from domain.records.fold import Held

RecordName = tuple[str, str]
"""A source record: agency and record id."""


@dataclass(frozen=True, slots=True)
class Dropped:
    """A source key that the newest version no longer names, and the retraction that says so."""

    person: PersonId
    key: KeyHash
    body: ClaimBody


def dropped(claims: Iterable[tuple[PersonId, Held]], records: Container[RecordName]) -> list[Dropped]:
    """The retractions that are missing; none for a key whose newest claim is one already.

    Every person whom a version names has a claim of it, so a key without one at the newest version is not in it.
    """
    top: dict[RecordName, ClaimBody] = {}
    newest: dict[tuple[RecordName, PersonId, KeyHash], tuple[int, bool]] = {}
    for person, held in claims:
        body = held.body
        record = (body.source, body.record_id)
        if record not in records:
            continue
        if record not in top or body.version > top[record].version:
            top[record] = body
        last = (body.version, held.kind is ClaimKind.RETRACTION)
        newest[record, person, held.key] = max(last, newest.get((record, person, held.key), last))
    return [
        Dropped(person, key, _retraction(top[record], key))
        for (record, person, key), (version, retracted) in newest.items()
        if version < top[record].version and not retracted
    ]


def _retraction(top: ClaimBody, key: KeyHash) -> ClaimBody:
    return ClaimBody(top.source, top.record_id, top.version, f"dropped:{key.hex()}", top.event)
