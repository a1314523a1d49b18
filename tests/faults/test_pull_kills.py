"""A pull that is killed with SIGKILL, again and again, ends in what an undisturbed pull of the same country leaves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.comparing import contents
from tests.faults.killing import ANYWHERE, killed_pull, prepare
from tests.faults.pulled import Run
from tests.worlds.country import Country, country
from vault.key_ring import KeyRing
from vault.provider import FileProvider

PAGE = 150
AGENCIES = ("population", "tax", "casework", "police")
"""Every kind of row: people, links, matches, documents, protective matters, and what is held."""


@pytest.fixture(scope="module")
def land(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Country]:
    """A country with its usual mistakes."""
    with country(tmp_path_factory.mktemp("country"), people=200, seed=11) as land:
        yield land


async def test_killed_thrice_ends_as_never_killed(land: Country, tmp_path: Path) -> None:
    whole, torn, keys = tmp_path / "whole", tmp_path / "torn", tmp_path / "keys.json"
    KeyRing.open(FileProvider(keys, create=True))
    for folder in (whole, torn):
        prepare(folder, land, keys, PAGE)
    undisturbed = Run.start(whole, "pull", *AGENCIES)
    kills = killed_pull(torn, AGENCIES, ["graph", ANYWHERE, "docket"], seed=1)
    undisturbed.wait()
    assert kills.struck == 3
    assert kills.inside["graph"] >= 1 and kills.inside["docket"] >= 1, "no kill struck where it could do harm"
    expected, found = await contents(whole), await contents(torn)
    for part, content in expected.items():
        assert found[part] == content, part
    rows = [row for row in land.manifest() if row["agency"] in AGENCIES]
    assert sum(found["counts"].values()) == len(rows)
    assert {reason for _, _, _, reason, _, _ in found["held"]} >= {"BAD_IIN", "BAD_DATE", "ID_CONFLICT"}
    assert found["dossiers"] and found["protective"]
    positions = [entry[0] for entry in found["ledger"]]
    assert len(positions) == len(set(positions)) >= len(rows) / PAGE
