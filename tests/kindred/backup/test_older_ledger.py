"""A restored ledger that is older than what was published of it."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import Any

import pytest

from domain.errors import Unavailable
from kindred.backup.making import back_up
from kindred.backup.restoring import restore
from kindred.wiring import open_stores
from tests.connectors.rows import iin, person, relation
from tests.kindred.filled import filled
from tests.kindred.test_cli import _run
from vault.bundle import BackupSecret

SECRET = BackupSecret(1, b"k" * 32)


def rows() -> list[Any]:
    found = [person(n) for n in range(9)]
    found[2] = person(2, relations=[relation("responsibility", 4)])
    return found


async def test_a_restored_ledger_older_than_published_serves_nothing(tmp_path: Path) -> None:
    home, share = tmp_path / "home", tmp_path / "checkpoint"
    home.mkdir()
    async with filled(home, rows(), ledger_checkpoint=share) as hub:
        await back_up(hub.settings, hub.stores, tmp_path / "backup", SECRET)
        hub.agencies.population.append(person(20))
        await hub.pull()
        settings = hub.settings
    await restore(settings, tmp_path / "backup", SECRET, replace=True)
    with pytest.raises(Unavailable) as told:
        open_stores(settings)
    assert told.value.fix == "ledger.restore_newer"
    assert "were published" in (told.value.cause or "")
    with pytest.raises(Unavailable):
        open_stores(settings, create=True)


def test_no_verb_gets_round_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import asyncio

    asyncio.run(test_a_restored_ledger_older_than_published_serves_nothing(tmp_path))
    monkeypatch.setenv("KINDRED_LEDGER_CHECKPOINT", str(tmp_path / "checkpoint"))
    monkeypatch.setattr("sys.stdin", io.StringIO(iin(1)))
    backup_key = tmp_path / "key"
    backup_key.touch(mode=0o600)
    backup_key.write_bytes(os.urandom(32))
    for verb in (
        ("serve",),
        ("pull", "population"),
        ("migrate",),
        ("erase", "--by", "x", "--ground", "y"),
        ("keys", "rotate", "data"),
        ("backup", "--to", str(tmp_path / "other"), "--key-file", str(backup_key)),
        ("ledger", "publish"),
    ):
        capsys.readouterr()
        assert _run(monkeypatch, tmp_path / "home", *verb) == 1, verb
        assert "KINDRED_LEDGER" in capsys.readouterr().err, verb
