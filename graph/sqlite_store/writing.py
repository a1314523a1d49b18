"""The one thread that writes: its own connection, one durable transaction at a time."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import BoundedSemaphore
from typing import TypeVar

from domain.errors import Unavailable
from graph.sqlite_store.faults import TRANSLATED
from graph.sqlite_store.reading import connect

T = TypeVar("T")

_WAITING = 64
"""Transactions that may wait for the thread; one more is turned away."""

_WAIT_SECONDS = 5.0
"""How long a transaction waits for another process's."""

_CACHE_KIB = 65_536
_CHECKPOINT_PAGES = 4_000


class WriteThread:
    """Runs jobs, each in a transaction (BEGIN IMMEDIATE, synchronous=FULL), in the order they were handed in.

    Cancelling the wait never tears a transaction: a job that has begun runs to its end and commits or does not, one
    that has not begun never runs. Raises Unavailable when too many wait, when another process holds the file for
    longer than five seconds, and after `close`.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="graph-writer")
        self._places = BoundedSemaphore(_WAITING)
        self._connection: sqlite3.Connection | None = None
        self._closed = False

    async def run(self, job: Callable[[sqlite3.Connection], T], *, create: bool = False, references: bool = True) -> T:
        """Run `job` in a transaction and answer what it answers, after the commit is on disk.

        `create` makes the file if it is not there. `references` off leaves it to the job that no link outlives its
        key: a key that is deleted costs a look through all links else. A job that raises is rolled back whole.
        """
        return await self._hand_in(lambda: self._transaction(job, create, references))

    @property
    def closed(self) -> bool:
        """Whether `close` was called."""
        return self._closed

    async def scrub(self) -> None:
        """Build the file anew out of what it holds, and cut the log to nothing: nothing deleted is left in either.

        Overwriting what is deleted is not enough: pages that were balanced keep copies between their rows. Takes as
        long as the file is large, writers waiting. Raises Unavailable if somebody still reads an older state after
        five seconds, or the disk has no room for a second copy: call it again.
        """
        await self._hand_in(self._rebuild)

    async def _hand_in(self, work: Callable[[], T]) -> T:
        if self._closed:
            raise Unavailable(cause="closed")
        if not self._places.acquire(blocking=False):
            raise Unavailable(cause="too many writes wait")
        try:
            future: Future[T] = self._executor.submit(work)
        except BaseException:
            self._places.release()
            raise
        future.add_done_callback(lambda _: self._places.release())
        return await asyncio.wrap_future(future)

    async def close(self) -> None:
        """Wait for what has been handed in, then release file and thread. A second call changes nothing."""
        if self._closed:
            return
        self._closed = True
        self._executor.submit(self._discard)
        await asyncio.to_thread(self._executor.shutdown)

    def _rebuild(self) -> None:
        with TRANSLATED:
            try:
                connection = self._opened(create=False)
                connection.execute("VACUUM")
                busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            except sqlite3.Error:
                self._discard()
                raise
        if busy:
            raise Unavailable(cause="the log is being read")

    def _transaction(self, job: Callable[[sqlite3.Connection], T], create: bool, references: bool) -> T:
        with TRANSLATED:
            try:
                connection = self._opened(create)
                connection.execute(f"PRAGMA foreign_keys = {'ON' if references else 'OFF'}")
                connection.execute("BEGIN IMMEDIATE")
                answer = job(connection)
                connection.execute("COMMIT")
            except sqlite3.Error:
                # Whatever state the connection is in, closing it rolls back; the next job opens a new one.
                self._discard()
                raise
            except BaseException:
                self._roll_back()
                raise
            return answer

    def _opened(self, create: bool) -> sqlite3.Connection:
        if self._connection is None:
            connection = self._connection = connect(self._path, "rwc" if create else "rw", _WAIT_SECONDS)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA secure_delete = ON")
            connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
            connection.execute(f"PRAGMA wal_autocheckpoint = {_CHECKPOINT_PAGES}")
        return self._connection

    def _roll_back(self) -> None:
        if self._connection is not None and self._connection.in_transaction:
            self._connection.execute("ROLLBACK")

    def _discard(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()
