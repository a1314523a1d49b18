"""A connection for reads: synchronous, on the caller's loop, one snapshot at a time.

Synchronous on purpose: a household's facts take a tenth of a millisecond, and handing them to a thread costs more than
reading them. In WAL mode a read waits for no writer.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Any
from urllib.parse import quote

from domain.errors import Unavailable
from domain.ids import ID_BITS
from graph.sqlite_store.faults import translate

_STATEMENTS = 512
_MAPPED_BYTES = 1 << 30
_WAIT_SECONDS = 0.25
"""How long a read waits where it must (another process recovering the log): it stands still with the loop."""

_SIZES = (1, 2, 4, 8, 16, 32, 64, 128, 256, 500)
_END_OF_IDS = 1 << ID_BITS


def connect(path: Path, mode: str, wait: float) -> sqlite3.Connection:
    """Open the file (`mode`: rw never creates it, rwc does) without implicit transactions."""
    return sqlite3.connect(
        f"file:{quote(str(path))}?mode={mode}",
        uri=True,
        isolation_level=None,
        cached_statements=_STATEMENTS,
        check_same_thread=False,
        timeout=wait,
    )


class Reading:
    """A `with` block is one snapshot: all statements in it see the same committed state.

    Opened at first use; after an error the connection is thrown away and the next block opens a new one. Raises
    Unavailable and Broken, never an sqlite3 error. Blocks exclude each other; do not nest them, do not await in them.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = Lock()
        self._connection: sqlite3.Connection | None = None
        self._closed = False

    def __enter__(self) -> sqlite3.Connection:
        self._lock.acquire()
        try:
            if self._connection is None:
                self._connection = self._open()
            self._connection.execute("BEGIN")
        except BaseException as error:
            self._discard()
            self._lock.release()
            if isinstance(error, sqlite3.Error):
                raise translate(error) from None
            raise
        return self._connection

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None and self._connection is not None:
                self._connection.execute("COMMIT")
            else:
                self._discard()
        except sqlite3.Error as late:
            self._discard()
            raise translate(late) from None
        finally:
            self._lock.release()
        if isinstance(error, sqlite3.Error):
            raise translate(error) from None

    def close(self) -> None:
        """Close for good: later blocks raise Unavailable. A second call changes nothing."""
        with self._lock:
            self._closed = True
            self._discard()

    def _open(self) -> sqlite3.Connection:
        if self._closed:
            raise Unavailable(cause="closed")
        connection = connect(self._path, "rw", _WAIT_SECONDS)
        connection.execute("PRAGMA query_only = ON")
        connection.execute(f"PRAGMA mmap_size = {_MAPPED_BYTES}")
        return connection

    def _discard(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


def known_range(ids: Iterable[int]) -> list[int]:
    """The ids without repeats, in order, without those that no person can have (they would not fit a column)."""
    return [i for i in dict.fromkeys(ids) if 0 < i < _END_OF_IDS]


def select(connection: sqlite3.Connection, sql: str, values: list[Any], *more: int) -> list[Any]:
    """All rows of a query whose `IN ($)` is filled with `values`, 500 at a time; no promise of order across those.

    `more` binds the parameters behind the list.
    An empty list runs the statement too, so that the sequence of statements does not depend on what was found.
    """
    if len(values) <= _SIZES[-1]:
        return connection.execute(*_bound(sql, values, more)).fetchall()
    rows: list[Any] = []
    for start in range(0, len(values), _SIZES[-1]):
        rows += connection.execute(*_bound(sql, values[start : start + _SIZES[-1]], more)).fetchall()
    return rows


def _bound(sql: str, values: list[Any], more: tuple[int, ...]) -> tuple[str, tuple[Any, ...]]:
    """Pad to one of ten sizes by repeating the last value, so that the statement cache holds every text."""
    count = len(values)
    if not count:
        return _text(sql, 1), (None, *more)
    size = next(size for size in _SIZES if size >= count)
    return _text(sql, size), (*values, *(values[-1:] * (size - count)), *more)


@lru_cache(maxsize=_STATEMENTS)
def _text(sql: str, size: int) -> str:
    return sql.replace("$", ",".join("?" * size))
