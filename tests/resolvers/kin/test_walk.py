"""Walks against a plain recursion over random families, hidden people removed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from resolvers.kin.walk import walk


@dataclass(frozen=True)
class Edge:
    """A link as a step returns it."""

    person: int
    other: int
    name: str


PEOPLE = 12
edges = st.lists(
    st.builds(Edge, st.integers(0, PEOPLE - 1), st.integers(0, PEOPLE - 1), st.sampled_from(["a", "b", "c"])),
    max_size=40,
)


def _distances(links: Sequence[Edge], hidden: frozenset[int], start: int, depth: int) -> dict[int, int]:
    """Shortest distances by relaxing every link as often as there are people: slow and plain."""
    distance = {start: 0}
    for _ in range(PEOPLE):
        for link in links:
            if link.person in distance and link.other not in hidden:
                there = distance[link.person] + 1
                if there < distance.get(link.other, PEOPLE + 1):
                    distance[link.other] = there
    return {person: d for person, d in distance.items() if 0 < d <= depth}


async def _walk(
    links: Sequence[Edge], hidden: frozenset[int], starts: Sequence[int], depth: int
) -> tuple[dict[int, dict[int, tuple[str, ...]]], list[int]]:
    calls: list[int] = []

    async def step(frontier: Iterable[int]) -> list[Edge]:
        near = set(frontier)
        calls.append(len(near))
        return [link for link in links if link.person in near and link.other not in hidden]

    reached = await walk(starts, depth, step)
    return {start: {r.link.other: r.path for r in found} for start, found in reached.items()}, calls


@given(links=edges, hidden=st.frozensets(st.integers(1, PEOPLE - 1), max_size=5), depth=st.integers(1, 8))
async def test_reaches_exactly_those_within_depth_and_never_through_the_hidden(
    links: list[Edge], hidden: frozenset[int], depth: int
) -> None:
    reached, calls = await _walk(links, hidden, [0], depth)
    expected = _distances(links, hidden, 0, depth)
    assert {person: len(path) for person, path in reached[0].items()} == expected
    assert len(calls) == depth


@given(links=edges, depth=st.integers(1, 5))
async def test_walks_together_equal_walks_alone(links: list[Edge], depth: int) -> None:
    together, _ = await _walk(links, frozenset(), [0, 1, 2], depth)
    for start in (0, 1, 2):
        alone, _ = await _walk(links, frozenset(), [start], depth)
        assert together[start] == alone[start]


async def test_a_chain_of_ancestors_as_long_as_the_depth_and_a_cycle_end() -> None:
    chain = [Edge(i, i + 1, "parent_birth") for i in range(172)] + [Edge(172, 0, "parent_birth")]
    reached, calls = await _walk(chain, frozenset(), [0], 200)
    assert len(reached[0]) == 172
    assert len(calls) == 200


async def test_no_start_makes_the_same_number_of_steps() -> None:
    _, calls = await _walk([], frozenset(), [], 4)
    assert calls == [0, 0, 0, 0]


async def _wide(most: int) -> tuple[list[int], list[int]]:
    """A walk from 0 to 1 to three people to one more each: whom it reached, and how many each step was asked about."""
    links = [Edge(0, 1, "a"), *(Edge(1, n, "a") for n in (2, 3, 4)), *(Edge(n, n + 3, "a") for n in (2, 3, 4))]
    calls: list[int] = []

    async def step(frontier: Iterable[int]) -> list[Edge]:
        near = set(frontier)
        calls.append(len(near))
        return [link for link in links if link.person in near]

    reached = await walk([0], 4, step, most)
    return [r.link.other for r in reached[0]], calls


async def test_a_walk_ends_where_it_stands_on_too_many() -> None:
    """With as many steps as ever: how far it came is not told by their number."""
    assert await _wide(3) == ([1, 2, 3, 4, 5, 6, 7], [1, 1, 3, 3])
    assert await _wide(2) == ([1, 2, 3, 4], [1, 1, 0, 0])
