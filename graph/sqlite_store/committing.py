"""What a batch does inside its transaction, top to bottom: compare, number, decide, keep, derive, hand over."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from domain.ids import KeyHash
from graph.checks import canonical
from graph.port import Stale
from graph.shapes import Batch, ClaimRow, OutboxRow, Written
from graph.sqlite_store.deciding import check_moved, compare_decisions, decide
from graph.sqlite_store.deriving import derive
from graph.sqlite_store.reading import select

_NEWEST = "SELECT seq, instant FROM batch ORDER BY seq DESC LIMIT 1"
_NUMBER = "INSERT INTO batch (seq, instant) VALUES (?, ?)"
_VERSIONS = "SELECT id, version FROM person WHERE id IN ($)"
_PARTED = "SELECT parted FROM meta"
_ADD_CLAIM = """INSERT INTO claim (claim, key, kind, source, seq, sealed) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (claim) DO NOTHING"""
_PUT_CURSOR = """INSERT INTO cursor (source, sealed) VALUES (?, ?)
    ON CONFLICT (source) DO UPDATE SET sealed = excluded.sealed"""
_ADD_ENTRY = "INSERT INTO outbox (entry, sealed, seq) VALUES (?, ?, ?) ON CONFLICT (entry) DO NOTHING"


def commit(connection: sqlite3.Connection, batch: Batch) -> Written:
    """Write a checked batch inside the caller's transaction. Raises Stale before anything is written.

    Invalid (field moves) if an id that the batch moves still stands elsewhere in the graph afterwards.
    """
    decided = _compare(connection, batch)
    sequence = number(connection, canonical(batch.instant))
    decide(connection, batch, decided, sequence)
    new_claims = _keep(connection, batch.claims, sequence)
    derive(connection, batch, sequence)
    check_moved(connection, batch)
    if batch.cursor is not None:
        connection.execute(_PUT_CURSOR, batch.cursor)
    _hand_over(connection, batch.outbox, sequence)
    return Written(sequence, new_claims, len(batch.claims) - new_claims)


def number(connection: sqlite3.Connection, instant: str) -> int:
    """The next sequence, its instant never before the last one's, wherever the clock has gone."""
    last, before = connection.execute(_NEWEST).fetchone() or (0, "")
    connection.execute(_NUMBER, (int(last) + 1, max(before, instant)))
    return int(last) + 1


def _compare(connection: sqlite3.Connection, batch: Batch) -> set[KeyHash]:
    """The keys of the batch that are decided already. Stale if anything that it rests on is not so any more."""
    versions = dict(select(connection, _VERSIONS, [write.person for write in batch.people]))
    stale = {write.person for write in batch.people if versions.get(write.person, 0) != write.base}
    decided, otherwise = compare_decisions(connection, batch)
    stale |= otherwise
    parted = batch.read_at is not None and connection.execute(_PARTED).fetchone()[0] > batch.read_at
    if parted:
        stale |= {write.person for write in batch.people}
    if stale or parted:
        raise Stale(frozenset(stale))
    return decided


def _keep(connection: sqlite3.Connection, claims: Sequence[ClaimRow], sequence: int) -> int:
    """Append the claims that are not there yet, in the batch's order; how many that were."""
    before = connection.total_changes
    connection.executemany(
        _ADD_CLAIM, [(row.claim, row.key, str(row.kind), row.source, sequence, row.sealed) for row in claims]
    )
    return connection.total_changes - before


def _hand_over(connection: sqlite3.Connection, outbox: Sequence[OutboxRow], sequence: int) -> None:
    connection.executemany(_ADD_ENTRY, [(row.entry, row.sealed, sequence) for row in outbox])
