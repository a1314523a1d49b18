"""Where things came from: claims with their sources and instants, and the decisions about keys."""

from __future__ import annotations

import sqlite3

from domain.claims import ClaimKind
from domain.ids import KeyHash
from graph.shapes import DecisionRow, LineageRow, Origin
from graph.sqlite_store.reading import select

_LINEAGE = """SELECT k.person, c.n, c.claim, c.source, c.kind, c.seq, b.instant FROM source_key k
    CROSS JOIN claim c ON c.key = k.key CROSS JOIN batch b ON b.seq = c.seq WHERE k.person IN ($)"""
_ORIGINS = """SELECT c.claim, k.person, c.source, c.kind, c.seq, b.instant, c.key, k.wrapped, c.sealed FROM claim c
    CROSS JOIN source_key k ON k.key = c.key CROSS JOIN batch b ON b.seq = c.seq WHERE c.claim IN ($)"""
_KEYS_NOW = "SELECT key FROM source_key WHERE person IN ($)"
_KEYS_ONCE = "SELECT key FROM decision_past WHERE person IN ($)"
_IN_FORCE = "SELECT seq, key, person, reason FROM source_key WHERE key IN ($)"
_REPLACED = "SELECT seq, key, person, reason FROM decision_past WHERE key IN ($)"

_KIND = {str(kind): kind for kind in ClaimKind}


def lineage(connection: sqlite3.Connection, ids: list[int]) -> tuple[LineageRow, ...]:
    """The claims on the keys of these people, in the order of the people, each one's in recorded order."""
    rows = select(connection, _LINEAGE, ids)
    rank = {person: place for place, person in enumerate(ids)}
    rows.sort(key=lambda row: (rank[row[0]], row[1]))
    return tuple(
        LineageRow(person, claim, source, _KIND[kind], sequence, instant)
        for person, _, claim, source, kind, sequence, instant in rows
    )


def origins(connection: sqlite3.Connection, claims: list[bytes]) -> tuple[Origin, ...]:
    """The claims of these ids with where they came from, in the order asked."""
    found = {row[0]: row for row in select(connection, _ORIGINS, claims)}
    return tuple(
        Origin(claim, person, source, _KIND[kind], sequence, instant, KeyHash(key), wrapped, sealed)
        for claim, person, source, kind, sequence, instant, key, wrapped, sealed in (
            found[asked] for asked in claims if asked in found
        )
    )


def decisions(connection: sqlite3.Connection, ids: list[int]) -> tuple[DecisionRow, ...]:
    """All decisions about the keys that are or were one of these people's, ascending (sequence, key)."""
    keys = {key for sql in (_KEYS_NOW, _KEYS_ONCE) for (key,) in select(connection, sql, ids)}
    asked = sorted(keys)
    rows = [*select(connection, _IN_FORCE, asked), *select(connection, _REPLACED, asked)]
    return tuple(DecisionRow(KeyHash(key), person, reason, sequence) for sequence, key, person, reason in sorted(rows))
