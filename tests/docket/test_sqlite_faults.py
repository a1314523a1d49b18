"""What goes wrong under the docket on SQLite, and what is told of it: never a value, never half a batch."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import stat
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pytest

from docket import sqlite_lane
from docket.dossiers import Dossier, Outcome
from docket.opening import open_docket
from docket.store import DocketStore
from docket.tables import LAYOUT
from domain.errors import Broken, Invalid, Unavailable
from tests.docket.factories import RING, sqlite
from tests.docket.making import HASHER, case, grade, key, row
from vault.unsealing import Unsealer

ID = HASHER.label("dossier", "1")


def _bound(docket: DocketStore, pages: int) -> None:
    """Let the writer's file grow no further than `pages`: SQLite then says that the disk is full."""
    lane = docket._lane

    def bound() -> None:
        assert lane._writer is not None
        driver = cast(sqlite3.Connection, lane._writer.connection.driver_connection)
        driver.execute(f"PRAGMA max_page_count={pages}")

    lane._thread.submit(bound).result()


async def test_a_full_disk_is_unavailable_and_stores_nothing_of_the_batch(tmp_path: Path) -> None:
    docket = sqlite(tmp_path, RING)
    await docket.migrate()
    await docket.intake([row(0)])
    _bound(docket, 1)
    batch = [row(n, Outcome.REVIEW, raw=b"x" * 2000, protective=(grade("strict", 1),)) for n in range(1, 200)]
    with pytest.raises(Unavailable) as told:
        await docket.intake(batch)
    assert told.value.cause == "docket's store: SQLITE_FULL"
    assert told.value.__cause__ is None
    assert await docket.counts() == {("population", Outcome.ACCEPTED): 1}
    assert await docket.protection([key(1)]) == ()
    await docket.intake(batch)  # once there is room again, on a fresh connection, the same batch goes through
    assert sum((await docket.counts()).values()) == 200
    await docket.close()


async def test_a_lock_held_by_another_process_is_unavailable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_lane, "WRITE_BUSY_MS", 20)
    docket = sqlite(tmp_path, RING)
    await docket.migrate()
    other = sqlite3.connect(tmp_path / "docket.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable):
        await docket.intake([row(0)])
    assert await docket.counts() == {}  # reads go on
    other.execute("ROLLBACK")
    await docket.intake([row(0)])
    assert sum((await docket.counts()).values()) == 1
    other.close()
    await docket.close()


async def test_what_is_no_database_is_broken(tmp_path: Path) -> None:
    (tmp_path / "docket.db").write_bytes(b"not a database at all " * 500)
    docket = sqlite(tmp_path, RING)
    with pytest.raises(Broken):
        await docket.migrate()
    assert not await docket.ready()
    await docket.close()


@pytest.mark.parametrize("change", ["version = version + 1", "sealed = zeroblob(80)", "id = zeroblob(16)"])
async def test_a_changed_dossier_is_broken(tmp_path: Path, change: str) -> None:
    docket = sqlite(tmp_path, RING)
    await docket.migrate()
    await docket.save(Dossier(ID, "consent", (key(1),), "SECRETSTATE", 0, None, {"name": "SECRETNAME"}))
    await docket.intake([row(1, source="casework", document=case())])
    with sqlite3.connect(tmp_path / "docket.db") as db:
        db.execute(f"UPDATE dossier SET {change} WHERE id = ?", (ID,))
    db.close()
    with pytest.raises(Broken) as told:
        await docket.load(bytes(16) if "id =" in change else ID)
    assert "SECRET" not in "".join(traceback.format_exception(told.value))
    await docket.close()


async def test_a_changed_case_document_is_broken_not_absent(tmp_path: Path) -> None:
    """It could be the closure that cannot be read."""
    docket = sqlite(tmp_path, RING)
    await docket.migrate()
    await docket.intake([row(1, source="casework", document=case())])
    with sqlite3.connect(tmp_path / "docket.db") as db:
        db.execute("UPDATE dossier SET sealed = zeroblob(80)")
    db.close()
    with pytest.raises(Broken):
        await docket.case("CASE-000001", datetime(2026, 2, 1, tzinfo=UTC))
    await docket.close()


async def test_a_cancelled_write_is_whole_and_the_lane_goes_on(tmp_path: Path) -> None:
    docket = sqlite(tmp_path, RING)
    await docket.migrate()
    tasks = [asyncio.create_task(docket.intake([row(n * 100 + m) for m in range(50)])) for n in range(20)]
    await asyncio.sleep(0)
    for task in tasks[::2]:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await docket.intake([row(9999)])
    number = sum((await docket.counts()).values())
    assert number % 50 == 1
    assert number >= 501
    await docket.close()


async def test_more_writes_than_the_queue_holds_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_lane, "QUEUE", 3)
    docket = sqlite(tmp_path, RING)
    await docket.migrate()
    results = await asyncio.gather(*(docket.intake([row(n)]) for n in range(10)), return_exceptions=True)
    assert sum(isinstance(each, Unavailable) for each in results) == 7
    await docket.intake([row(50)])
    assert sum((await docket.counts()).values()) == 4
    await docket.close()


async def test_a_closed_docket_is_unavailable(tmp_path: Path) -> None:
    docket = sqlite(tmp_path, RING)
    await docket.migrate()
    waiting = asyncio.create_task(docket.intake([row(0)]))
    await asyncio.sleep(0)
    await docket.close()
    await docket.close()
    await waiting
    for call in (docket.intake([row(1)]), docket.counts(), docket.protection([key(1)])):
        with pytest.raises(Unavailable):
            await call
    assert not await docket.ready()
    again = sqlite(tmp_path, RING)
    assert await again.ready()
    assert sum((await again.counts()).values()) == 1
    await again.close()


async def test_the_files_are_their_owners_alone(tmp_path: Path) -> None:
    docket = sqlite(tmp_path, RING)
    await docket.migrate()
    modes = {name: stat.S_IMODE(os.stat(tmp_path / name).st_mode) for name in os.listdir(tmp_path)}
    assert set(modes) >= {"docket.db", "docket.db-wal"}
    assert set(modes.values()) == {0o600}
    await docket.close()


async def test_a_newer_layout_is_not_touched(tmp_path: Path) -> None:
    docket = sqlite(tmp_path, RING)
    assert not await docket.ready()
    assert await docket.migrate() == await docket.migrate() == LAYOUT
    assert await docket.ready()
    with sqlite3.connect(tmp_path / "docket.db") as db:
        db.execute("UPDATE docket_layout SET number = 99")
    db.close()
    assert not await docket.ready()
    with pytest.raises(Broken):
        await docket.migrate()
    await docket.close()


@pytest.mark.parametrize(
    "url", ["", "postgresql://h/d", "sqlite://", "sqlite:///:memory:", "sqlite:///a?mode=ro", "neo4j://h", "docket.db"]
)
def test_other_addresses_are_invalid(url: str) -> None:
    with pytest.raises(Invalid) as told:
        open_docket(url, RING, Unsealer(RING))
    assert told.value.field == "KINDRED_DOCKET"


def test_a_folder_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        open_docket(f"sqlite:///{tmp_path}/none/docket.db", RING, Unsealer(RING))
