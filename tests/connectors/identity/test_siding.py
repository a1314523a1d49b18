"""Who the unsure side of a report is: cleared stewards alone are asked, and until they say it counts for all it may be.

Nothing lowers what a report protects: not that it is nobody of these, not a later version of the report.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from docket.dossiers import Line, Outcome
from domain.ids import SourceKey
from tests.acquaintance.questions import Acquainted, questions
from tests.connectors.pipeline.test_guarded import ADDRESS, stay
from tests.connectors.pipeline.test_weighing import TWIN, WHO, patient, register, report
from tests.connectors.pipeline.two_worlds import CASE, World, two_worlds
from tests.connectors.rows import iin
from tests.worlds.reviews import REVIEWS, listed, resolve, steward

STREET = b"Street of whoever is meant"
ALLEGED = {"surname": "Ким", "givenName": "Олег", "patronymic": None, "birthDate": "1985-01-01"}
READ = "query($n:String){findPerson(nationalId:$n){edges{node{id residence{street}}}}}"


async def _begun(world: World) -> Any:
    """Somebody, whoever is alleged, and an officer who has a case on both."""
    home = stay("H-1") | {"address": ADDRESS | {"street": STREET.decode()}}
    await world.pull("population", register(1, WHO) | {"registrations": [home]}, register(2, ALLEGED))
    return await world.caseworker(("population", "PR-1"), ("population", "PR-2"))


async def _sides(world: World, agency: str, number: str) -> list[tuple[set[bytes], ...]]:
    key = world.hub.parts.ring.hasher.source_key(SourceKey(agency, number))
    found = await world.hub.parts.docket.protection([key])
    return [tuple(set(side) for side in one.sides) for one in found]


async def _account(world: World) -> list[bytes]:
    known = Acquainted((iin(1), iin(2)), ((f"{WHO['surname']} {WHO['givenName']}", str(WHO["birthDate"])),))
    return [answer async for _, answer in questions(world.hub, world.hub.family(iin(1)), known, [])]


async def test_until_it_is_decided_a_report_counts_for_all_whom_it_may_mean(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No account and no ordinary steward hears of it, nor an operator; a report about a stranger is the control."""
    seen = []
    async with two_worlds(tmp_path, monkeypatch) as (world, other):
        for one, who in ((world, TWIN), (other, TWIN | {"surname": "Сериков", "birthDate": "1999-09-09"})):
            officer = await _begun(one)
            assert STREET in await one.asked(officer, READ, CASE, n=iin(1))
            await one.pull("police", report(who))
            found = await one.asked(officer, READ, CASE, n=iin(1))
            assert (STREET in found) == (one is other)
            seen.append((await one.asked(steward(one.hub), REVIEWS, f=20, m=False), await _account(one), one.told))
            assert len(await one.hub.parts.docket.line(Line.PROTECTED_REVIEW, 10)) == 1
        assert seen[0] == seen[1] and len(seen[0][1]) > 10
        (review,) = await listed(world.hub, steward(world.hub, cleared=True))
        assert (review["reason"], review["stated"]["givenName"]) == ("NO_ID", TWIN["givenName"])


@pytest.mark.parametrize("decision", ["MATCH", "NEW"])
async def test_a_decision_only_raises(decision: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with two_worlds(tmp_path, monkeypatch) as (world, _):
        officer = await _begun(world)
        await world.pull("police", report(TWIN))
        (before,) = await _sides(world, "police", "PO-1")
        named = patient(1, WHO) | {"identifier": [{"system": "urn:kz:iin", "value": iin(1)}]}
        await world.pull("health", named)
        (review,) = await listed(world.hub, steward(world.hub, cleared=True))
        chosen = {"p": review["candidates"][0]["person"]["id"]} if decision == "MATCH" else {}
        answer = await resolve(world.hub, steward(world.hub, cleared=True), review, decision, **chosen)
        done = json.loads(answer.body)["data"]["resolveIdentity"]
        assert (done["state"], done["carried"]) == ("resolved", True)
        after = await _sides(world, "police", "PO-1")
        assert before in after and STREET not in await world.asked(officer, READ, CASE, n=iin(1))
        hers = world.hub.parts.ring.hasher.source_key(SourceKey("health", "pt-1"))
        assert any(hers in sides[0] for sides in after) == (decision == "MATCH")
        assert (await world.hub.parts.docket.counts())[("police", Outcome.PROTECTIVE)] == 1
        assert not await listed(world.hub, steward(world.hub, cleared=True))


async def test_a_side_is_asked_about_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Later versions that state the same ask nothing again, whatever was decided; one that states more does."""
    async with two_worlds(tmp_path, monkeypatch) as (world, _):
        await _begun(world)
        later = [report(TWIN) | {"version": number} for number in (2, 3)]
        await world.pull("police", report(TWIN), later[0])
        (review,) = await listed(world.hub, steward(world.hub, cleared=True))
        await resolve(world.hub, steward(world.hub, cleared=True), review, "NEW")
        await world.pull("police", later[1])
        assert not await listed(world.hub, steward(world.hub, cleared=True))
        await world.pull("police", report(TWIN | {"patronymic": None}) | {"version": 4})
        assert len(await listed(world.hub, steward(world.hub, cleared=True))) == 1


async def test_a_side_named_by_number_alone_is_counted_and_nobody_asked_about_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with two_worlds(tmp_path, monkeypatch) as (world, _):
        await _begun(world)
        row = report(WHO)
        row["reporter"] = {"personNo": "PO-1", "iin": None}
        await world.pull("police", row)
        assert world.told[-1]["unmatched"] == 1
        assert not await listed(world.hub, steward(world.hub, cleared=True)), "there is nobody to choose from"
        row["reporter"] = report(TWIN)["reporter"]
        await world.pull("police", row | {"version": 2})
        assert len(await listed(world.hub, steward(world.hub, cleared=True))) == 1, "of names and a birth date there is"
