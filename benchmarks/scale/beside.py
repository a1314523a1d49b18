"""A Writer that writes every committed batch once more, barely, to a place beside the store, and clocks that apart.

Nothing is kept in memory, so that it serves a pull of any size: both sides see the same rows in the same minutes.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Protocol

from benchmarks.bare import job_of, rows_of
from graph.opening import open_graph
from graph.port import Writer
from graph.shapes import Batch, Written
from graph.sqlite_store.writing import WriteThread

Write = Callable[[], Awaitable[None]]


class Bare(Protocol):
    """Bare batched writes: no checks, no comparing, nothing read."""

    def prepare(self, batch: Batch, sequence: int) -> tuple[int, Write]:
        """How many rows a batch comes to, and what writes them."""
        ...

    async def close(self) -> None:
        """Let go of the place."""
        ...


class BareSqlite:
    """A file of the same layout, written by the store's own thread with its durable commits."""

    def __init__(self, file: Path) -> None:
        self._thread = WriteThread(file)

    @classmethod
    async def made(cls, file: Path) -> BareSqlite:
        """Make the file first."""
        store = open_graph(f"sqlite:///{file}")
        await store.upkeep.migrate()
        await store.upkeep.close()
        return cls(file)

    def prepare(self, batch: Batch, sequence: int) -> tuple[int, Write]:
        statements = rows_of(batch, sequence)

        async def write() -> None:
            await self._thread.run(job_of(statements))

        return sum(len(rows) for _, rows in statements), write

    async def close(self) -> None:
        await self._thread.close()


class Beside:
    """Writes to the store, then barely, and clocks the bare side and what it takes to prepare its rows."""

    def __init__(self, writer: Writer, bare: Bare) -> None:
        self._writer = writer
        self._bare = bare
        self._batches = 0
        self._rows = 0
        self._seconds = self._cpu = self._apart = self._apart_cpu = 0.0

    async def write(self, batch: Batch) -> Written:
        """As the port says; then the same rows barely."""
        written = await self._writer.write(batch)
        began, cpu = time.perf_counter(), time.process_time()
        self._batches += 1
        rows, write = self._bare.prepare(batch, self._batches)
        prepared, prepared_cpu = time.perf_counter(), time.process_time()
        await write()
        self._rows += rows
        self._seconds += time.perf_counter() - prepared
        self._cpu += time.process_time() - prepared_cpu
        self._apart += prepared - began
        self._apart_cpu += prepared_cpu - cpu
        return written

    def state(self) -> tuple[float, float, float, float, float]:
        """So far: rows, seconds and CPU of the bare side, seconds and CPU of preparing its rows, which is neither's."""
        return self._rows, self._seconds, self._cpu, self._apart, self._apart_cpu

    def __getattr__(self, name: str) -> Any:
        return getattr(self._writer, name)
