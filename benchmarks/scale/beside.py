"""A Writer that writes every committed batch once more, barely, into a file of its own, and clocks that apart.

Nothing is kept in memory, so that it serves a pull of any size: both sides see the same rows in the same minutes.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from benchmarks.bare import job_of, rows_of
from graph.opening import open_graph
from graph.port import Writer
from graph.shapes import Batch, Written
from graph.sqlite_store.writing import WriteThread


class Beside:
    """`rows`, `seconds` (by the clock, in which the pull stood still) and `cpu` (of this process) of the bare side."""

    def __init__(self, writer: Writer, file: Path) -> None:
        self._writer = writer
        self._thread = WriteThread(file)
        self._batches = 0
        self.rows = 0
        self.seconds = 0.0
        self.cpu = 0.0
        self._apart = 0.0
        self._apart_cpu = 0.0

    @staticmethod
    async def prepare(file: Path) -> None:
        """Make the file in the newest layout."""
        made = open_graph(f"sqlite:///{file}")
        await made.upkeep.migrate()
        await made.upkeep.close()

    async def write(self, batch: Batch) -> Written:
        """As the port says; then the same rows into the bare file."""
        written = await self._writer.write(batch)
        began, cpu = time.perf_counter(), time.process_time()
        self._batches += 1
        statements = rows_of(batch, self._batches)
        self.rows += sum(len(rows) for _, rows in statements)
        prepared, prepared_cpu = time.perf_counter(), time.process_time()
        await self._thread.run(job_of(statements))
        self.seconds += time.perf_counter() - prepared
        self.cpu += time.process_time() - prepared_cpu
        self._apart += prepared - began
        self._apart_cpu += prepared_cpu - cpu
        return written

    def state(self) -> tuple[float, float, float, float, float]:
        """So far: rows, seconds and CPU of the bare side, seconds and CPU of preparing its rows, which is neither's."""
        return self.rows, self.seconds, self.cpu, self._apart, self._apart_cpu

    def __getattr__(self, name: str) -> Any:
        return getattr(self._writer, name)

    async def close(self) -> None:
        """Let go of the bare file."""
        await self._thread.close()
