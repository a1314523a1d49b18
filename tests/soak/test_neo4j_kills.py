"""A pull into a real Neo4j under twenty SIGKILLs of the hub, and under twenty of the server itself.

Held against an undisturbed pull of the same country with the same keys into the embedded store, table by table of the
logical form: nothing lost, doubled or torn, whichever store it lies in.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from connectors.agencies.catalogue import BY_NAME
from tests.faults.comparing import contents
from tests.faults.killing import ANYWHERE, Kills, killed_pull, prepare, pull_from_killed_server
from tests.faults.pulled import Run
from tests.servers.neo4j.shared import bare_neo4j
from tests.worlds.country import country
from vault.key_ring import KeyRing
from vault.provider import FileProvider

PAGE = 60
TARGETS = ("graph", "graph", "graph", ANYWHERE, "graph") * 4
ENOUGH = 0.6
"""Of the kills so many must have found a transaction open."""


@pytest.mark.soak
@pytest.mark.parametrize("killed", ["hub", "server"])
async def test_killed_twenty_times_ends_as_never_killed(
    tmp_path: Path, killed: str, record_property: Callable[[str, object], None]
) -> None:
    whole, torn, keys = tmp_path / "whole", tmp_path / "torn", tmp_path / "keys.json"
    KeyRing.open(FileProvider(keys, create=True))
    server = bare_neo4j()
    with country(tmp_path / "country", people=200, seed=1) as land:
        prepare(whole, land, keys, PAGE)
        prepare(torn, land, keys, PAGE, server=server)
        Run.start(whole, "pull").wait()
        if killed == "hub":
            kills = killed_pull(torn, (), TARGETS, seed=1)
        else:
            kills = pull_from_killed_server(torn, (), server, TARGETS, seed=1)
        rows = len(land.manifest())
    record_property("kills", f"{killed} killed {kills.struck} times, {kills.inside['graph']} inside a transaction")
    _check_kills(kills)
    expected, found = await contents(whole), await contents(torn)
    for part, content in expected.items():
        assert found[part] == content, part
    _check_whole(found, rows)


def _check_kills(kills: Kills) -> None:
    assert kills.struck == len(TARGETS)
    assert kills.inside["graph"] >= ENOUGH * kills.struck, f"{kills.inside['graph']} of {kills.struck} inside"


def _check_whole(found: dict[str, Any], rows: int) -> None:
    assert sum(found["counts"].values()) == rows
    assert set(found["cursors"]) == set(BY_NAME)
    positions = [entry[0] for entry in found["ledger"]]
    assert len(positions) == len(set(positions)) >= rows / PAGE
