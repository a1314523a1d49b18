"""A pull of all agencies under twenty SIGKILLs, with small pages, so that each strikes somewhere else."""

from __future__ import annotations

from pathlib import Path

import pytest

from connectors.agencies.catalogue import BY_NAME
from tests.faults.comparing import contents
from tests.faults.killing import ANYWHERE, killed_pull, prepare
from tests.faults.pulled import Run
from tests.worlds.country import country
from vault.key_ring import KeyRing
from vault.provider import FileProvider

PAGE = 60
TARGETS = ("graph", "docket", ANYWHERE, "ledger", ANYWHERE) * 4


@pytest.mark.soak
@pytest.mark.parametrize("seed", [1, 2])
async def test_killed_twenty_times_ends_as_never_killed(tmp_path: Path, seed: int) -> None:
    whole, torn, keys = tmp_path / "whole", tmp_path / "torn", tmp_path / "keys.json"
    KeyRing.open(FileProvider(keys, create=True))
    with country(tmp_path / "country", people=200, seed=seed) as land:
        for folder in (whole, torn):
            prepare(folder, land, keys, PAGE)
        Run.start(whole, "pull").wait()
        kills = killed_pull(torn, (), TARGETS, seed)
        rows = len(land.manifest())
    assert kills.struck == len(TARGETS)
    assert kills.inside["graph"] >= 4 and kills.inside["docket"] >= 4 and kills.inside["ledger"] >= 4
    expected, found = await contents(whole), await contents(torn)
    for part, content in expected.items():
        assert found[part] == content, part
    assert sum(found["counts"].values()) == rows
    assert set(found["cursors"]) == set(BY_NAME)
    positions = [entry[0] for entry in found["ledger"]]
    assert len(positions) == len(set(positions)) >= rows / PAGE
