"""Where the graph of a hub under test lies, and all that it holds there, read behind the store's back."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.graph.neo4j_store.inside import everything
from tests.servers.neo4j.shared import empty_neo4j, neo4j_server

Graph = Mapping[str, Any]
"""What `settings_in` is given: nothing for the file in the hub's folder, else the server's address and credentials."""
Place = tuple[str, str]
"""A table, label or relationship type, and the column or property."""


def on_server() -> Graph:
    """The graph on a real Neo4j, which is emptied first."""
    server = empty_neo4j()
    return {"graph": server.address, "graph_credentials": server.credentials}


def contents(folder: Path, graph: Graph) -> dict[Place, list[Any]]:
    """Every value of every column, or of every property of every node and relationship."""
    if graph:
        found = everything(neo4j_server(restarted=True))
        return {(name, key): values for name, properties in found.items() for key, values in properties.items()}
    with closing(sqlite3.connect(folder / "graph.db")) as connection:
        return dict(_columns(connection))


def _columns(connection: sqlite3.Connection) -> Iterator[tuple[Place, list[Any]]]:
    for (table,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall():
        for _, column, *_ in connection.execute(f"PRAGMA table_info({table})").fetchall():
            yield (table, column), [value for (value,) in connection.execute(f"SELECT {column} FROM {table}")]
