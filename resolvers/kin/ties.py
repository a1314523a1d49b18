"""The part of the graph that one walk met: who is what to whom, among people whom the caller may know, and the shortest
ways through it. Pure; nothing in it was hidden when it was put in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from domain.links import LinkKind
from resolvers.kin.walk import Link

MOST_WAYS = 20
"""Of several shortest ways between two people, so many are looked at and told."""

_PARENT_ORDER = (LinkKind.PARENT_BIRTH, LinkKind.PARENT_ADOPTIVE, LinkKind.PARENT_STEP, LinkKind.PARENT_FOSTER)
CHILD_OF: Mapping[str, str] = {kind.value: kind.value.replace("parent_", "child_") for kind in _PARENT_ORDER}
"""A parent's link from the child → the same link from the parent."""
CARE_NAMES = frozenset({LinkKind.GUARDIAN.value, LinkKind.RESPONSIBILITY.value, "ward", "under_responsibility"})
"""Links of law, which are no kinship."""

_ORDER: Mapping[str, int] = {
    name: place
    for place, name in enumerate(
        (
            "parent_birth",
            "child_birth",
            "parent_adoptive",
            "child_adoptive",
            "partner_marriage",
            "partner_civil",
            "partner_cohabiting",
            "parent_step",
            "child_step",
            "parent_foster",
            "child_foster",
            "guardian",
            "ward",
            "responsibility",
            "under_responsibility",
        )
    )
}
"""Of several links between the same two, the first of these is the one that a way takes."""


def lasts(names: Iterable[str]) -> bool:
    """Whether links of these names are parentage alone, which has no end."""
    return all(name.startswith(("parent_", "child_")) for name in names)


@dataclass(frozen=True, slots=True)
class Way:
    """A way from a start: the people after it, and by which name each follows the one before."""

    start: int
    people: tuple[int, ...]
    names: tuple[str, ...]

    def cut(self, length: int) -> Way:
        """Its first `length` links."""
        return Way(self.start, self.people[:length], self.names[:length])


class Ties:
    """Links as steps returned them. Two people may be tied by several: each way takes the one that says most."""

    def __init__(self) -> None:
        self._names: dict[int, dict[int, set[str]]] = {}

    def add(self, links: Iterable[Link]) -> None:
        """Take what a step returned."""
        for link in links:
            self._names.setdefault(link.person, {}).setdefault(link.other, set()).add(link.name)

    def named(self, person: int, name: str) -> frozenset[int]:
        """Who is what to a person, as seen from that person or from them."""
        back = CHILD_OF.get(name)
        there = {other for other, names in self._names.get(person, {}).items() if name in names}
        if back is not None:
            there |= {other for other, near in self._names.items() if back in near.get(person, ())}
        return frozenset(there)

    def ways(self, start: int, depth: int, *, care: bool) -> Ways:
        """The shortest ways from a start to everyone within `depth` links; without `care`, over kinship alone."""
        distance, before = {start: 0}, dict[int, list[tuple[int, str]]]()
        frontier = [start]
        for length in range(1, depth + 1):
            following: dict[int, None] = {}
            for person in frontier:
                for other, name in self._next(person, care):
                    if distance.setdefault(other, length) == length:
                        before.setdefault(other, []).append((person, name))
                        following[other] = None
            frontier = list(following)
        return Ways(start, before)

    def _next(self, person: int, care: bool) -> Iterator[tuple[int, str]]:
        for other, names in self._names.get(person, {}).items():
            usable = names if care else names - CARE_NAMES
            if usable:
                yield other, min(usable, key=_ORDER.__getitem__)


@dataclass(frozen=True, slots=True)
class Ways:
    """All shortest ways from one start, kept as who comes before whom."""

    start: int
    before: Mapping[int, Sequence[tuple[int, str]]]

    def to(self, goal: int, most: int = MOST_WAYS) -> list[Way]:
        """At most `most` shortest ways to somebody, the same ones always; none to the start or to whom none leads."""
        if goal == self.start or goal not in self.before:
            return []
        unfinished: list[tuple[int, tuple[int, ...], tuple[str, ...]]] = [(goal, (), ())]
        found: list[Way] = []
        while unfinished and len(found) < most:
            person, people, names = unfinished.pop()
            if person == self.start:
                found.append(Way(self.start, people, names))
                continue
            steps = sorted(self.before[person], key=lambda step: (_ORDER[step[1]], step[0]), reverse=True)
            unfinished += [(near, (person, *people), (name, *names)) for near, name in steps]
        return found
