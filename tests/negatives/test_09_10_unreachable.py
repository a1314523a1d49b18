"""9, 10: nobody is reached through somebody hidden, under whatever name, fragment, interface or direction."""

from __future__ import annotations

import json
from dataclasses import dataclass

from domain.ids import PersonId
from domain.links import LinkKind
from domain.principals import Principal
from tests.negatives.cast import caller
from tests.negatives.married import Married
from tests.negatives.recording import recorded
from tests.worlds.copies import Made, grant_warrant, open_case, protect
from tests.worlds.hub import Hub

CASE = "CASE-990000005"
KIN = "query($i:ID!,$d:Int!){kin(of:$i,depth:$d,first:100){totalCount edges{node{degree relation person{id}}}}}"


@dataclass(frozen=True)
class Line:
    """Three in a line: `near` is a child of `middle`, who is a child of `far`; `far` is reached by no shorter way."""

    who: Principal
    near: str
    middle: str
    far: str


async def _around(here: Hub, person: PersonId) -> tuple[set[PersonId], set[PersonId]]:
    """Everyone one link away, and the birth parents among them."""
    ties = await here.parts.reader.ties([person], frozenset(LinkKind))
    parents = {link.other for link in ties if link.outgoing and link.kind is LinkKind.PARENT_BIRTH}
    return {link.other for link in ties}, parents


async def line_of(here: Hub, made: Made) -> Line:
    """An investigator with a warrant of depth 2 on a grandchild; only one way of length 2 leads to the grandparent."""
    records = {await here.internal(record): record for record in made.rows}
    who = (await caller(here, made, "investigator")).who
    for near, record in records.items():
        if made.rows[record]["birthDate"] < "1985":
            continue
        beside, parents = await _around(here, near)
        for middle in sorted(parents & records.keys()):
            for far in sorted((await _around(here, middle))[1] & records.keys()):
                if (await _around(here, far))[0] & beside == {middle} and len(beside) > 1:
                    await open_case(here, who, CASE, [record])
                    await grant_warrant(here, CASE, [record])
                    return Line(who, record, records[middle], records[far])
    raise AssertionError("no such line")


async def hide(here: Hub, made: Made, line: Line) -> Hub:
    """The middle one becomes somebody the officer may not know: the far one and the near one stay as they were."""
    officer = await here.internal(made.sample["officers"]["investigator"]["recordId"])
    return here.with_parts(reader=Married(here.parts.reader, officer, await here.internal(line.middle)))


async def _reached(here: Hub, line: Line, depth: int = 2) -> dict[str, int]:
    id = await here.person_id(line.who, line.near)
    found = (await here.data(line.who, KIN, {"i": id, "d": depth}, case=CASE))["kin"]
    assert found["totalCount"] == len(found["edges"])
    return {edge["node"]["person"]["id"]: edge["node"]["degree"] for edge in found["edges"]}


async def test_a_hidden_relative_makes_the_far_one_unreachable(here: Hub, made: Made) -> None:
    line = await line_of(here, made)
    middle, far = await here.person_id(line.who, line.middle), await here.person_id(line.who, line.far)
    open_ = await _reached(here, line)
    assert open_[middle] == 1 and open_[far] == 2
    hidden = await _reached(await hide(here, made, line), line)
    assert middle not in hidden and far not in hidden
    assert hidden.items() <= open_.items(), "and of the others not even the length of the way changes"
    assert hidden, "whoever is reached by another way is"


FRAGMENTS = """
query($i:ID!,$r:[_Any!]!){
  a: kin(of:$i,depth:2,first:20){...K}
  b: node(id:$i){... on Node{id ... on Person{kin(depth:2,first:20){...K}}}}
  c: person(id:$i){x: kin(depth:1,first:10){edges{node{person{id kin(depth:1,first:10){...K}}}}}}
  d: _entities(representations:$r){... on Node{id} ... on Person{y: kin(depth:2,first:20){...K}}}
  e: person(id:$i){households{members(first:10){edges{node{person{id kin(depth:1,first:10){...K}}}}}}}
}
fragment K on KinConnection{totalCount edges{node{degree ... on Kin{p: person{... on Node{id}}}}}}
"""


async def test_by_no_alias_fragment_interface_or_entity(here: Hub, made: Made) -> None:
    """One document that asks in every way; the hidden one's id and the far one's stand nowhere in its bytes."""
    line = await line_of(here, made)
    id = await here.person_id(line.who, line.near)
    middle, far = await here.person_id(line.who, line.middle), await here.person_id(line.who, line.far)
    variables = {
        "i": id,
        "r": [{"__typename": "Person", "id": i} for i in (id, middle, far)],
    }
    before = await here.ask(line.who, FRAGMENTS, variables, case=CASE)
    assert before.status == 200 and before.body.count(middle.encode()) >= 4 and far.encode() in before.body
    hidden = await hide(here, made, line)
    after = await hidden.ask(line.who, FRAGMENTS, variables, case=CASE)
    assert after.status == 200 and b'"errors"' not in after.body
    assert middle.encode() not in after.body and far.encode() not in after.body
    assert json.loads(after.body)["data"]["d"][1:] == [None, None]


async def test_not_from_the_far_end_either(here: Hub, made: Made) -> None:
    """The reverse edge: under a warrant on the far one, the near one is unreachable past the hidden middle."""
    line = await line_of(here, made)
    back = "CASE-990000006"
    await open_case(here, line.who, back, [line.far])
    await grant_warrant(here, back, [line.far], warrant="WARRANT-990000002")
    id, near = await here.person_id(line.who, line.far), await here.person_id(line.who, line.near)

    async def reached(hub: Hub) -> set[str]:
        found = (await hub.data(line.who, KIN, {"i": id, "d": 2}, case=back))["kin"]["edges"]
        return {edge["node"]["person"]["id"] for edge in found}

    assert near in await reached(here)
    assert near not in await reached(await hide(here, made, line))


async def test_a_walk_that_is_cut_makes_the_same_calls(here: Hub, made: Made) -> None:
    line = await line_of(here, made)
    watched, calls = recorded(here)
    await _reached(watched, line)
    first = calls.since(0)
    watched, calls = recorded(await hide(here, made, line))
    await _reached(watched, line)
    assert calls.since(0) == first


async def test_a_grade_in_the_middle_cuts_too(here: Hub, made: Made) -> None:
    line = await line_of(here, made)
    await protect(here, line.middle)
    reached = await _reached(here, line)
    far = await here.person_id(line.who, line.far)
    assert far not in reached or reached[far] > 2
