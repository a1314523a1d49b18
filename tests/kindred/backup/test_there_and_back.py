"""A hub with a past goes to Neo4j and back: two were made one, one was erased, one is protected.

Each time officers hear the same bytes, nobody's protection is lower, the erased are not brought back by the next pull,
and the ledger is what it was.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from docket.dossiers import Outcome
from domain.errors import Invalid
from domain.ids import PersonId, SourceKey
from domain.principals import Principal
from kindred.backup.making import back_up
from kindred.backup.restoring import restore
from kindred.settings import Settings
from kindred.wiring import executor_of, gate_parts
from policy.activity import load_activities
from resolvers.answer import Answering
from tests.acquaintance.questions import PERSON
from tests.connectors import hubs
from tests.connectors.identity.orders import merged
from tests.connectors.rows import iin, person, relation, stay
from tests.connectors.serving import Agencies
from tests.kindred.filled import Filled, filled, opened
from tests.kindred.graphs import on_server
from tests.kindred.hubs import settings_in
from tests.kindred.test_cli import _run
from tests.kindred.test_erase import anew, erase
from tests.worlds.copies import open_case
from tests.worlds.hub import TABLE, Hub
from vault.bundle import BackupSecret

SECRET = BackupSecret(1, b"k" * 32)
PEOPLE, CHILD, GONE, STRICT, KEPT, DROPPED = 9, 2, 4, 5, 6, 7
CASE = "CASE-990000001"
FIND = f"query($n:String){{findPerson(nationalId:$n,first:5){{totalCount edges{{node{{{PERSON}}}}}}}}}"


def rows() -> list[Any]:
    """A family of which one is going to be erased, one under a grade, two who are one, and strangers."""
    found = [person(n) for n in range(PEOPLE)]
    found[CHILD] = person(CHILD, relations=[relation("responsibility", GONE), relation("responsibility", KEPT)])
    found[STRICT] = person(STRICT, protection={"grade": "strict", "since": "2020-01-01", "authority": "x"})
    found += [person(n, version=2, registrations=[stay(n, household="HH-new")]) for n in (CHILD, DROPPED)]
    return found


def asking(one: Filled) -> Hub:
    """The way out over a hub's stores."""
    stores = one.stores
    parts = gate_parts(one.settings, stores, load_activities(), TABLE)
    executor = executor_of(one.settings)
    return Hub(parts, one.parts, stores.graph, one.clock, executor, Answering(parts), one.settings.keys.parent)


def officer(here: Hub, role: str) -> Principal:
    """Of the region where all of them live."""
    return here.principal(role, {"actor": f"{role}-1", "agency": role, "unit": "unit-1", "region": "KZ-75"})


async def heard(one: Filled) -> dict[str, bytes]:
    """What officers hear of everybody, on a case about some of them and off it."""
    here, told = asking(one), {}
    for role in ("caseworker", "dv_unit"):
        who = officer(here, role)
        for n in range(PEOPLE + 1):
            for case in (CASE, None):
                answer = await here.ask(who, FIND, {"n": iin(n)}, case=case)
                told[f"{role} {n} {case}"] = answer.body
    return told


async def owners(one: Filled) -> list[PersonId | None]:
    """Who each of the register's people is."""
    keys = [one.stores.ring.hasher.source_key(SourceKey("population", f"PR-{n:06d}")) for n in range(PEOPLE)]
    found = await one.stores.graph.reader.owners(keys)
    return [found.get(key) for key in keys]


async def known(one: Filled) -> dict[str, Any]:
    """What must be the same wherever the hub lies."""
    hasher = one.stores.ring.hasher
    keys = [hasher.source_key(SourceKey("population", f"PR-{n:06d}")) for n in range(PEOPLE)]
    return {
        "heard": await heard(one),
        "people": await one.stored.people(),
        "owners": await owners(one),
        "grades": [sorted({str(p.grade) for p in await one.stores.docket.protection([key])}) for key in keys],
    }


async def _merged(folder: Path, common: Mapping[str, Any]) -> Agencies:
    async with filled(folder, rows(), **common) as one:
        kept, dropped = [(await owners(one))[n] for n in (KEPT, DROPPED)]
        assert kept is not None and dropped is not None
        stores, here = one.stores, asking(one)
        await merged(hubs.Hub(stores.ring, stores.graph, stores.docket, one.parts), kept, dropped)
        stores.ledger.write_public_key(folder.parent / "ledger.pub")
        await open_case(here, officer(here, "caseworker"), CASE, [f"PR-{n:06d}" for n in (CHILD, KEPT, GONE)])
        assert b'"surname":"' in (await heard(one))[f"caseworker {GONE} {CASE}"], "the control: who is erased was there"
        return one.agencies


async def _backed_up(settings: Settings, agencies: Agencies, to: Path) -> tuple[dict[str, Any], int]:
    """All that is known, and how many leaves the ledger of the backup has."""
    async with opened(settings, agencies) as one:
        now = await known(one)
        await back_up(one.settings, one.stores, to, SECRET)
        return now, len(await one.told())


async def _there_again(settings: Settings, agencies: Agencies, before: dict[str, Any], entries: int) -> None:
    async with opened(settings, agencies) as one:
        assert len(await one.told()) == entries
        assert await known(one) == before
        assert (await anew(one)).outcomes[Outcome.SUPPRESSED] == 1
        assert await known(one) == before, "everything came again"


def test_from_one_store_into_the_other_and_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    graph, common = on_server(), {"protection_journal": tmp_path / "journal"}
    one, there, back = (tmp_path / name for name in ("one", "there", "back"))
    for folder in (one, there, back):
        folder.mkdir()
    agencies = asyncio.run(_merged(one, common))
    assert erase(monkeypatch, one, common, iin(GONE)) == 0

    before, entries = asyncio.run(_backed_up(settings_in(one, **common), agencies, tmp_path / "first"))
    surnames = {name: body.count(b'"surname":"') for name, body in before["heard"].items()}
    assert surnames[f"caseworker {CHILD} {CASE}"] > 1 and surnames[f"caseworker {GONE} {CASE}"] == 0
    assert surnames[f"caseworker {KEPT} {CASE}"] == surnames[f"caseworker {DROPPED} {CASE}"] > 0
    assert before["owners"][KEPT] == before["owners"][DROPPED] and before["owners"][GONE] is None
    assert before["grades"] == [["strict"] if n == STRICT else [] for n in range(PEOPLE)]

    on_neo4j = settings_in(there, **graph, **common)
    assert asyncio.run(restore(on_neo4j, tmp_path / "first", SECRET, replace=False)).held == ()
    asyncio.run(_there_again(on_neo4j, agencies, before, entries))
    again, entries = asyncio.run(_backed_up(on_neo4j, agencies, tmp_path / "second"))
    assert again == before
    with pytest.raises(Invalid) as told:
        asyncio.run(restore(on_neo4j, tmp_path / "second", SECRET, replace=True))
    assert told.value.field == "KINDRED_GRAPH", "a server that holds something is not emptied for you"

    assert asyncio.run(restore(settings_in(back, **common), tmp_path / "second", SECRET, replace=False)).held == ()
    asyncio.run(_there_again(settings_in(back, **common), agencies, before, entries))
    for folder, given in ((one, common), (there, {**graph, **common}), (back, common)):
        capsys.readouterr()
        assert _run(monkeypatch, folder, "migrate", **given) == 0
        assert _run(monkeypatch, folder, "ledger", "verify", "--key", str(tmp_path / "ledger.pub"), **given) == 0
        assert "intact" in capsys.readouterr().out
