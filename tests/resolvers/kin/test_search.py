"""Ways between two: bounds, bad data, and the same steps whatever comes of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import pytest

from resolvers.kin.search import search
from resolvers.kin.ties import MOST_WAYS, Ties


@dataclass(frozen=True)
class Edge:
    """A link as a step returns it."""

    person: int
    other: int
    name: str = "parent_birth"


def both(*pairs: tuple[int, int]) -> list[Edge]:
    """Child and parent, seen from either end."""
    return [e for one, other in pairs for e in (Edge(one, other), Edge(other, one, "child_birth"))]


async def found(
    links: list[Edge], start: int | None, goal: int | None, depth: int = 8, most: int = 2_000
) -> tuple[list[tuple[int, ...]], list[int]]:
    """Ways as people, and how many each step was asked about."""
    calls: list[int] = []

    async def step(frontier: Iterable[int]) -> list[Edge]:
        near = set(frontier)
        calls.append(len(near))
        return [link for link in links if link.person in near]

    return [way.people for way in await search(start, goal, depth, step, most)], calls


DIAMOND = both((0, 1), (0, 2), (1, 3), (2, 3), (3, 4))


async def test_all_shortest_ways_in_one_order() -> None:
    assert (await found(DIAMOND, 0, 4))[0] == [(1, 3, 4), (2, 3, 4)]


@pytest.mark.parametrize(("start", "goal"), [(0, 4), (0, 9), (0, None), (None, 4), (None, None), (0, 0)])
async def test_as_many_steps_whoever_is_there(start: int | None, goal: int | None) -> None:
    ways, calls = await found(DIAMOND, start, goal, depth=6)
    assert len(calls) == 6
    assert bool(ways) == ((start, goal) == (0, 4))


async def test_once_the_goal_is_met_nobody_is_asked_about() -> None:
    assert (await found(DIAMOND, 0, 3, depth=5))[1] == [1, 2, 0, 0, 0]


async def test_a_goal_past_the_depth_is_not_reached() -> None:
    chain = both(*((n, n + 1) for n in range(172)))
    assert (await found(chain, 0, 8))[0] == [tuple(range(1, 9))]
    assert (await found(chain, 0, 9))[0] == []


async def test_people_who_are_their_own_ancestors() -> None:
    circle = both((0, 1), (1, 2), (2, 0), (1, 1))
    assert (await found(circle, 0, 2))[0] == [(2,)]


async def test_many_ways_are_bounded_and_always_the_same() -> None:
    """Ten layers of four each: a quarter of a million ways."""
    layers = [[0], *([4 * n + k for k in range(1, 5)] for n in range(7)), [99]]
    links = both(*((a, b) for low, high in pairwise(layers) for a in low for b in high))
    first, _ = await found(links, 0, 99)
    again, _ = await found(list(reversed(links)), 0, 99)
    assert len(first) == MOST_WAYS == len(set(first))
    assert first == again


async def test_no_further_from_too_many() -> None:
    star = both(*((n, 0) for n in range(1, 12)), (20, 1))
    assert (await found(star, 0, 20, most=5)) == ([], [1, 0, 0, 0, 0, 0, 0, 0])
    assert (await found(star, 0, 20, most=11))[0] == [(1, 20)]


def test_a_person_with_ten_thousand_links() -> None:
    ties = Ties()
    ties.add(both(*((n, 0) for n in range(1, 10_001))))
    ways = ties.ways(0, 2, care=True)
    assert ways.to(10_000) != [] and ways.to(10_001) == []
    assert len(ties.named(0, "child_birth")) == 10_000
