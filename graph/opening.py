"""Opening a graph by its address: the one place that knows which stores there are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from domain.errors import Invalid
from graph.options import GraphOptions
from graph.port import Reader, Upkeep, Writer
from graph.sqlite_store.reader import SqliteReader
from graph.sqlite_store.reading import Reading
from graph.sqlite_store.upkeep import SqliteUpkeep
from graph.sqlite_store.writer import SqliteWriter
from graph.sqlite_store.writing import WriteThread

SETTING = "KINDRED_GRAPH"
_NEO4J = frozenset({"neo4j", "bolt"})


@dataclass(frozen=True, slots=True)
class GraphStore:
    """The three protocols of one store, as objects apart: none of them leads to another."""

    reader: Reader
    writer: Writer
    upkeep: Upkeep


def open_graph(url: str, options: GraphOptions | None = None) -> GraphStore:
    """The store at `url`: `sqlite:///relative/file`, `sqlite:////absolute/file`, or `neo4j://host:port` (`bolt://` for
    one server without routing, `+s` for TLS), which `options` are for.

    Touches nothing yet: files are opened and servers reached at first use. Raises Invalid (field KINDRED_GRAPH) for any
    other address, and for credentials in one; as `Access.read` for those of a Neo4j. To be used from one event loop at
    a time.
    """
    if url.partition("://")[0].partition("+")[0] in _NEO4J:
        return _neo4j(url, options or GraphOptions())
    path = _sqlite_path(url)
    thread, reads, folds = WriteThread(path), Reading(path), Reading(path)
    return GraphStore(SqliteReader(reads), SqliteWriter(thread, folds), SqliteUpkeep(path, thread, (reads, folds)))


def _neo4j(url: str, options: GraphOptions) -> GraphStore:
    # Imported here: the driver takes 0.13 s to load, which whoever runs the embedded store need not wait for.
    from graph.neo4j_store.access import Access
    from graph.neo4j_store.connection import Connection
    from graph.neo4j_store.reader import Neo4jReader
    from graph.neo4j_store.upkeep import Neo4jUpkeep
    from graph.neo4j_store.writer import Neo4jWriter

    connection = Connection(Access.read(url, options))
    return GraphStore(Neo4jReader(connection), Neo4jWriter(connection), Neo4jUpkeep(connection))


def _sqlite_path(url: str) -> Path:
    try:
        parts = urlsplit(url)
    except ValueError:
        raise Invalid(field=SETTING) from None
    name = unquote(parts.path).removeprefix("/")
    plain = not (parts.netloc or parts.query or parts.fragment)
    if parts.scheme != "sqlite" or not plain or not url.startswith("sqlite:///") or name in {"", ":memory:"}:
        raise Invalid(field=SETTING)
    return Path(name)
