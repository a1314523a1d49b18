"""The file itself: made private, of a known layout, durable."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from domain.errors import Broken, Unavailable
from graph.opening import GraphStore
from graph.sqlite_store.layout import NEWEST
from tests.conformance.graph.making import batch, ids, person
from tests.graph.sqlite_store.inside import at, on_writer


def _names(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir()}


def _damage(path: Path, start: int) -> None:
    """Overwrite everything from `start` on with what is no page of a database."""
    kept = path.read_bytes() if path.exists() else b""
    path.write_bytes(kept[:start] + b"\xff" * max(8192, len(kept) - start))


async def test_a_file_that_is_not_there_is_not_made_by_use(path: Path) -> None:
    store = at(path)
    assert not await store.upkeep.ready()
    with pytest.raises(Unavailable):
        await store.reader.sequence()
    with pytest.raises(Unavailable):
        await store.writer.write(batch())
    assert _names(path.parent) == set()
    # Made while the store is open, it is found.
    assert await store.upkeep.migrate() == NEWEST
    assert await store.upkeep.ready()
    assert await store.reader.sequence() == 0
    await store.upkeep.close()


async def test_the_file_and_its_logs_are_their_owners_alone(tmp_path: Path) -> None:
    store = at(tmp_path / "new" / "folder" / "graph.db")
    await store.upkeep.migrate()
    await store.writer.write(batch(person(1)))
    files = list((tmp_path / "new" / "folder").iterdir())
    assert {file.name for file in files} == {"graph.db", "graph.db-wal", "graph.db-shm"}
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    await store.upkeep.close()


async def test_a_folder_that_cannot_be_made_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    store = at(tmp_path / "file" / "graph.db")
    with pytest.raises(Unavailable):
        await store.upkeep.migrate()
    await store.upkeep.close()


async def test_commits_are_durable(store: GraphStore) -> None:
    def pragmas(connection: sqlite3.Connection) -> list[object]:
        names = ("journal_mode", "synchronous", "foreign_keys")
        return [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in names]

    assert await on_writer(store, pragmas) == ["wal", 2, 1]


async def test_the_reader_cannot_write(store: GraphStore) -> None:
    await store.reader.sequence()
    connection = vars(vars(store.reader)["_file"])["_connection"]
    with pytest.raises(sqlite3.OperationalError):
        connection.execute("DELETE FROM batch")


async def test_a_later_layout_is_left_alone(store: GraphStore, path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE meta SET layout = 999")
        connection.commit()
    assert not await store.upkeep.ready()
    with pytest.raises(Broken):
        await store.upkeep.migrate()
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT layout FROM meta").fetchone() == (999,)


async def test_another_database_is_left_alone(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE outbox (other TEXT)")
    store = at(path)
    with pytest.raises(Broken):
        await store.upkeep.migrate()
    assert not await store.upkeep.ready()
    await store.upkeep.close()
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT name FROM sqlite_schema").fetchall() == [("outbox",)]


async def test_a_damaged_file_is_broken(path: Path) -> None:
    _damage(path, 0)
    store = at(path)
    with pytest.raises(Broken) as refused:
        await store.reader.sequence()
    assert refused.value.cause == "SQLITE_NOTADB"
    with pytest.raises(Broken):
        await store.writer.write(batch())
    assert not await store.upkeep.ready()
    await store.upkeep.close()


async def test_damaged_pages_are_broken(store: GraphStore, path: Path) -> None:
    await store.writer.write(batch(*(person(i, records={0: b"r" * 500}) for i in range(1, 600))))
    await store.upkeep.close()
    _damage(path, 4096)
    again = at(path)
    with pytest.raises(Broken) as refused:
        await again.reader.facts(ids(1))
    assert refused.value.cause == "SQLITE_CORRUPT"
    await again.upkeep.close()
