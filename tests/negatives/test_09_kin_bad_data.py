"""Kin and ways over bad and boundless data, through the public door: they end, and tell what is there."""

from __future__ import annotations

from typing import Any

from domain.links import LinkKind
from tests.negatives.cast import caller
from tests.worlds.copies import Made, grant_warrant, open_case
from tests.worlds.hub import Hub
from tests.worlds.planted import Born, Tie, plant, record_of

BIRTH = LinkKind.PARENT_BIRTH
QUERY = """query($a:ID!,$b:ID!){
 kin(of:$a,depth:8,first:100){totalCount edges{node{degree kind full term(language:EN)}}}
 kinPath(from:$a,to:$b,depth:8){degree steps{term(language:EN)}}}"""


async def _asked(here: Hub, made: Made, name: str, people: list[Born], ties: list[Tie], goal: int) -> Any:
    ids = await plant(here, name, people, ties)
    who = (await caller(here, made, "investigator")).who
    await open_case(here, who, f"CASE-{name}", [record_of(name, 0)])
    await grant_warrant(here, f"CASE-{name}", [record_of(name, 0)], depth=8)
    outward = here.parts.ring.outward(who.sector)
    given = {"a": outward.encode("P", ids[0]), "b": outward.encode("P", ids[goal])}
    return await here.data(who, QUERY, given, case=f"CASE-{name}")


async def test_a_line_of_172_generations(here: Hub, made: Made) -> None:
    ties = [Tie(n, n + 1, BIRTH) for n in range(172)]
    found = await _asked(here, made, "line", [Born("F", "1950-01-01")] * 173, ties, 8)
    terms = [edge["node"]["term"] for edge in found["kin"]["edges"]]
    assert terms == ["mother", "grandmother", *("great-" * n + "grandmother" for n in range(1, 7))]
    assert [way["degree"] for way in found["kinPath"]] == [8]


async def test_people_who_are_their_own_ancestors(here: Hub, made: Made) -> None:
    """A circle of three, one who is their own parent, and two who are each other's."""
    ties = [Tie(0, 1, BIRTH), Tie(1, 2, BIRTH), Tie(2, 0, BIRTH), Tie(2, 2, BIRTH), Tie(1, 3, BIRTH), Tie(3, 1, BIRTH)]
    found = await _asked(here, made, "circle", [Born("M")] * 4, ties, 3)
    assert sorted(edge["node"]["degree"] for edge in found["kin"]["edges"]) == [1, 1, 2]
    assert [way["degree"] for way in found["kinPath"]] == [2]


async def test_two_sets_of_birth_parents(here: Hub, made: Made) -> None:
    parents = [Tie(child, parent, BIRTH) for child in (0, 1) for parent in (2, 3, 4, 5)]
    found = await _asked(here, made, "twosets", [Born("F")] * 6, parents, 1)
    sister = next(e["node"] for e in found["kin"]["edges"] if e["node"]["degree"] == 2)
    assert (sister["term"], sister["full"], sister["kind"]) == ("sister", True, "BLOOD")
    assert len(found["kinPath"]) == 4


async def test_two_women_who_married_twice(here: Hub, made: Made) -> None:
    marriage = LinkKind.PARTNER_MARRIAGE
    ended, in_force = Tie(0, 1, LinkKind.PARTNER_CIVIL, "2010-01-01"), Tie(0, 1, marriage)
    found = await _asked(here, made, "twice", [Born("F")] * 3, [ended, in_force, Tie(1, 2, BIRTH)], 2)
    assert [edge["node"]["term"] for edge in found["kin"]["edges"]] == ["wife", "mother-in-law"]
    assert [step["term"] for step in found["kinPath"][0]["steps"]] == ["wife", "mother-in-law"]


async def test_one_with_ten_thousand_children(here: Hub, made: Made) -> None:
    """From more than 2,000 a walk goes no further; nearer ones are told all the same."""
    ties = [Tie(n, 0, BIRTH) for n in range(1, 10_001)] + [Tie(10_001, 1, BIRTH)]
    found = await _asked(here, made, "many", [Born("M")] * 10_002, ties, 10_001)
    assert found["kin"]["totalCount"] == 10_000
    assert found["kinPath"] == []
