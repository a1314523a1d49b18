"""Bare inserts: the rows that a pull handed to the graph's writer, into a fresh file of the same layout.

The same thread, PRAGMAs, batches and durable commits as the store's; no checks, no comparing, no reading.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graph.opening import open_graph
from graph.port import Writer
from graph.shapes import Batch, Written
from graph.sqlite_store.writing import WriteThread

_BATCH = "INSERT INTO batch (seq, instant) VALUES (?, ?)"
_KEY = "INSERT OR IGNORE INTO source_key (key, source, wrapped, person, reason, seq) VALUES (?, ?, ?, ?, ?, ?)"
_CLAIM = "INSERT OR IGNORE INTO claim (claim, key, kind, source, seq, sealed) VALUES (?, ?, ?, ?, ?, ?)"
_PERSON = """INSERT INTO person (id, version, wrapped, facts) VALUES (?, ?, coalesce(?, ''), ?)
    ON CONFLICT (id) DO UPDATE SET version = excluded.version, facts = excluded.facts"""
_RECORD = """INSERT INTO record (id, sealed, since) VALUES (?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET sealed = excluded.sealed, since = excluded.since"""
_LINK = """INSERT OR REPLACE INTO link (person, place, other, kind, year, key, sealed, since)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)"""
_MEMBERSHIP = "INSERT OR REPLACE INTO membership (person, place, household, sealed, since) VALUES (?, ?, ?, ?, ?)"
_NATIONAL = "INSERT OR IGNORE INTO national (hash, person, seq) VALUES (?, ?, ?)"
_SEARCH = "INSERT OR IGNORE INTO search (key, person) VALUES (?, ?)"
_CURSOR = "INSERT OR REPLACE INTO cursor (source, sealed) VALUES (?, ?)"
_OUTBOX = "INSERT OR IGNORE INTO outbox (entry, sealed, seq) VALUES (?, ?, ?)"

Statements = list[tuple[str, list[tuple[Any, ...]]]]


@dataclass(frozen=True, slots=True)
class Inserted:
    """What bare inserting took: seconds by the clock, CPU seconds of the process, and how many rows."""

    seconds: float
    cpu: float
    rows: int


class Recorder:
    """A Writer that keeps every batch that was committed."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self.batches: list[Batch] = []

    async def write(self, batch: Batch) -> Written:
        """As the port says."""
        written = await self._writer.write(batch)
        self.batches.append(batch)
        return written

    def __getattr__(self, name: str) -> Any:
        return getattr(self._writer, name)


async def insert(batches: Sequence[Batch], file: Path) -> Inserted:
    """Insert the rows of the batches into `file`, made afresh."""
    made = open_graph(f"sqlite:///{file}")
    await made.upkeep.migrate()
    await made.upkeep.close()
    prepared = [rows_of(batch, sequence) for sequence, batch in enumerate(batches, 1)]
    rows = sum(len(rows) for statements in prepared for _, rows in statements)
    thread = WriteThread(file)
    clock, cpu = time.perf_counter(), time.process_time()
    for statements in prepared:
        await thread.run(job_of(statements))
    inserted = Inserted(time.perf_counter() - clock, time.process_time() - cpu, rows)
    await thread.close()
    return inserted


def job_of(statements: Statements) -> Callable[[sqlite3.Connection], None]:
    def job(connection: sqlite3.Connection) -> None:
        for sql, rows in statements:
            connection.executemany(sql, rows)

    return job


def rows_of(batch: Batch, seq: int) -> Statements:
    people = batch.people
    links = [(p.person, n, row) for p in people for n, row in enumerate(p.links or ())]
    members = [(p.person, n, row) for p in people for n, row in enumerate(p.memberships or ())]
    return [
        (_BATCH, [(seq, batch.instant)]),
        (_KEY, [(k.key, k.source, k.wrapped, k.person, k.reason, seq) for k in batch.keys]),
        (_CLAIM, [(c.claim, c.key, str(c.kind), c.source, seq, c.sealed) for c in batch.claims]),
        (_PERSON, [(p.person, p.base + 1, p.wrapped, p.facts) for p in people]),
        (_RECORD, [(p.person * 16 + number, sealed, seq) for p in people for number, sealed in p.records.items()]),
        (_LINK, [(i, n, row.other, str(row.kind), row.year, row.key, row.sealed, seq) for i, n, row in links]),
        (_MEMBERSHIP, [(i, n, row.household, row.sealed, seq) for i, n, row in members]),
        (_NATIONAL, sorted((hashed, p.person, seq) for p in people for hashed in p.nationals or ())),
        (_SEARCH, sorted((key, p.person) for p in people for key in p.searches or ())),
        (_CURSOR, [batch.cursor] if batch.cursor is not None else []),
        (_OUTBOX, [(row.entry, row.sealed, seq) for row in batch.outbox]),
    ]
