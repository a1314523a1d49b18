"""Connections to the ledger's SQLite file: one engine that writes durably, one that can only read."""

from __future__ import annotations

import os
import sqlite3

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import ConnectionPoolEntry

from domain.errors import Invalid, Unavailable

SETTING = "KINDRED_LEDGER"
BUSY_SECONDS = 5.0
"""How long a write waits for another process's write."""
READ_BUSY_SECONDS = 0.25
"""How long a read waits where it must (another process recovering the log): reads may stand still with the loop."""


def database_path(url: str) -> str:
    """The file of a `sqlite:///path` address. Raises Invalid for any other."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise Invalid(field=SETTING, fix="ledger.address", cause="not a database address") from None
    if parsed.drivername not in {"sqlite", "sqlite+pysqlite"} or parsed.database in {None, "", ":memory:"}:
        raise Invalid(field=SETTING, fix="ledger.address", cause=f"unsupported store: {parsed.drivername}")
    return str(parsed.database)


def writing(url: str, busy_seconds: float = BUSY_SECONDS) -> Engine:
    """An engine whose transactions are on the disk when they return, and begin by taking the write lock.

    Taking the lock first lets several processes append: what a transaction read of the head still holds as it writes.
    Makes a missing file, for its owner alone. Raises Unavailable if it cannot be made or opened.
    """
    _make_private(database_path(url))
    return _engine(url, busy_seconds, ("journal_mode=WAL", "synchronous=FULL"), "BEGIN IMMEDIATE")


def reading(url: str) -> Engine:
    """An engine that cannot write; each transaction sees one state of the log."""
    return _engine(url, READ_BUSY_SECONDS, ("query_only=ON",), "BEGIN")


def _make_private(path: str) -> None:
    """An empty file that only its owner may read; SQLite gives its -wal and -shm the same mode."""
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise Unavailable(cause=f"ledger's file: errno {error.errno}") from None


def _engine(url: str, busy_seconds: float, pragmas: tuple[str, ...], begin: str) -> Engine:
    path = database_path(url)
    engine = create_engine(
        f"sqlite:///{path}",
        pool_size=1,
        max_overflow=4,
        connect_args={"timeout": busy_seconds, "check_same_thread": False, "cached_statements": 128},
    )

    def connected(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # the driver would begin by itself, late and without the lock
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}").close()

    def begun(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    event.listen(engine, "connect", connected)
    event.listen(engine, "begin", begun)
    return engine
