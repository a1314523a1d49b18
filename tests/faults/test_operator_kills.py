"""Rotations, backups, restores and erasures that are killed with SIGKILL at chosen points, and then run again."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from domain.errors import Invalid, Unavailable
from kindred.backup.manifest import NAME
from kindred.backup.restoring import restore
from kindred.wiring import open_stores
from tests.connectors.rows import iin, person, relation
from tests.connectors.serving import Agencies
from tests.contracts.house import ROOT
from tests.kindred.filled import filled, opened
from tests.kindred.hubs import settings_in
from vault.bundle import BackupSecret, read_secret
from vault.provider import Root
from vault.rotation import Rewrapper

GONE = 4
_CHILD = """
import importlib, os, signal, sys
place, call, arguments = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
if place:
    module, _, name = place.partition(":")
    owner = importlib.import_module(module)
    *path, last = name.split(".")
    for part in path:
        owner = getattr(owner, part)
    inner, left = getattr(owner, last), [call]
    def struck(*given, **more):
        left[0] -= 1
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)
        return inner(*given, **more)
    setattr(owner, last, struck)
from kindred.cli.verbs import main
main(arguments)
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hub's files, a backup key, and a backup."""
    folder = tmp_path_factory.mktemp("hub")
    secret = folder / "backup.key"
    secret.touch(mode=0o600)
    secret.write_bytes(b"k" * 32)
    rows: list[Any] = [person(n) for n in range(12)]
    rows[2] = person(2, relations=[relation("responsibility", GONE)])
    rows.append(person(GONE, version=2, birthDate="1850-13-40"))

    async def fill() -> None:
        async with filled(folder, rows):
            pass

    asyncio.run(fill())
    return folder


@pytest.fixture
def home(made: Path, tmp_path: Path) -> Path:
    """A copy of the hub, to be hurt."""
    shutil.copytree(made, tmp_path / "home")
    return tmp_path / "home"


def run(home: Path, *arguments: str, at: str = "", call: int = 1, line: str = "") -> int:
    """Run a verb over the files in a folder; killed at the n-th call of a function, if one is named."""
    settings = settings_in(home).model_dump(exclude_none=True, mode="json")
    environment: Mapping[str, str] = {
        **{key: value for key, value in os.environ.items() if not key.startswith("KINDRED_")},
        **{f"KINDRED_{k.upper()}": str(v) for k, v in settings.items() if not isinstance(v, dict)},
    }
    command = [sys.executable, "-c", _CHILD, at, str(call), *arguments]
    done = subprocess.run(command, env=environment, cwd=ROOT, input=line, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode


def killed_then_run(home: Path, *arguments: str, at: str, call: int = 1, line: str = "") -> None:
    """Killed there, it is given again and comes to its end."""
    assert run(home, *arguments, at=at, call=call, line=line) == -signal.SIGKILL, f"{at} was never reached"
    assert run(home, *arguments, line=line) == 0


def known(home: Path) -> dict[str, Any]:
    """What a hub knows, and how its keys lie."""

    async def ask() -> dict[str, Any]:
        async with opened(settings_in(home), Agencies()) as one:
            census = Rewrapper(one.stores.ring, only_counting=True)
            async for _ in one.stores.graph.upkeep.rekey(census):
                pass
            return {
                "people": await one.stored.people(),
                "counts": await one.stored.counts(),
                "wrapped": dict(census.seen),
                "search": [key.version for key in one.stores.ring.versions(Root.SEARCH)],
                "settled": all(one.stores.ring.versions(root)[-1].settled for root in Root),
                "entries": len(await one.told()),
            }

    return asyncio.run(ask())


@pytest.mark.parametrize(
    ("what", "at", "call"),
    [
        ("data", "vault.rotation:Rewrapper.__call__", 9),
        pytest.param("data", "kindred.rotating:_settle", 1, marks=pytest.mark.soak),
        pytest.param("data", "vault.provider:FileProvider.lay", 1, marks=pytest.mark.soak),
        pytest.param("data", "kindred.rotating:_tell", 1, marks=pytest.mark.soak),
        pytest.param("search", "connectors.pipeline.searches:_keep", 1, marks=pytest.mark.soak),
        pytest.param("search", "graph.sqlite_store.writing:WriteThread.run", 2, marks=pytest.mark.soak),
        ("search", "policy.ledger.store:Store.commit", 1),
    ],
)
def test_a_rotation_is_gone_on_with(home: Path, what: str, at: str, call: int) -> None:
    before = known(home)
    killed_then_run(home, "keys", "rotate", what, at=at, call=call)
    after = known(home)
    assert after["settled"]
    assert (after["people"], after["counts"]) == (before["people"], before["counts"])
    # Killed before the file had a new version, or after all was done, the second run makes one of its own.
    newest = {"vault.provider:FileProvider.lay": 2, "kindred.rotating:_tell": 3}.get(at, 2)
    if what == "data":
        assert after["wrapped"] == {newest: 24}
    else:
        assert after["search"] == [1, 2]


@pytest.mark.parametrize(
    ("at", "call"),
    [
        pytest.param("kindred.backup.making:copy_store", 1, marks=pytest.mark.soak),
        pytest.param("kindred.backup.making:copy_store", 2, marks=pytest.mark.soak),
        pytest.param("kindred.backup.manifest:Written.put", 1, marks=pytest.mark.soak),
        ("kindred.backup.manifest:Written.put", 2),
    ],
)
def test_a_backup_that_was_killed_is_none(home: Path, made: Path, at: str, call: int) -> None:
    before = known(home)
    call_it = ("--key-file", str(made / "backup.key"))
    torn, whole = home.parent / "torn", home.parent / "whole"
    assert run(home, "backup", "--to", str(torn), *call_it, at=at, call=call) == -signal.SIGKILL
    assert not (torn / NAME).exists()
    secret = read_secret(made / "backup.key", None)
    with pytest.raises(Invalid):
        asyncio.run(restore(settings_in(home.parent / "other"), torn, secret, replace=False))
    assert run(home, "backup", "--to", str(torn), *call_it) == 1, "nothing is written over"
    assert run(home, "backup", "--to", str(whole), *call_it) == 0, "and nothing stays locked"
    assert {**known(home), "entries": 0} == {**before, "entries": 0}


@pytest.mark.parametrize(
    ("at", "call", "begun"),
    [
        pytest.param("kindred.backup.restoring:_copy", 2, False, marks=pytest.mark.soak),
        pytest.param("kindred.backup.occupancy:HalfRestored.set", 1, False, marks=pytest.mark.soak),
        pytest.param("kindred.backup.restoring:_put", 1, True, marks=pytest.mark.soak),
        ("kindred.backup.restoring:_put", 2, True),
        pytest.param("kindred.backup.restoring:_fill", 1, True, marks=pytest.mark.soak),
        pytest.param("graph.sqlite_store.upkeep:fill", 1, True, marks=pytest.mark.soak),
        pytest.param("kindred.backup.restoring:verify_store", 2, True, marks=pytest.mark.soak),
    ],
)
def test_a_restore_that_was_killed_is_run_again_and_nothing_opens_meanwhile(
    home: Path, made: Path, at: str, call: int, begun: bool
) -> None:
    to, key = home.parent / "backup", ("--key-file", str(made / "backup.key"))
    assert run(home, "backup", "--to", str(to), *key) == 0
    before = known(home)
    order = ("restore", "--from", str(to), *key, "--replace", "everything")
    assert run(home, *order, at=at, call=call) == -signal.SIGKILL
    if begun:
        with pytest.raises(Unavailable):
            open_stores(settings_in(home), create=True)
        assert run(home, "ledger", "verify", "--key", str(home / "none")) != 0
    else:
        assert known(home) == before, "nothing was touched"
    assert run(home, *order) == 0
    assert known(home) == before


@pytest.mark.parametrize(
    ("at", "call"),
    [
        pytest.param("kindred.cli.erase:strike", 1, marks=pytest.mark.soak),
        pytest.param("docket.sqlite_lane:SqliteLane._empty", 1, marks=pytest.mark.soak),
        pytest.param("graph.sqlite_store.upkeep:forget", 1, marks=pytest.mark.soak),
        pytest.param("graph.sqlite_store.writing:WriteThread.scrub", 1, marks=pytest.mark.soak),
        ("connectors.pipeline.erasing:_derive", 1),
        pytest.param("connectors.pipeline.erasing:_tell", 2, marks=pytest.mark.soak),
    ],
)
def test_an_erasure_that_was_killed_is_gone_on_with(home: Path, at: str, call: int) -> None:
    whole = home.parent / "whole"
    shutil.copytree(home, whole)
    order = ("erase", "--by", "court 7", "--ground", "order 12")
    assert run(whole, *order, line=iin(GONE) + "\n") == 0
    killed_then_run(home, *order, at=at, call=call, line=iin(GONE) + "\n")
    expected, found = known(whole), known(home)
    assert found["counts"] == expected["counts"] and expected["counts"]["population/suppressed"] == 1
    assert _told(found) == _told(expected)


def _told(one: dict[str, Any]) -> list[dict[str, Any]]:
    return one["people"]


def test_a_secret_is_in_no_representation(made: Path) -> None:
    secret = read_secret(made / "backup.key", None)
    assert isinstance(secret, BackupSecret) and "kkk" not in repr(secret)
