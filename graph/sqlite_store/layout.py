"""The tables, as a list of steps from an empty file to the newest layout. A step that was released is never edited."""

from __future__ import annotations

import sqlite3

from domain.errors import Broken
from graph.sqlite_store.layout_time import TIME

APPLICATION_ID = 0x4B474731
"""Marks the file as a graph, so that it is never mistaken for another database of the hub."""

_FIRST = (
    "CREATE TABLE meta (layout INTEGER NOT NULL) STRICT",
    "INSERT INTO meta VALUES (0)",
    "CREATE TABLE batch (seq INTEGER PRIMARY KEY, instant TEXT NOT NULL) STRICT",
    """CREATE TABLE source_key (
        key BLOB PRIMARY KEY, source TEXT NOT NULL, wrapped BLOB NOT NULL, person INTEGER NOT NULL,
        reason TEXT NOT NULL, seq INTEGER NOT NULL) STRICT, WITHOUT ROWID""",
    "CREATE INDEX source_key_person ON source_key (person)",
    # The row id is the recorded order.
    """CREATE TABLE claim (
        n INTEGER PRIMARY KEY, claim BLOB NOT NULL UNIQUE, key BLOB NOT NULL, kind TEXT NOT NULL,
        source TEXT NOT NULL, seq INTEGER NOT NULL, sealed BLOB NOT NULL) STRICT""",
    "CREATE INDEX claim_key ON claim (key)",
    """CREATE TABLE person (
        id INTEGER PRIMARY KEY, version INTEGER NOT NULL, wrapped BLOB NOT NULL, facts BLOB NOT NULL) STRICT""",
    # `place` keeps the order in which one batch stated an id for several people.
    """CREATE TABLE national (
        hash BLOB NOT NULL, person INTEGER NOT NULL, seq INTEGER NOT NULL, place INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (hash, person)) STRICT, WITHOUT ROWID""",
    "CREATE INDEX national_person ON national (person)",
    """CREATE TABLE search (
        key BLOB NOT NULL, person INTEGER NOT NULL, PRIMARY KEY (key, person)) STRICT, WITHOUT ROWID""",
    "CREATE INDEX search_person ON search (person)",
    # id = person * 16 + category: all payloads of a person lie side by side and one exact IN reads them.
    "CREATE TABLE record (id INTEGER PRIMARY KEY, sealed BLOB NOT NULL) STRICT",
    # A person's links lie together; `place` keeps apart two marriages of the same two people.
    """CREATE TABLE link (
        person INTEGER NOT NULL, place INTEGER NOT NULL, other INTEGER NOT NULL, kind TEXT NOT NULL,
        year INTEGER NOT NULL, key BLOB NOT NULL REFERENCES source_key (key), sealed BLOB NOT NULL,
        PRIMARY KEY (person, place)) STRICT, WITHOUT ROWID""",
    "CREATE INDEX link_other ON link (other)",
    """CREATE TABLE membership (
        person INTEGER NOT NULL, place INTEGER NOT NULL, household INTEGER NOT NULL, sealed BLOB NOT NULL,
        PRIMARY KEY (person, place)) STRICT, WITHOUT ROWID""",
    "CREATE INDEX membership_household ON membership (household, person)",
    "CREATE TABLE cursor (source TEXT PRIMARY KEY, sealed BLOB NOT NULL) STRICT, WITHOUT ROWID",
    # The row id is the order in which entries were handed over.
    """CREATE TABLE outbox (
        n INTEGER PRIMARY KEY, entry BLOB NOT NULL UNIQUE, sealed BLOB NOT NULL, seq INTEGER NOT NULL) STRICT""",
)

STEPS: tuple[tuple[str, ...], ...] = (_FIRST, TIME)
NEWEST = len(STEPS)


def layout_of(connection: sqlite3.Connection) -> int:
    """The layout of an open file: 0 for an empty one. Broken if the file is some other database or of a later hub."""
    (mark,) = connection.execute("PRAGMA application_id").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    if mark != APPLICATION_ID:
        if mark != 0 or tables:
            raise Broken(cause="not a graph file")
        return 0
    (layout,) = connection.execute("SELECT layout FROM meta").fetchone()
    if layout > NEWEST:
        raise Broken(cause="layout of a later version")
    return int(layout)


def bring_up(connection: sqlite3.Connection) -> int:
    """Run the missing steps inside the caller's transaction; returns the newest layout."""
    for step in STEPS[layout_of(connection) :]:
        for statement in step:
            connection.execute(statement)
    connection.execute("UPDATE meta SET layout = ?", (NEWEST,))
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    return NEWEST
