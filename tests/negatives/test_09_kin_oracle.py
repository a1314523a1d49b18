"""9: over random families kin and its ways, through the public door, equal a plain recursion without the hidden."""

from __future__ import annotations

from typing import Any

from hypothesis import given

from tests.markers.test_controls import AllowAll
from tests.negatives.walks import DEPTH, SETTINGS, Planted
from tests.resolvers.kin.families import Family, all_ways, families
from tests.worlds.copies import Made


def test_kin_and_ways_equal_a_plain_recursion(runner: Any, made: Made) -> None:
    one, hub, numbers = runner
    met = {"hidden": 0, "several": 0, "far": 0}

    @SETTINGS
    @given(family=families())
    def check(family: Family) -> None:
        async def ask() -> None:
            planted = Planted(hub, f"o{next(numbers)}", family)
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

    @SETTINGS
    @given(family=families())
    def look(family: Family) -> None:
        async def ask() -> None:
            nonlocal caught
            planted = Planted(hub, f"l{next(numbers)}", family)
            await planted.make(made)
            expected = all_ways(family, 0, DEPTH)
            for goal in range(1, len(family.people)):
                caught += await planted.ways(lax, goal) != expected.get(goal, set())

        one.run(ask())

    look()
    assert caught > 5
