"""Somebody is erased: nothing of them lies in any file, no pull brings them back, everybody else stays as they were.

The stores of this test do not seal: what is not found was deleted, not merely sealed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from connectors.agencies.catalogue import AGENCIES
from connectors.pipeline.commit import rewound
from connectors.pipeline.erasing import Erased, Order, erase
from docket.dossiers import Outcome
from docket.erasure import strike
from docket.striking import Gone, Names
from domain.clock import instant_text
from domain.errors import Invalid
from domain.ids import KeyHash, PersonId
from policy.ledger.auditing import verify_store
from policy.ledger.judging import Outcome as Judgement
from tests.connectors.stored import Stored
from tests.markers.places import places
from tests.markers.searching import exported, found, raw
from tests.markers.town import Town, town
from tests.worlds.hub import Hub

ORDER = Order("court-7", "erasure order 12", "2026-11-22T09:00:00Z")
STORES = ("graph.db", "docket.db")


@pytest.fixture(scope="module")
def clear(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with town(tmp_path_factory.mktemp("clear"), sealing=False) as built:
        yield built


def _stored(hub: Hub) -> Stored:
    return Stored(hub.parts.ring, hub.graph, hub.pulling.docket)  # type: ignore[arg-type]


async def _erase(hub: Hub, national: KeyHash | None, person: PersonId | None = None) -> Erased:
    docket = _stored(hub).docket

    async def struck(gone: Gone, names: Names) -> int:
        rows = await strike(docket, gone, names)
        await docket.emptied(gone.record())
        return rows

    return await erase(hub.pulling, hub.graph.upkeep, struck, ORDER, national=national, person=person)


async def _pull_anew(hub: Hub) -> int:
    for agency in AGENCIES:
        await hub.pulling.writer.write(rewound(hub.parts.ring, agency.name, instant_text(hub.clock.now())))
    return sum(summary.outcomes[Outcome.SUPPRESSED] for summary in (await hub.pull()).values())


def _found(hub: Hub, markers: frozenset[str]) -> dict[str, frozenset[str]]:
    files = [hub.folder / name for name in STORES]
    return {f"{file.name} {how.__name__}": found(how(file), markers) for file in files for how in (raw, exported)}


async def _others(hub: Hub, gone: PersonId) -> list[dict[str, Any]]:
    people = [one for one in await _stored(hub).people() if one["person"] != gone]
    for one in people:
        one["links"] = [link for link in one["links"] if link[0] != gone]
        one["claims"] = [claim for claim in one["claims"] if claim[1].other is None or claim[1].part[:7] != "dropped"]
    return people


def test_nothing_of_somebody_erased_is_left_or_comes_back(clear: Town) -> None:
    hub, run = clear.hub, clear.run
    world, hasher = run(places(hub)), hub.parts.ring.hasher
    # Somebody with much to find, a family and rows at several agencies.
    stored = run(_stored(hub).people())
    mine = {
        one["person"]: frozenset(
            marker
            for place in world.values
            if place[0] == one["person"]
            for marker in world.unique(place)
            if len(marker) == 12
        )
        for one in stored
        if len(one["links"]) >= 3 and len(one["records"]) >= 6
    }
    gone = max(mine, key=lambda person: (len(mine[person]), person))
    markers = mine[gone]
    assert len(markers) >= 4, "too little to look for"
    (iin,) = world.values[gone, "identity", "national_id"]
    before = run(_others(hub, gone))
    assert all(_found(hub, markers)[f"graph.db {how}"] for how in ("raw", "exported")), "the control: it was there"
    done = run(_erase(hub, hasher.national(iin)))
    assert done.people == 1 and done.linked >= 3
    assert not any(_found(hub, markers | {iin}).values())
    assert gone not in {one["person"] for one in run(_stored(hub).people())}
    assert run(_others(hub, gone)) == before
    links = {other for one in run(_stored(hub).people()) for other, *_ in one["links"]}
    assert gone not in links
    assert run(_pull_anew(hub)) >= 1
    assert not any(_found(hub, markers | {iin}).values()), "a pull brought something back"
    assert run(_others(hub, gone)) == before
    again = run(_erase(hub, hasher.national(iin)))
    assert again.people == 0
    entries = [entry for entry in run(hub.parts.ledger.entries(200)) if entry.header.act == "erasure"]
    assert len(entries) == 3, "ordered, linked, done: once each for one order"
    note = run(hub.parts.ledger.checkpoint())
    verifier = hub.parts.ring.signer().verifier
    verdict = verify_store(f"sqlite:///{hub.folder / 'ledger.db'}", verifier, note, hub.parts.ring)
    assert verdict.outcome is Judgement.INTACT, verdict.text


def test_whom_nobody_knows_is_told(clear: Town) -> None:
    hasher = clear.hub.parts.ring.hasher
    with pytest.raises(Invalid):
        clear.run(_erase(clear.hub, hasher.national("000000000000")))
    with pytest.raises(Invalid):
        clear.run(_erase(clear.hub, None, PersonId(2**57 + 1)))
