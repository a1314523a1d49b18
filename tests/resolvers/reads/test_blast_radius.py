"""After a wrong merge: who was told what of the other one, and whose own log tells which looks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.worlds.copies import Made, made, open_case
from tests.worlds.hub import Hub
from tests.worlds.reviews import listed, resolve, steward, under_review

RADIUS = """query($r:ID,$p:ID,$f:Int,$a:String){identityBlastRadius(review:$r,person:$p,first:$f,after:$a){
 pageInfo{hasNextPage endCursor} edges{node{act actor activity case subjects{person categories{name fields}}}}}}"""
LOOK = "query($i:ID!){person(id:$i){name{surname} residence{street}}}"
NAME_ONLY = "query($i:ID!){person(id:$i){id}}"
OWN = "{myAccessLog(first:20){edges{node{actor at}}}}"
CASE = "CASE-990000077"


@pytest.fixture
async def here(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A hub over a copy of the country."""
    country = await made(tmp_path_factory.getbasetemp() / "made-here")
    async with country.copy(tmp_path) as hub:
        yield hub, country


def _data(answer: Any) -> Any:
    body = json.loads(answer.body)
    assert "errors" not in body, body
    return body["data"]["resolveIdentity"]


async def _joined(hub: Hub, one: Any, other: Any) -> dict[str, Any]:
    await under_review(hub, 1, [one, other])
    (review,) = await listed(hub, steward(hub, 1))
    pair = {"p": review["candidates"][0]["person"]["id"], "o": review["candidates"][1]["person"]["id"]}
    proposed = _data(await resolve(hub, steward(hub, 1), review, "MERGE", **pair))
    return dict(_data(await resolve(hub, steward(hub, 2), proposed, "MERGE", **pair)))


async def _parted(hub: Hub, merged: dict[str, Any]) -> None:
    undoing = _data(await resolve(hub, steward(hub, 1), merged, "UNMERGE"))
    assert _data(await resolve(hub, steward(hub, 2), undoing, "UNMERGE"))["state"] == "unmerged"


async def test_what_was_told_of_the_other_while_they_were_one(here: tuple[Hub, Made]) -> None:
    hub, country = here
    head = country.sample["family"]["head"]["recordId"]
    child = country.sample["family"]["children"][0]["recordId"]
    officer = hub.officer(country.country, "caseworker")
    await open_case(hub, officer, CASE, [head, child])
    one, other = await hub.internal(head), await hub.internal(child)

    async def look(query: str) -> None:
        await hub.data(officer, query, {"i": await hub.person_id(officer, head)}, case=CASE)

    await look(LOOK)
    merged = await _joined(hub, one, other)
    await look(LOOK)
    await look(NAME_ONLY)
    privacy = hub.officer(country.country, "privacy_officer")
    named = (await hub.parts.reader.facts([one, other])).people
    dropped = next(asked for asked, shape in named.items() if shape.person != asked)
    person = hub.parts.ring.outward(privacy.sector).encode("P", dropped)
    await _parted(hub, merged)
    await look(LOOK)

    found = (await hub.data(privacy, RADIUS, {"p": person, "f": 10}))["identityBlastRadius"]
    by_officer = [e["node"] for e in found["edges"] if e["node"]["actor"] == officer.actor]
    assert len(by_officer) == 1, (
        "the look while they were one that showed a category; not those before, after, or without"
    )
    names = {category["name"] for subject in by_officer[0]["subjects"] for category in subject["categories"]}
    assert names and names <= {"name", "residence"}
    assert by_officer[0]["case"] == CASE

    asked = (await hub.data(steward(hub, 1), RADIUS, {"r": merged["id"], "f": 10}))["identityBlastRadius"]
    theirs = [e["node"] for e in asked["edges"] if e["node"]["actor"] == officer.actor]
    assert len(theirs) == 1 and theirs[0]["case"] is None and theirs[0]["subjects"][0]["person"] is None
    acts = [entry.header.act for entry in await hub.parts.ledger.entries(2)]
    assert acts == ["log_read", "log_read"]


@pytest.mark.parametrize("given", [{}, {"p": "A" * 32}, {"r": "A" * 40}])
async def test_nobody_has_none(here: tuple[Hub, Made], given: dict[str, str]) -> None:
    hub, country = here
    for who in (steward(hub, 1), hub.officer(country.country, "privacy_officer")):
        found = (await hub.data(who, RADIUS, {"f": 5, **given}))["identityBlastRadius"]
        assert found == {"pageInfo": {"hasNextPage": False, "endCursor": None}, "edges": []}


async def test_an_own_log_follows_the_person(here: tuple[Hub, Made]) -> None:
    """Joined, it tells the looks at both ids; parted, each one's own again."""
    hub, country = here
    own, child = country.sample["family_member"], country.sample["family"]["children"][0]
    officer = hub.officer(country.country, "caseworker")
    await open_case(hub, officer, CASE, [child["recordId"]])
    one, other = await hub.internal(own["recordId"]), await hub.internal(child["recordId"])
    await hub.data(officer, LOOK, {"i": await hub.person_id(officer, child["recordId"])}, case=CASE)
    account = hub.principal("family_member", {"iin": own["iin"], "actor": "person-own"})

    async def looks() -> list[str]:
        found = (await hub.data(account, OWN))["myAccessLog"]["edges"]
        return [edge["node"]["actor"] for edge in found if edge["node"]["actor"] == officer.actor]

    before = await looks()
    merged = await _joined(hub, one, other)
    assert len(await looks()) == len(before) + 1
    await _parted(hub, merged)
    assert await looks() == before
