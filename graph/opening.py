"""Opening a graph by its address: the one place that knows which stores there are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from domain.errors import Invalid
from graph.port import Reader, Upkeep, Writer
from graph.sqlite_store.reader import SqliteReader
from graph.sqlite_store.reading import Reading
from graph.sqlite_store.upkeep import SqliteUpkeep
from graph.sqlite_store.writer import SqliteWriter
from graph.sqlite_store.writing import WriteThread

SETTING = "KINDRED_GRAPH"


@dataclass(frozen=True, slots=True)
class GraphStore:
    """The three protocols of one store, as objects apart: none of them leads to another."""

    reader: Reader
    writer: Writer
    upkeep: Upkeep


def open_graph(url: str) -> GraphStore:
    """The store at `url`: `sqlite:///relative/file` or `sqlite:////absolute/file`.

    Touches nothing yet: files are opened at first use, made by `upkeep.migrate`. Raises Invalid (field KINDRED_GRAPH)
    for any other address. To be used from one event loop at a time.
    """
    path = _sqlite_path(url)
    thread, reads, folds = WriteThread(path), Reading(path), Reading(path)
    return GraphStore(SqliteReader(reads), SqliteWriter(thread, folds), SqliteUpkeep(path, thread, (reads, folds)))


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
