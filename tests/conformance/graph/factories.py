"""The stores that the suite runs on. Another store joins by one function and one line in FACTORIES."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

from graph.opening import GraphStore, open_graph
from graph.options import GraphOptions
from tests.servers.neo4j.server import Neo4jServer
from tests.servers.neo4j.shared import empty_neo4j

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


@asynccontextmanager
async def neo4j(_folder: Path) -> AsyncIterator[GraphStore]:
    """On a real server, which all tests of a process share, emptied first."""
    store = at(empty_neo4j())
    await store.upkeep.migrate()
    try:
        yield store
    finally:
        await store.upkeep.close()


def at(server: Neo4jServer) -> GraphStore:
    """The graph on a server."""
    return open_graph(server.address, GraphOptions(credentials=server.credentials))


FACTORIES: Mapping[str, Factory] = {"neo4j": neo4j, "sqlite": sqlite}
