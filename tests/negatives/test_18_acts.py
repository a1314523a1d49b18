"""18: what an activity does not list is not reached by another way either; and the log says what was told of people."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from policy.activity import RootRead
from tests.faults.ledgers import Standing
from tests.negatives.cast import caller
from tests.negatives.recording import recorded
from tests.worlds.copies import Made, homes_of
from tests.worlds.hub import ACTIVITY, Hub

NESTED = """query($i:ID!){person(id:$i){id households{id members{totalCount}}
  kin(depth:2){totalCount edges{node{degree}}} everyone:kin{totalCount}}}"""
NODE = "query($i:ID!){node(id:$i){id ... on Household{members{totalCount}}}}"
ENTITY = """query($i:ID!){_entities(representations:[{__typename:"Household",id:$i}]){... on Household{id}}}"""


def _without(here: Hub, role: str, act: RootRead) -> Hub:
    """A hub whose activity of a role does not list an act."""
    activity = here.parts.activities[ACTIVITY[role]]
    lacking = msgspec.structs.replace(activity, acts=tuple(a for a in activity.acts if a is not act))
    return here.with_parts(activities={**here.parts.activities, activity.name: lacking})


async def test_nobody_walks_kin_under_an_activity_without_it(here: Hub, made: Made) -> None:
    """The benefits officer's lists no kin: nested, it is empty without a step; the caseworker's is not."""
    walked = {}
    for role in ("benefits_officer", "caseworker"):
        asks = await caller(here, made, role)
        over, calls = recorded(here)
        answer = await over.data(asks.who, NESTED, {"i": await here.person_id(asks.who, asks.sees)}, case=asks.case)
        links = [call for call in calls.made if call[:2] == ("graph", "links")]
        walked[role] = (answer["person"]["kin"]["totalCount"], len(links))
        assert answer["person"]["households"][0]["members"]["totalCount"] > 0
        if role == "benefits_officer":
            assert answer["person"]["kin"] == {"totalCount": 0, "edges": []}
            assert answer["person"]["everyone"] == {"totalCount": 0}
    assert walked["benefits_officer"] == (0, 0)
    assert walked["caseworker"][0] > 0 and walked["caseworker"][1] == 4


async def test_households_need_their_act_by_every_way(here: Hub, made: Made) -> None:
    asks = await caller(here, made, "caseworker")
    person = {"i": await here.person_id(asks.who, asks.sees)}
    home = {"i": here.parts.ring.outward(asks.who.sector).encode("H", (await homes_of(here, asks.sees))[0])}
    lacking = _without(here, "caseworker", RootRead.HOUSEHOLD)

    async def asked(over: Hub) -> tuple[Any, Any, Any]:
        nested = await over.data(asks.who, NESTED, person, case=asks.case)
        node = await over.data(asks.who, NODE, home, case=asks.case)
        entity = await over.data(asks.who, ENTITY, home, case=asks.case)
        return nested["person"]["households"], node["node"], entity["_entities"][0]

    assert all(await asked(here))
    assert await asked(lacking) == ([], None, None)


@pytest.mark.parametrize(
    "query",
    [
        "query($h:ID!){household(id:$h){id}}",
        "query($h:ID!){household(id:$h){members{totalCount}}}",
        "query($h:ID!){node(id:$h){__typename}}",
    ],
)
async def test_what_was_told_of_people_is_a_permit_in_the_log(here: Hub, made: Made, query: str) -> None:
    """That somebody visible lives there is told, if not who: only of a household of nobody visible is nothing told."""
    asks = await caller(here, made, "caseworker")
    outward = here.parts.ring.outward(asks.who.sector)
    decisions = {}
    for who, record in (("seen", asks.sees), ("hidden", asks.hidden[0])):
        ledger = Standing(here.parts.ledger)
        home = outward.encode("H", (await homes_of(here, record))[0])
        await here.with_parts(ledger=ledger).data(asks.who, query, {"h": home}, case=asks.case)
        (entry,) = ledger.entries
        decisions[who] = entry.decision
        assert bool(entry.attempted or entry.shown) == (who == "seen"), "people of the case are reached for"
    assert decisions == {"seen": "permit", "hidden": "none_shown"}
