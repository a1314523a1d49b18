"""How statements reach SQLite: reads at once on the loop, writes one after the other in a thread of their own.

Point reads take some tens of microseconds; a thread would double that, so that they run where they are asked for. WAL
lets them go on during a commit. A write is one `BEGIN IMMEDIATE` transaction, on disk (`synchronous=FULL`) when it
returns. At most `QUEUE` writes wait; more are refused as Unavailable.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from docket.statements import Query
from domain.errors import Broken, KindredError, Unavailable

T = TypeVar("T")

QUEUE = 256
WRITE_SECONDS = 30.0
"""How long a caller waits for a write, its queue included; whether it was committed is then not known."""
READ_BUSY_MS = 250
WRITE_BUSY_MS = 5_000
_BROKEN = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR, sqlite3.SQLITE_MISMATCH})


class SqliteLane:
    """One file, one reading connection on the loop, one writing connection in its thread."""

    def __init__(self, path: str) -> None:
        with _translated():
            _make_private(path)
            self._read_engine = _engine(path, READ_BUSY_MS, "AUTOCOMMIT")
            self._write_engine = _engine(path, WRITE_BUSY_MS, None)
        self._reader: Connection | None = None
        self._driver: sqlite3.Connection | None = None
        self._writer: Connection | None = None
        self._thread = ThreadPoolExecutor(1, "docket-writer")
        self._room = threading.BoundedSemaphore(QUEUE)
        self._closed = False

    @property
    def dialect(self) -> Any:
        """The dialect to compile statements for."""
        return self._read_engine.dialect

    def read(self, query: Query, values: Sequence[Any]) -> Sequence[Any]:
        """All rows of a compiled statement. Called on the loop; never waits longer than `READ_BUSY_MS` for a lock."""
        if self._closed:
            raise Unavailable(cause="docket closed")
        with _translated():
            if self._driver is None:
                self._reader = self._read_engine.connect()
                self._driver = cast(sqlite3.Connection, self._reader.connection.driver_connection)
            # The driver's own cursor: SQLAlchemy's result objects cost as much again as a point read.
            return self._driver.execute(query.sql, (*values, *query.tail)).fetchall()

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in one transaction; committed whole, or not at all if it raises.

        Cancelling the wait leaves the transaction to finish or never begins it.
        """
        if self._closed:
            raise Unavailable(cause="docket closed")
        if not self._room.acquire(blocking=False):
            raise Unavailable(cause="docket's queue of writes is full")
        try:
            future = self._thread.submit(self._transact, work)
        except RuntimeError:
            self._room.release()
            raise Unavailable(cause="docket closed") from None
        future.add_done_callback(lambda _: self._room.release())
        try:
            return await asyncio.wait_for(asyncio.wrap_future(future), WRITE_SECONDS)
        except TimeoutError:
            raise Unavailable(cause="docket's write took too long") from None

    async def empty_log(self) -> None:
        """Build the file anew and cut its log off, so that nothing of what was deleted stays in either.

        Takes as long as the file is large. Raises Unavailable if somebody still reads an older state: call it again.
        """
        try:
            busy = await asyncio.wait_for(asyncio.wrap_future(self._thread.submit(self._empty)), WRITE_SECONDS)
        except (RuntimeError, TimeoutError):
            raise Unavailable(cause="docket's log was not emptied") from None
        if busy:
            raise Unavailable(cause="docket's log is still read")

    def _empty(self) -> bool:
        with _translated():
            if self._writer is None:
                self._writer = self._write_engine.connect()
            driver = cast(sqlite3.Connection, self._writer.connection.driver_connection)
            driver.execute("VACUUM")
            (busy, _, _) = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            return bool(busy)

    def _transact(self, work: Callable[[Connection], T]) -> T:
        with _translated():
            if self._writer is None:
                self._writer = self._write_engine.connect()
            try:
                with self._writer.begin():
                    return work(self._writer)
            except (SQLAlchemyError, sqlite3.Error):
                broken, self._writer = self._writer, None  # the next write begins on a connection without a past
                broken.close()
                raise

    async def close(self) -> None:
        """Let the writes that wait finish, then release the file. A second call changes nothing."""
        if self._closed:
            return
        self._closed = True
        await asyncio.to_thread(self._thread.shutdown, wait=True)
        for connection in (self._reader, self._writer):
            if connection is not None:
                connection.close()
        self._read_engine.dispose()
        self._write_engine.dispose()


def _make_private(path: str) -> None:
    """Make a missing file readable by its owner alone; SQLite gives its -wal and -shm the same mode."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))


def _engine(path: str, busy_ms: int, isolation: str | None) -> Engine:
    engine = create_engine(
        URL.create("sqlite", database=path),
        poolclass=NullPool,
        hide_parameters=True,
        connect_args={"check_same_thread": False, "cached_statements": 512},
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # no BEGIN of the driver's own
        # Damaged text comes as text that fails later, at its own row, instead of failing the whole read.
        connection.text_factory = partial(str, encoding="utf-8", errors="surrogateescape")
        for pragma in (f"busy_timeout={busy_ms}", "journal_mode=WAL", "synchronous=FULL", "secure_delete=ON"):
            connection.execute(f"PRAGMA {pragma}").fetchall()

    if isolation is None:

        @event.listens_for(engine, "begin")
        def begin(connection: Connection) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

        return engine
    return engine.execution_options(isolation_level=isolation)


@contextmanager
def _translated() -> Iterator[None]:
    """SQLite's errors as ours. Their texts, which may hold values, are left behind."""
    try:
        yield
    except KindredError:
        raise
    except DBAPIError as error:
        raise _as_ours(error.orig) from None
    except (sqlite3.Error, SQLAlchemyError) as error:
        raise _as_ours(error) from None
    except OSError as error:
        raise Unavailable(cause=f"docket's file: errno {error.errno}") from None


def _as_ours(error: BaseException | None) -> KindredError:
    name = getattr(error, "sqlite_errorname", type(error).__name__)
    code = getattr(error, "sqlite_errorcode", None)
    if not isinstance(error, sqlite3.OperationalError) or code is None or code & 0xFF in _BROKEN:
        return Broken(cause=f"docket's store: {name}")
    return Unavailable(cause=f"docket's store: {name}")
