"""A docket that is restored to a day before stewards decided guards the double again, whatever they had said.

The graph that is restored with it knows two people. Control: the docket that is replaced is of the same history, so
that nobody else is held.
"""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from docket.carrying import carry_over, present_in
from docket.opening import open_docket
from docket.store import DocketStore
from domain.claims import ProtectiveKind
from domain.ids import KeyHash
from tests.connectors.pipeline.test_doubles import _begun, _key, _moved
from tests.connectors.pipeline.two_worlds import two_worlds
from tests.worlds.reviews import listed, resolve, steward
from vault.unsealing import Unsealer


@pytest.mark.parametrize("decision", ["MATCH", "NEW"])
async def test_what_was_decided_after_the_backup_ends_no_guard(
    decision: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with two_worlds(tmp_path, monkeypatch) as (world, _):
        await _begun(world, named=True)
        await world.pull("population", _moved(8))
        hub = world.hub
        with sqlite3.connect(tmp_path / "one" / "hub" / "docket.db") as connection:
            connection.execute("VACUUM INTO ?", (str(tmp_path / "backup.db"),))
        (review,) = await listed(hub, steward(hub, cleared=True))
        more = {"p": review["candidates"][0]["person"]["id"]} if decision == "MATCH" else {}
        for number in (1, 2):
            answer = await resolve(hub, steward(hub, number, cleared=True), review, decision, **more)
            review = json.loads(answer.body)["data"]["resolveIdentity"]
        assert review["state"] == ("merged" if decision == "MATCH" else "resolved")
        assert isinstance(hub.parts.docket, DocketStore)
        there = await present_in(hub.parts.docket)
        ring = hub.parts.ring
        restored = open_docket(f"sqlite:///{tmp_path / 'backup.db'}", ring, Unsealer(ring))
        await restored.migrate()
        assert await carry_over(restored, there, None, ["population"]), "certain"
        graded = [one.kind for one in await restored.protection([_key(world, 8)])]
        nobody = await restored.protection([KeyHash(bytes(16))])
        await restored.close()
        assert graded == [ProtectiveKind.GRADE] and not nobody
