"""Upkeep on SQLite: the layout, readiness, erasure, wrapped keys, dumps, the end."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from domain.errors import Invalid, KindredError, Unavailable
from domain.ids import KeyHash, PersonId
from graph.shapes import DumpPage
from graph.sqlite_store.dumping import Snapshot, fill
from graph.sqlite_store.forgetting import forget
from graph.sqlite_store.layout import NEWEST, bring_up, layout_of
from graph.sqlite_store.reading import Reading, known_range
from graph.sqlite_store.rekeying import OF_PEOPLE, OF_SOURCES, Page, rekey_page
from graph.sqlite_store.writing import WriteThread

_PAGE_SECONDS = 60.0
"""How long a load waits for the next page, the file's only writer waiting with it."""


class SqliteUpkeep:
    """Migrates, checks, erases in, rekeys, dumps, fills and closes one graph file with all its connections."""

    def __init__(self, path: Path, thread: WriteThread, files: tuple[Reading, ...]) -> None:
        self._path = path
        self._thread = thread
        self._files = files

    async def migrate(self) -> int:
        """As the port says. Makes the file (for its owner alone) and its folder where they are missing.

        Broken if the file is another database or of a later version of the hub; Unavailable if it cannot be made.
        """
        _make_private(self._path)
        return await self._thread.run(bring_up, create=True)

    async def ready(self) -> bool:
        """As the port says; never raises."""
        try:
            with self._files[0] as connection:
                return layout_of(connection) == NEWEST
        except KindredError:
            return False

    async def forget(self, persons: Sequence[PersonId], marks: Sequence[KeyHash]) -> int:
        """As the port says. Afterwards neither the file nor its log holds their bytes.

        Takes as long as the file is large: erase many at once. Unavailable if that could not be done because somebody
        still reads an older state or the disk is full: they are erased then, and a second call does the rest.
        """

        def job(connection: sqlite3.Connection) -> int:
            return forget(connection, known_range(persons), marks)

        count = await self._thread.run(job, references=False)
        await self._thread.scrub()
        return count

    async def rekey(self, rewrap: Callable[[bytes], bytes], size: int = 500) -> AsyncIterator[int]:
        """As the port says. `rewrap` runs on the writing thread; what it raises ends the run before its page.

        Invalid for a size below 1; Unavailable at the end as `forget`.
        """
        if size < 1:
            raise Invalid(field="size")
        seen = 0
        for keys in (OF_PEOPLE, OF_SOURCES):
            page = Page(size, None)
            while page.count == size:
                page = await self._thread.run(partial(rekey_page, keys=keys, after=page.last, size=size, rewrap=rewrap))
                if page.count:
                    seen += page.count
                    yield seen
        await self._thread.scrub()

    async def dump(self) -> AsyncIterator[DumpPage]:
        """As the port says. Writers do not wait either; the log grows until the last page was taken."""
        if self._thread.closed:
            raise Unavailable(cause="closed")
        snapshot = await asyncio.to_thread(Snapshot, self._path)
        try:
            while (page := await asyncio.to_thread(snapshot.page)) is not None:
                yield page
        finally:
            snapshot.close()

    async def load(self, pages: AsyncIterator[DumpPage]) -> int:
        """As the port says, in one transaction."""
        loop, given_up = asyncio.get_running_loop(), False

        def taken() -> Iterator[DumpPage]:
            while True:
                if given_up:
                    raise Unavailable(cause="given up")
                page = asyncio.run_coroutine_threadsafe(_next(pages), loop)
                try:
                    found = page.result(_PAGE_SECONDS)
                except TimeoutError:
                    page.cancel()
                    raise Unavailable(cause="the pages of a dump stopped coming") from None
                if found is None:
                    return
                yield found

        try:
            return await self._thread.run(lambda connection: fill(connection, taken()))
        except asyncio.CancelledError:
            given_up = True
            raise

    async def close(self) -> None:
        """As the port says. Waits for writes that were handed in; afterwards every call raises Unavailable."""
        await self._thread.close()
        for file in self._files:
            file.close()


async def _next(pages: AsyncIterator[DumpPage]) -> DumpPage | None:
    return await anext(pages, None)


def _make_private(path: Path) -> None:
    """An empty file that only its owner may read; SQLite gives its log files the same mode."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise Unavailable(cause=type(error).__name__) from None
