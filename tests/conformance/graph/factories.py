"""The stores that the suite runs on. Another store joins by one function and one line in FACTORIES."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

from graph.opening import GraphStore, open_graph

Factory = Callable[[Path], AbstractAsyncContextManager[GraphStore]]
"""Gives an empty, migrated store that may use the folder, and closes it."""


@asynccontextmanager
async def sqlite(folder: Path) -> AsyncIterator[GraphStore]:
    store = open_graph(f"sqlite:///{folder / 'graph.db'}")
    await store.upkeep.migrate()
    try:
        yield store
    finally:
        await store.upkeep.close()


FACTORIES: Mapping[str, Factory] = {"sqlite": sqlite}
