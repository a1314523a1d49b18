"""A Writer that writes every committed batch once more, barely, to a place beside the store, and clocks that apart.

Nothing is kept in memory, so that it serves a pull of any size: both sides see the same rows in the same minutes.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Spent:
    """Rows written; seconds by the clock; CPU seconds of this process and of the store's server, where there is one."""

    rows: int = 0
    seconds: float = 0.0
    cpu: float = 0.0
    server_cpu: float = 0.0

    def __add__(self, other: Spent) -> Spent:
        return Spent(
            self.rows + other.rows,
            self.seconds + other.seconds,
            self.cpu + other.cpu,
            self.server_cpu + other.server_cpu,
        )

    def __sub__(self, other: Spent) -> Spent:
        return self + Spent(-other.rows, -other.seconds, -other.cpu, -other.server_cpu)


ServerCpu = Callable[[], float]
"""CPU seconds that the store's server has used."""


def clocked(server: ServerCpu) -> Spent:
    """The clocks, now."""
    return Spent(0, time.perf_counter(), time.process_time(), server())


class Beside:
    """Writes to the store, then barely, and clocks the bare side and what it takes to prepare its rows."""

    def __init__(self, writer: Writer, bare: Bare, server: ServerCpu) -> None:
        self._writer = writer
        self._bare = bare
        self._server = server
        self.bare = Spent()
        self.apart = Spent()
        """What preparing the bare side's rows took, which is neither's."""

    async def write(self, batch: Batch) -> Written:
        """As the port says; then the same rows barely, under the same number."""
        written = await self._writer.write(batch)
        began = clocked(self._server)
        rows, write = self._bare.prepare(batch, written.sequence)
        prepared = clocked(self._server)
        await write()
        self.bare += clocked(self._server) - prepared + Spent(rows)
        self.apart += prepared - began
        return written

    def __getattr__(self, name: str) -> Any:
        return getattr(self._writer, name)
