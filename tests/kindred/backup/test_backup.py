"""A backup made while others write, and a hub brought back from it; torn, altered and misplaced ones are refused."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from connectors.agencies.catalogue import BY_NAME
from connectors.pull import pull
from domain.errors import Broken, Invalid, KindredError, Unavailable
from kindred.backup.making import back_up
from kindred.backup.manifest import FILES, NAME
from kindred.backup.occupancy import HalfRestored, Occupancy
from kindred.backup.restoring import protective_sources, restore
from kindred.wiring import open_stores
from tests.connectors.rows import person
from tests.kindred.filled import Filled, filled, opened
from tests.kindred.hubs import settings_in
from vault.bundle import BackupSecret, read_secret

PEOPLE = 15
STRICT = {"grade": "strict", "since": "2020-01-01", "authority": "x"}


@pytest.fixture(scope="module")
def secret(tmp_path_factory: pytest.TempPathFactory) -> BackupSecret:
    file = tmp_path_factory.mktemp("secret") / "backup.key"
    file.touch(mode=0o600)
    file.write_bytes(os.urandom(32))
    return read_secret(file, None)


def rows() -> list[Any]:
    return [person(n, protection=STRICT if n == 5 else None) for n in range(PEOPLE)]


async def known(one: Filled) -> dict[str, Any]:
    """Everything that a hub knows."""
    return {"people": await one.stored.people(), "counts": await one.stored.counts(), "grades": await grades(one)}


async def grades(one: Filled) -> list[list[str]]:
    """The grades of the register's people, by their numbers."""
    from domain.ids import SourceKey

    hasher = one.stores.ring.hasher
    found = []
    for n in range(PEOPLE + 5):
        key = hasher.source_key(SourceKey("population", f"PR-{n:06d}"))
        found.append(sorted({str(p.grade) for p in await one.stores.docket.protection([key])}))
    return found


def lose(folder: Path, *kept: str) -> None:
    """The disaster: all files of the hub but some."""
    for name in os.listdir(folder):
        if name not in kept and (folder / name).is_file():
            (folder / name).unlink()


async def test_a_hub_comes_back_as_it_was(tmp_path: Path, secret: BackupSecret) -> None:
    home, to = tmp_path / "home", tmp_path / "backup"
    home.mkdir()
    async with filled(home, rows()) as one:
        before = await known(one)
        with one.provider.held():
            made = await back_up(one.settings, one.stores, to, secret)
        entries = [entry.position for entry in await one.told()]
        agencies = one.agencies
        assert made.rows > PEOPLE
        assert sorted(os.listdir(to)) == sorted([*FILES, NAME])
        assert all((to / name).stat().st_mode & 0o777 == 0o600 for name in os.listdir(to))
        content = one.provider.content()
        secrets = [line.split('"')[0].encode() for line in content.decode().split('"secret":"')[1:]]
        assert len(secrets) == 12
        assert not any(each in (to / name).read_bytes() for name in os.listdir(to) for each in secrets)
        journal_less = one.settings
        with pytest.raises(Invalid):
            await back_up(one.settings, one.stores, to, secret)
        with pytest.raises(Invalid):
            await restore(one.settings, to, secret, replace=False)
    lose(home)
    done = await restore(journal_less, to, secret, replace=False)
    assert done.rows == made.rows and done.held == protective_sources() == ("population", "police")
    assert not HalfRestored(journal_less.keys).there
    async with opened(journal_less, agencies) as back:
        after = await known(back)
        assert (after["people"], after["counts"]) == (before["people"], before["counts"])
        assert [entry.position for entry in await back.told()] == entries
        assert all(found == ["strict"] for found in after["grades"]), "all is held: nobody can tell what was lost"
        await back.pull()
        assert (await grades(back))[0] == ["strict"], "the police was not pulled yet"
        await back.stores.docket.caught_up("police")
        assert await grades(back) == before["grades"] == [["strict"] if n == 5 else [] for n in range(PEOPLE + 5)]
        assert (await back.stored.people()) == before["people"]


async def test_what_was_raised_since_is_kept_by_the_docket_that_is_there(tmp_path: Path, secret: BackupSecret) -> None:
    home, to = tmp_path / "home", tmp_path / "backup"
    home.mkdir()
    async with filled(home, rows()) as one:
        await back_up(one.settings, one.stores, to, secret)
        one.agencies.population.append(person(6, version=2, protection=STRICT))
        await one.pull()
        raised, settings, agencies = await grades(one), one.settings, one.agencies
        assert raised[6] == ["strict"]
    done = await restore(settings, to, secret, replace=True)
    assert done.held == ()
    async with opened(settings, agencies) as back:
        assert await grades(back) == raised
        assert (await back.pull()).rows == 1, "the graph is the backup's: the row comes again"
    # The control: what the present docket has is all that tells. A docket begun anew at the same place tells nothing.
    (home / "docket.db").unlink()
    async with opened(settings, agencies):
        pass
    done = await restore(settings, to, secret, replace=True)
    assert done.held == protective_sources()
    async with opened(settings, agencies) as back:
        assert all(found == ["strict"] for found in await grades(back))


async def test_what_was_raised_since_is_kept_by_the_journal(tmp_path: Path, secret: BackupSecret) -> None:
    home, to, journal = tmp_path / "home", tmp_path / "backup", tmp_path / "elsewhere.journal"
    home.mkdir()
    async with filled(home, rows(), protection_journal=journal) as one:
        await back_up(one.settings, one.stores, to, secret)
        one.agencies.population.append(person(6, version=2, protection=STRICT))
        await one.pull()
        raised, settings, agencies = await grades(one), one.settings, one.agencies
    assert journal.stat().st_mode & 0o777 == 0o600
    lose(home)
    assert (await restore(settings, to, secret, replace=False)).held == ()
    async with opened(settings, agencies) as back:
        assert await grades(back) == raised
    lines = journal.read_bytes().splitlines(keepends=True)
    assert len(lines) == 2
    for damaged in (lines[:1], lines[1:], [], [lines[1], lines[0]], [lines[0], b"1 " + lines[0][2:]]):
        journal.write_bytes(b"".join(damaged))
        lose(home)
        # The first of them lacks the line that came after the backup: only the backup's own count could tell, and
        # cannot. Every other damage is told.
        assert bool((await restore(settings, to, secret, replace=False)).held) == (damaged != lines[:1])


async def test_a_backup_while_a_pull_writes_is_consistent(tmp_path: Path, secret: BackupSecret) -> None:
    home, to = tmp_path / "home", tmp_path / "backup"
    home.mkdir()
    async with filled(home, rows()) as one, opened(one.settings, one.agencies) as other:
        one.agencies.population.extend(person(n) for n in range(PEOPLE, PEOPLE + 60))
        pulling = asyncio.create_task(pull(BY_NAME["population"], one.parts))
        while (await other.stores.graph.reader.sequence()) < 5:
            await asyncio.sleep(0)
        assert not pulling.done(), "it is in the middle"
        await back_up(other.settings, other.stores, to, secret)
        await pulling
        whole, settings, agencies = await known(one), one.settings, one.agencies
        entries = len(await one.told())
    lose(home, "docket.db", "docket.db-wal", "docket.db-shm")
    await restore(settings, to, secret, replace=True)
    async with opened(settings, agencies) as back:
        some = len(await back.stored.people())
        assert PEOPLE <= some < len(whole["people"]), "part of the pull"
        await back.stores.settle()
        await back.pull()
        assert await known(back) == whole
        assert len(await back.told()) == entries, "each page has its one entry"


def _damages() -> Iterator[tuple[str, Any]]:
    for name in FILES:
        yield f"{name} is gone", lambda to, name=name: (to / name).unlink()
        yield f"{name} is altered", lambda to, name=name: _flip(to / name)
        yield f"{name} is cut", lambda to, name=name: os.truncate(to / name, (to / name).stat().st_size - 1)
    yield "no manifest", lambda to: (to / NAME).unlink()
    yield "manifest of no form", lambda to: (to / NAME).write_text("{}")
    yield "another checkpoint", lambda to: _edit(to, checkpoint="x\n1\ny\n\n— x y\n")
    yield "another journal count", lambda to: _edit(to, journal=0)


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def _edit(to: Path, **changed: Any) -> None:
    manifest = json.loads((to / NAME).read_text())
    if all(manifest[name] == value for name, value in changed.items()):
        changed = {name: value + 1 for name, value in changed.items()}
    (to / NAME).write_text(json.dumps(manifest | changed))


async def test_a_backup_that_is_not_whole_is_refused_and_nothing_is_touched(
    tmp_path: Path, secret: BackupSecret
) -> None:
    home, to = tmp_path / "home", tmp_path / "backup"
    home.mkdir()
    async with filled(home, rows()) as one:
        await back_up(one.settings, one.stores, to, secret)
        settings = one.settings
    before = {name: (home / name).read_bytes() for name in os.listdir(home)}
    for what, damage in _damages():
        torn = tmp_path / "torn"
        shutil.copytree(to, torn)
        damage(torn)
        with pytest.raises(KindredError) as told:
            await restore(settings, torn, secret, replace=True)
        assert isinstance(told.value, Broken | Invalid), what
        assert {name: (home / name).read_bytes() for name in os.listdir(home)} == before, what
        shutil.rmtree(torn)
    other = BackupSecret(1, os.urandom(32))
    with pytest.raises(Invalid):
        await restore(settings, to, other, replace=True)
    await restore(settings, to, secret, replace=True)


async def test_nothing_is_restored_under_those_who_use_it_nor_opened_half(tmp_path: Path, secret: BackupSecret) -> None:
    home, to = tmp_path / "home", tmp_path / "backup"
    home.mkdir()
    async with filled(home, rows()) as one:
        await back_up(one.settings, one.stores, to, secret)
        settings = one.settings
        with pytest.raises(Unavailable) as told:
            Occupancy(settings.keys, alone=True)
        assert told.value.fix == "stores.busy"
    alone = Occupancy(settings.keys, alone=True)
    with pytest.raises(Unavailable):
        open_stores(settings)
    alone.close()
    HalfRestored(settings.keys).set()
    with pytest.raises(Unavailable) as told:
        open_stores(settings, create=True)
    assert told.value.fix == "kindred restore"
    await restore(settings, to, secret, replace=False)  # what is half there may be written over
    await open_stores(settings).close()


async def test_a_full_disk_leaves_no_backup(tmp_path: Path, secret: BackupSecret, monkeypatch: Any) -> None:
    home, to = tmp_path / "home", tmp_path / "backup"
    home.mkdir()

    def full(_handle: int) -> None:
        raise OSError(28, "no space left")

    async with filled(home, rows()) as one:
        with monkeypatch.context() as patched:
            patched.setattr("kindred.backup.manifest.os.fsync", full)
            with pytest.raises(Unavailable):
                await back_up(one.settings, one.stores, to, secret)
        settings = settings_in(tmp_path / "other")
        with pytest.raises(Invalid):
            await restore(settings, to, secret, replace=False)
        assert (await one.pull()).rows == 0, "the hub itself goes on"
