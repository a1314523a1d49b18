"""Every column is declared clear, keyed or sealed; and nothing of what was put in lies in the files."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from docket.dossiers import Dossier, Outcome
from docket.tables import CLEAR_COLUMNS, KEYED_COLUMNS, SEALED_COLUMNS
from domain.errors import Broken
from tests.docket.factories import RING, sqlite, stored_bytes
from tests.docket.making import HASHER, case, grade, key, report, row, warrant
from tests.vault.rings import clear_ring
from vault.key_ring import KeyRing
from vault.unsealing import Unsealer

MARKERS = [b"MARKER-" + what for what in (b"RAW", b"TEXT", b"BODY", b"STATE", b"UNIT", b"OFFICER", b"CASE")]


async def _filled(folder: Path, keys: KeyRing) -> bytes:
    docket = sqlite(folder, keys)
    await docket.migrate()
    matters = (grade("strict", 1), report("reported", 1, 2, text="MARKER-TEXT"))
    await docket.intake(
        [
            row(1, Outcome.REVIEW, reason="NO_ID", raw=b"MARKER-RAW", protective=matters),
            row(2, document=case("MARKER-CASE", unit="MARKER-UNIT", officers=["MARKER-OFFICER"])),
            row(3, document=warrant(case="MARKER-CASE")),
        ]
    )
    await docket.save(Dossier(HASHER.label("d", "1"), "plan", (key(1),), "MARKER-STATE", 0, None, {"a": "MARKER-BODY"}))
    stored = stored_bytes(folder)
    await docket.close()
    return stored


async def test_every_column_is_declared_once(tmp_path: Path) -> None:
    await _filled(tmp_path, RING)
    db = sqlite3.connect(tmp_path / "docket.db")
    listed = db.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    tables = [name for (name,) in listed]
    real = {name: {column[1] for column in db.execute(f"PRAGMA table_info({name})")} for name in tables}
    db.close()
    lists = (CLEAR_COLUMNS, KEYED_COLUMNS, SEALED_COLUMNS)
    assert {name: set().union(*(each.get(name, frozenset()) for each in lists)) for name in real} == real
    assert sum(len(columns) for each in lists for columns in each.values()) == sum(map(len, real.values()))


async def test_nothing_put_in_lies_in_the_files(tmp_path: Path) -> None:
    stored = await _filled(tmp_path, RING)
    assert [marker for marker in MARKERS if marker in stored] == []
    assert b"strict" not in stored


async def test_the_same_search_finds_everything_with_sealing_off(tmp_path: Path) -> None:
    stored = await _filled(tmp_path, clear_ring())
    assert [marker for marker in MARKERS if marker not in stored] == []
    assert b"strict" in stored


@pytest.mark.parametrize("table", ["protective", "protective_text"])
async def test_the_protective_compartment_has_its_own_key(tmp_path: Path, table: str) -> None:
    await _filled(tmp_path, RING)
    db = sqlite3.connect(tmp_path / "docket.db")
    rows = db.execute(f"SELECT * FROM {table}").fetchall()
    db.close()
    assert rows
    for found in rows:
        label = (b"matter" if table == "protective" else b"text") + b"".join(found[:-1])
        assert Unsealer(RING).unseal_compartment("protective", found[-1], label)
        with pytest.raises(Broken):
            Unsealer(RING).unseal_compartment("docket", found[-1], label)
