"""The logical form read from one snapshot, and written into an empty file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path

from domain.errors import Invalid
from graph.dumping import PAGE, TABLES, Form
from graph.shapes import DumpPage
from graph.sqlite_store.faults import TRANSLATED
from graph.sqlite_store.naming import name_again
from graph.sqlite_store.reading import connect

_WAIT_SECONDS = 5.0

_DUMP: Mapping[str, str] = {
    "batch": "SELECT seq, instant FROM batch ORDER BY seq",
    "parting": "SELECT parted FROM meta WHERE parted > 0",
    "key": "SELECT key, source, wrapped, person, reason, seq FROM source_key ORDER BY key",
    "decision_past": "SELECT key, seq, person, reason FROM decision_past ORDER BY key, seq",
    "moved": "SELECT person, target, seq FROM moved ORDER BY person",
    "mark": "SELECT hash FROM mark ORDER BY hash",
    "person": "SELECT id, version, wrapped, facts FROM person ORDER BY id",
    "national": "SELECT hash, person, seq, place FROM national ORDER BY hash, person",
    "search": "SELECT key, person FROM search ORDER BY key, person",
    "claim": "SELECT claim, key, kind, source, seq, sealed FROM claim ORDER BY n",
    "record": "SELECT id >> 4, id & 15, since, sealed FROM record ORDER BY id",
    "record_past": "SELECT id >> 4, id & 15, since, until, sealed FROM record_past ORDER BY id, since",
    "link": "SELECT person, place, other, kind, year, key, since, sealed FROM link ORDER BY person, place",
    "link_past": """SELECT person, since, place, until, other, kind, year, key, sealed FROM link_past
        ORDER BY person, since, place""",
    "membership": "SELECT person, place, household, since, sealed FROM membership ORDER BY person, place",
    "membership_past": """SELECT person, since, place, until, household, sealed FROM membership_past
        ORDER BY person, since, place""",
    "cursor": "SELECT source, sealed FROM cursor ORDER BY source",
    "outbox": "SELECT entry, seq, sealed FROM outbox ORDER BY n",
}

_LOAD: Mapping[str, str] = {
    "batch": "INSERT INTO batch (seq, instant) VALUES (?, ?)",
    "parting": "UPDATE meta SET parted = ?",
    "key": "INSERT INTO source_key (key, source, wrapped, person, reason, seq) VALUES (?, ?, ?, ?, ?, ?)",
    "decision_past": "INSERT INTO decision_past (key, seq, person, reason) VALUES (?, ?, ?, ?)",
    "moved": "INSERT INTO moved (person, target, seq, named) VALUES (?1, ?2, ?3, ?2)",
    "mark": "INSERT INTO mark (hash) VALUES (?)",
    "person": "INSERT INTO person (id, version, wrapped, facts) VALUES (?, ?, ?, ?)",
    "national": "INSERT INTO national (hash, person, seq, place) VALUES (?, ?, ?, ?)",
    "search": "INSERT INTO search (key, person) VALUES (?, ?)",
    "claim": "INSERT INTO claim (claim, key, kind, source, seq, sealed) VALUES (?, ?, ?, ?, ?, ?)",
    "record": "INSERT INTO record (id, since, sealed) VALUES (?1 * 16 + ?2, ?3, ?4)",
    "record_past": "INSERT INTO record_past (id, since, until, sealed) VALUES (?1 * 16 + ?2, ?3, ?4, ?5)",
    "link": """INSERT INTO link (person, place, other, kind, year, key, since, sealed)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
    "link_past": """INSERT INTO link_past (person, since, place, until, other, kind, year, key, sealed)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
    "membership": "INSERT INTO membership (person, place, household, since, sealed) VALUES (?, ?, ?, ?, ?)",
    "membership_past": """INSERT INTO membership_past (person, since, place, until, household, sealed)
        VALUES (?, ?, ?, ?, ?, ?)""",
    "cursor": "INSERT INTO cursor (source, sealed) VALUES (?, ?)",
    "outbox": "INSERT INTO outbox (entry, seq, sealed) VALUES (?, ?, ?)",
}

_FILLED = """SELECT EXISTS (SELECT 1 FROM batch) OR EXISTS (SELECT 1 FROM mark) OR EXISTS (SELECT 1 FROM source_key)
    OR EXISTS (SELECT 1 FROM claim) OR EXISTS (SELECT 1 FROM person) OR EXISTS (SELECT 1 FROM cursor)
    OR EXISTS (SELECT 1 FROM outbox)"""
_WHOLE: Mapping[str, str] = {
    "decision_past": "SELECT EXISTS (SELECT 1 FROM decision_past WHERE key NOT IN (SELECT key FROM source_key))",
    "link_past": "SELECT EXISTS (SELECT 1 FROM link_past WHERE key NOT IN (SELECT key FROM source_key))",
}


class Snapshot:
    """One moment of a graph file, read page by page on a connection of its own. Blocking: run it beside the loop."""

    def __init__(self, path: Path) -> None:
        with TRANSLATED:
            self._connection = connect(path, "rw", _WAIT_SECONDS)
            self._connection.execute("PRAGMA query_only = ON")
            self._connection.execute("BEGIN")
        self._pages = self._read()

    def page(self) -> DumpPage | None:
        """The next page; None behind the last one."""
        with TRANSLATED:
            return next(self._pages, None)

    def close(self) -> None:
        """End the snapshot. A second call changes nothing."""
        self._connection.close()

    def _read(self) -> Iterator[DumpPage]:
        for table in TABLES:
            rows = self._connection.execute(_DUMP[table])
            while page := rows.fetchmany(PAGE):
                yield DumpPage(table, tuple(page))


def fill(connection: sqlite3.Connection, pages: Iterator[DumpPage]) -> int:
    """Write all pages into an empty file, inside the caller's transaction; how many rows. Invalid as the port says."""
    if connection.execute(_FILLED).fetchone()[0]:
        raise Invalid(field="store")
    form, count = Form(), 0
    for page in pages:
        form.check(page)
        try:
            connection.executemany(_LOAD[page.table], page.rows)
        except sqlite3.IntegrityError:
            raise Invalid(field=page.table) from None
        count += len(page.rows)
    for table, broken in _WHOLE.items():
        if connection.execute(broken).fetchone()[0]:
            raise Invalid(field=table)
    if not name_again(connection, [row[0] for row in connection.execute("SELECT person FROM moved")]):
        raise Invalid(field="moved")
    return count
