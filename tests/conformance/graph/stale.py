"""A graph whose reads come from a replica some batches behind, as a cluster's may.

What policy must know is asked of whoever takes the writes. Any other read is answered by the replica once it has all
that was told before it (a bookmark); where it does not catch up, the read fails. `keeps_promise` off is a store that
answers everything from the replica: the control, for nothing above the port could tell.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from domain.errors import Unavailable
from graph.opening import GraphStore
from graph.port import Reader
from tests.conformance.graph.factories import sqlite

FRESH = frozenset({"sequence", "find", "owners", "facts", "links", "ties", "former", "suppressed"})
"""The reads that are never older than the newest committed batch, as the port says."""


class Lagging:
    """A Reader over two states of one graph."""

    def __init__(self, newest: Reader, replica: Reader, *, keeps_promise: bool = True) -> None:
        self._newest = newest
        self._replica = replica
        self._keeps_promise = keeps_promise
        self._told = 0
        self.late = 0

    def __getattr__(self, name: str) -> Any:
        if not self._keeps_promise:
            return getattr(self._replica, name)

        async def fresh(*given: Any, **named: Any) -> Any:
            answer = await getattr(self._newest, name)(*given, **named)
            self._told = await self._newest.sequence()
            return answer

        async def waits(*given: Any, **named: Any) -> Any:
            if await self._replica.sequence() < self._told:
                self.late += 1
                raise Unavailable(cause="the replica does not catch up")
            return await getattr(self._replica, name)(*given, **named)

        return fresh if name in FRESH else waits


@asynccontextmanager
async def frozen(store: GraphStore, folder: Path) -> AsyncIterator[Reader]:
    """The state of a store at this moment, which later batches do not reach."""
    folder.mkdir(parents=True, exist_ok=True)
    async with sqlite(folder) as copy:
        await copy.upkeep.load(store.upkeep.dump())
        yield copy.reader
