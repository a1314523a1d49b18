"""The search for the shortest ways between two people, through a step function that is the gate."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import TypeVar

from resolvers.kin.ties import MOST_WAYS, Ties, Way
from resolvers.kin.walk import MOST_IN_A_STEP, Link

L = TypeVar("L", bound=Link)


async def search(
    start: int | None,
    goal: int | None,
    depth: int,
    step: Callable[[Iterable[int]], Awaitable[Sequence[L]]],
    most: int = MOST_IN_A_STEP,
) -> list[Way]:
    """Shortest ways of at most `depth` links from one person to another, at most MOST_WAYS of them.

    Breadth first, from the start alone: how far somebody stands from the start decides whether a warrant reaches them,
    so that nobody can be asked about from the other end. It makes `depth` steps whether or not either is anybody, and
    whether or not the goal was met; once it was, with nobody in them. From more than `most` people it goes no further.
    """
    ties = Ties()
    seen = set() if start is None else {start}
    frontier = sorted(seen)
    for _ in range(depth):
        links = await step(frontier if len(frontier) <= most else [])
        ties.add(links)
        met = {link.other for link in links} - seen
        seen |= met
        frontier = sorted(met) if goal not in seen else []
    if start is None or goal is None:
        return []
    return ties.ways(start, depth, care=True).to(goal, MOST_WAYS)
