"""Looking behind the store's door, for what only a test may see."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from graph.opening import GraphStore, open_graph


def at(path: Path) -> GraphStore:
    return open_graph(f"sqlite:///{path}")


async def on_writer(store: GraphStore, job: Callable[[sqlite3.Connection], Any]) -> Any:
    """Run `job` in a transaction on the connection that writes."""
    return await vars(store.writer)["_thread"].run(job)


async def statements(store: GraphStore, call: Callable[[], Any]) -> list[str]:
    """The statements that a read runs, as written (not expanded)."""
    await store.reader.sequence()
    connection: sqlite3.Connection = vars(vars(store.reader)["_file"])["_connection"]
    seen: list[str] = []
    connection.set_trace_callback(seen.append)
    try:
        await call()
    finally:
        connection.set_trace_callback(None)
    return seen
