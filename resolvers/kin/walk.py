"""Breadth-first walks, several at once, over links that a step function returns.

The step function *is* the gate: it returns links to people whom the caller may know, so nobody is ever reached through
a person whom they may not. A walk always makes `depth` steps, with an empty frontier too.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

MOST_IN_A_STEP = 2_000
"""From more people than this a walk goes no further. All of them may be known by the caller, so that it tells nothing
of anybody else."""


class Link(Protocol):
    """What a step returns."""

    @property
    def person(self) -> int:
        """The near person, one of the frontier."""
        ...

    @property
    def other(self) -> int:
        """The far person."""
        ...

    @property
    def name(self) -> str:
        """What the far person is to the near one."""
        ...


L = TypeVar("L", bound=Link)


@dataclass(frozen=True, slots=True)
class Reached(Generic[L]):
    """Somebody reached: by which last link, and by which names of links from the start. The degree is their number."""

    link: L
    path: tuple[str, ...]


class _Walk(Generic[L]):
    def __init__(self, start: int) -> None:
        self._seen = {start}
        self._paths: dict[int, tuple[str, ...]] = {start: ()}
        self.reached: list[Reached[L]] = []

    def frontier(self) -> Iterable[int]:
        return self._paths.keys()

    def advance(self, links: Iterable[L]) -> None:
        """Take the links of one step; the first link to a person in the order (path, name) is the one kept."""
        found: dict[int, Reached[L]] = {}
        for link in links:
            before = self._paths.get(link.person)
            if before is None or link.other in self._seen:
                continue
            reached = Reached(link, (*before, link.name))
            held = found.get(link.other)
            if held is None or reached.path < held.path:
                found[link.other] = reached
        self._seen |= found.keys()
        self._paths = {other: reached.path for other, reached in found.items()}
        self.reached += [found[other] for other in sorted(found, key=lambda o: (found[o].path, o))]


async def walk(
    starts: Sequence[int],
    depth: int,
    step: Callable[[Iterable[int]], Awaitable[Sequence[L]]],
    most: int = MOST_IN_A_STEP,
) -> dict[int, list[Reached[L]]]:
    """Everyone within `depth` links of each start, nearest first, each once, over a shortest path.

    All walks share their steps: one call a depth for the whole frontier. Where that is more than `most` people, all of
    them end there: what was reached so far stands. Ascending (degree, path, person).
    """
    walks = {start: _Walk[L](start) for start in starts}
    for _ in range(depth):
        frontier = sorted({person for w in walks.values() for person in w.frontier()})
        links = await step(frontier if len(frontier) <= most else [])
        for w in walks.values():
            w.advance(links)
    return {start: w.reached for start, w in walks.items()}
