"""9: over random families kin and its ways, through the public door, equal a plain recursion without the hidden."""

from __future__ import annotations

import asyncio
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from domain.ids import PersonId
from tests.markers.test_controls import AllowAll
from tests.negatives.cast import caller
from tests.resolvers.kin.families import Family, all_ways, families
from tests.worlds.copies import Made, grant_warrant, open_case, protect
from tests.worlds.hub import Hub
from tests.worlds.planted import plant, record_of

DEPTH = 5
KIN = "query($i:ID!,$d:Int!){kin(of:$i,depth:$d,first:100){totalCount edges{node{degree relation person{id}}}}}"
PATH = """query($a:ID!,$b:ID!,$d:Int!){kinPath(from:$a,to:$b,depth:$d){degree kind steps{relation person{id}}}}"""


class _Planted:
    """A family in a hub, and an investigator with a warrant on its first member."""

    def __init__(self, here: Hub, name: str, family: Family) -> None:
        self.here, self.name, self.family = here, name, family

    async def make(self, made: Made) -> None:
        family, here = self.family, self.here
        self.ids = await plant(here, self.name, family.people, family.ties)
        for person in sorted(family.graded):
            await protect(here, record_of(self.name, person))
        self.who = (await caller(here, made, "investigator")).who
        self.case, first = f"CASE-{self.name}", record_of(self.name, 0)
        await open_case(here, self.who, self.case, [first])
        await grant_warrant(here, self.case, [first], warrant=f"WARRANT-{self.name}", depth=8)
        outward = here.parts.ring.outward(self.who.sector)
        self.outward = [outward.encode("P", PersonId(i)) for i in self.ids]
        self.place = {id: place for place, id in enumerate(self.outward)}

    async def kin(self, hub: Hub) -> dict[int, int]:
        found = await hub.data(self.who, KIN, {"i": self.outward[0], "d": DEPTH}, case=self.case)
        edges = [edge["node"] for edge in found["kin"]["edges"]]
        assert found["kin"]["totalCount"] == len(edges)
        assert all(len(node["relation"]) == node["degree"] for node in edges)
        return {self.place[node["person"]["id"]]: node["degree"] for node in edges}

    async def ways(self, hub: Hub, goal: int) -> set[tuple[int, ...]]:
        given_ = {"a": self.outward[0], "b": self.outward[goal], "d": DEPTH}
        found = (await hub.data(self.who, PATH, given_, case=self.case))["kinPath"]
        ways = [tuple(self.place[step["person"]["id"]] for step in way["steps"]) for way in found]
        assert len(set(ways)) == len(ways)
        assert all(way["degree"] == len(way["steps"]) for way in found)
        return set(ways)


@pytest.fixture
def runner(made: Made, tmp_path: Path) -> Any:
    """A hub over a copy of the stores, on a loop of its own, for ordinary test functions."""
    with asyncio.Runner() as one:
        context = made.copy(tmp_path / "hub")
        hub = one.run(context.__aenter__())
        try:
            yield one, hub, count()
        finally:
            one.run(context.__aexit__(None, None, None))


_SETTINGS = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def test_kin_and_ways_equal_a_plain_recursion(runner: Any, made: Made) -> None:
    one, hub, numbers = runner
    met = {"hidden": 0, "several": 0, "far": 0}

    @_SETTINGS
    @given(family=families())
    def check(family: Family) -> None:
        async def ask() -> None:
            planted = _Planted(hub, f"o{next(numbers)}", family)
            await planted.make(made)
            expected = all_ways(family, 0, DEPTH)
            assert await planted.kin(hub) == {goal: len(next(iter(ways))) for goal, ways in expected.items()}
            for goal in range(1, len(family.people)):
                found = await planted.ways(hub, goal)
                shortest = expected.get(goal, set())
                assert found == shortest if len(shortest) <= 20 else (len(found) == 20 and found < shortest)
                met["several"] += len(found) > 1
                met["far"] += any(len(way) > 2 for way in found)
            met["hidden"] += bool(family.hidden)

        one.run(ask())

    check()
    assert min(met.values()) > 2, f"no empty exercise: {met}"


def test_a_walk_that_ignores_the_hidden_is_caught(runner: Any, made: Made) -> None:
    one, hub, numbers = runner
    lax = hub.with_parts(table=AllowAll())
    caught = 0

    @_SETTINGS
    @given(family=families())
    def look(family: Family) -> None:
        async def ask() -> None:
            nonlocal caught
            planted = _Planted(hub, f"l{next(numbers)}", family)
            await planted.make(made)
            expected = all_ways(family, 0, DEPTH)
            for goal in range(1, len(family.people)):
                caught += await planted.ways(lax, goal) != expected.get(goal, set())

        one.run(ask())

    look()
    assert caught > 5
