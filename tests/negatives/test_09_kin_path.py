"""9, 14: ways between two lead through nobody hidden, and hidden ends read as ends that are nobody's."""

from __future__ import annotations

from typing import Any

import pytest

from tests.acquaintance.questions import TOLD
from tests.markers.entries import newest
from tests.negatives.cast import caller, person_ids
from tests.negatives.recording import recorded
from tests.negatives.test_01_02_14_absence import look
from tests.negatives.test_09_10_unreachable import CASE, Line, hide, line_of
from tests.worlds.copies import Made
from tests.worlds.hub import Hub

STEPS = "degree kind steps{relation t:term(language:KK) person{id identity{sex birthDate}}}"
WAYS = f"query($a:ID!,$b:ID!,$d:Int!){{kinPath(from:$a,to:$b,depth:$d){{{STEPS}}}}}"
READERS = ("caseworker", "investigator")
"""The roles that may ask for ways."""


async def _ways(here: Hub, line: Line, start: str, goal: str, depth: int = 2) -> list[dict[str, Any]]:
    ids = {"a": await here.person_id(line.who, start), "b": await here.person_id(line.who, goal), "d": depth}
    found: list[dict[str, Any]] = (await here.data(line.who, WAYS, ids, case=CASE))["kinPath"]
    return found


async def test_a_way_leads_through_nobody_hidden(here: Hub, made: Made) -> None:
    line = await line_of(here, made)
    ways = await _ways(here, line, line.near, line.far)
    middle, far = await here.person_id(line.who, line.middle), await here.person_id(line.who, line.far)
    assert [[step["person"]["id"] for step in way["steps"]] for way in ways] == [[middle, far]]
    assert ways[0]["degree"] == 2 and ways[0]["kind"] == "BLOOD"
    assert [step["relation"] for step in ways[0]["steps"]] == ["parent_birth", "parent_birth"]
    assert all(step["t"] for step in ways[0]["steps"])
    hidden = await hide(here, made, line)
    assert await _ways(hidden, line, line.near, line.far) == []
    assert await _ways(hidden, line, line.near, line.middle) == []


async def test_no_deeper_than_the_warrant_and_from_its_subjects_alone(here: Hub, made: Made) -> None:
    line = await line_of(here, made)
    assert await _ways(here, line, line.near, line.far, depth=8)
    assert await _ways(here, line, line.near, line.far, depth=1) == []
    assert await _ways(here, line, line.middle, line.far) == []
    assert await _ways(here, line, line.near, line.near) == []


async def test_found_cut_and_nobody_make_the_same_calls(here: Hub, made: Made) -> None:
    line = await line_of(here, made)
    near = await here.person_id(line.who, line.near)
    nobody = (await person_ids(here, await caller(here, made, "investigator"))).nobody
    seen = []
    for hub in (here, await hide(here, made, line)):
        for goal in (await here.person_id(line.who, line.far), nobody, "no id", near):
            for start in (near, nobody):
                watched, calls = recorded(hub)
                await watched.data(line.who, WAYS, {"a": start, "b": goal, "d": 4}, case=CASE)
                seen.append(calls.since(0))
    assert len(set(seen)) == 1 and len(seen) == 16


@pytest.mark.parametrize("role", READERS)
async def test_hidden_ends_read_as_ends_that_are_nobodys(here: Hub, made: Made, role: str) -> None:
    asks = await caller(here, made, role)
    watched, calls = recorded(here)
    ids = await person_ids(here, asks)
    sees = await here.person_id(asks.who, asks.sees)
    for names in (("a", "b"), ("b", "a")):
        other = {names[0]: sees, "d": 4}
        expected = await look(watched, calls, asks, WAYS, {**other, names[1]: ids.nobody})
        assert expected[1] == b'{"data":{"kinPath":[]}}'
        for what, id in ids.others.items():
            assert await look(watched, calls, asks, WAYS, {**other, names[1]: id}) == expected, what


async def test_the_entry_names_everyone_on_the_way_and_what_was_told(here: Hub, made: Made) -> None:
    line = await line_of(here, made)
    query = "query($a:ID!,$b:ID!){kinPath(from:$a,to:$b,depth:2){degree steps{term(language:EN) person{id}}}}"
    ids = {"a": await here.person_id(line.who, line.near), "b": await here.person_id(line.who, line.far)}
    await here.data(line.who, query, ids, case=CASE)
    entry = newest(here.folder / "ledger.db", here.parts.ring)
    near, middle, far = [await here.internal(record) for record in (line.near, line.middle, line.far)]
    assert entry.people == {near, middle, far}
    told = {(category, name) for person, category, name in entry.places if person == far}
    assert told == {("kinship", n) for n in ("relation", "degree", "kind", "term")} | {("identity", "sex")}
    assert not {place for place in entry.places if place[0] == near}, "the term of a grandparent tells nothing of them"
    reach = {one.subject: one.reach.value for one in entry.shown}
    assert reach[near] == reach[far] == "opened"


async def test_terms_tell_no_more_than_may_be_read(here: Hub, made: Made) -> None:
    """Of whom an account may not read sex and birth, it gets the terms that need neither."""
    asks = await caller(here, made, "family_member")
    query = f"query($i:ID!){{kin(of:$i,depth:2,first:100){{edges{{node{{{TOLD} person{{id identity{{sex}}}}}}}}}}}}"
    found = (await here.data(asks.who, query, {"i": await here.person_id(asks.who, asks.sees)}))["kin"]["edges"]
    terms = {(edge["node"]["en"], edge["node"]["person"]["identity"] is not None) for edge in found}
    assert ("spouse", False) in terms, "not husband: what an account reads of a spouse is the name"
    assert {term for term, readable in terms if readable} <= {"son", "daughter"}
    assert {term for term, readable in terms if not readable}.isdisjoint({"husband", "wife", "son", "daughter"})
