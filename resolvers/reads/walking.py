"""Walks through the gate: the steps of a walk as the mandate allows them, and whom they met."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from domain.errors import Code, Invalid
from domain.ids import PersonId
from domain.links import FAMILIES, PARENTS, Family, LinkKind
from resolvers.gate.gate import Gate
from resolvers.gate.known import Known
from resolvers.gate.relations import Relation
from resolvers.kin.ties import Ties
from resolvers.kin.walk import MOST_IN_A_STEP, Reached, walk

MAX_DEPTH = 8

Kin = Reached[Relation]


def bound(depth: int, families: Iterable[str] | None) -> None:
    """Raises Invalid for a depth outside 1 to MAX_DEPTH and for a kind of link that does not exist."""
    if not 1 <= depth <= MAX_DEPTH:
        raise Invalid(Code.INVALID_ARGUMENT, field="depth", fix="depth_from_1_to_8")
    if families is not None and not set(families) <= {family.value for family in Family}:
        raise Invalid(Code.INVALID_ARGUMENT, field="families", fix="parent_partner_or_guardian")


class Steps:
    """The step function of one walk: under a warrant it goes as deep and over such links as that allows, and the number
    of its calls is that of its steps whatever comes of them. `people` and `ties` are what they met."""

    def __init__(self, gate: Gate, depth: int, families: Iterable[str] | None) -> None:
        gate.reach_for_family()
        self._gate = gate
        self._kinds = _kinds(gate, families)
        self._covered = gate.walk_depth(depth)
        self._taken = 0
        self.people: dict[PersonId, Known] = {}
        self.ties = Ties()

    async def __call__(self, frontier: Iterable[int]) -> Sequence[Relation]:
        """One step further."""
        self._taken += 1
        return await self._step(frontier, self._kinds, self._taken <= self._covered)

    async def parents(self, of: Iterable[int]) -> None:
        """One step more, to the parents of people whom the last step met, for what that tells of these."""
        self._taken += 1
        covered = self._gate.walk_depth(self._taken) >= self._taken
        await self._step(sorted(of), self._kinds & PARENTS, covered)

    async def _step(self, frontier: Iterable[int], kinds: frozenset[LinkKind], covered: bool) -> Sequence[Relation]:
        await asyncio.sleep(0)  # others go on between two steps, and a time limit can strike
        asked = [PersonId(p) for p in frontier] if covered else []
        links = await self._gate.step(asked, kinds, self._taken)
        for link in links:
            self.people.setdefault(link.far.person, link.far)
        self.ties.add(links)
        return links


@dataclass(frozen=True, slots=True)
class Walked:
    """A walk from several people: whom it reached from each, and what it met on the way."""

    depth: int
    reached: dict[PersonId, list[Kin]]
    people: dict[PersonId, Known] = field(default_factory=dict)
    ties: Ties = field(default_factory=Ties)


async def walk_from(
    gate: Gate, starts: Sequence[Known], depth: int, families: Iterable[str] | None, *, siblings: bool = False
) -> Walked:
    """Everyone whom the caller may know within `depth` links of each start.

    `siblings`: whether it shall be known of siblings which parents they share; a walk of two links then takes a third
    step, from them to their parents. The number of steps hangs on what was asked alone. At another moment it is walked
    twice under a warrant (`reaching_as_today`).
    """
    gate = await reaching_as_today(gate, starts, depth, families)
    steps = Steps(gate, depth, families)
    walkable = gate.walkable(starts)
    steps.people.update((known.person, known) for known in starts)
    reached = await walk([known.person for known in walkable], depth, steps)
    if siblings and depth == 2:
        parents = {parent for known in walkable for parent in steps.ties.named(known.person, "parent_birth")}
        beside = {child for parent in parents for child in steps.ties.named(parent, "child_birth")}
        await steps.parents(beside if len(beside) <= MOST_IN_A_STEP else ())
    found = {known.person: reached.get(known.person, []) for known in starts}
    return Walked(depth, found, steps.people, steps.ties)


async def reaching_as_today(gate: Gate, starts: Sequence[Known], depth: int, families: Iterable[str] | None) -> Gate:
    """The gate, for a walk of its moment: under a warrant the past reaches those alone whom the same walk reaches
    today, for links that are no more open nobody's data. That walk is then made, whatever it finds."""
    if not gate.walks_in_the_past:
        return gate
    today = await walk_from(gate.present(), starts, depth, families)
    return gate.reaching(kin.link.far for found in today.reached.values() for kin in found)


def _kinds(gate: Gate, families: Iterable[str] | None) -> frozenset[LinkKind]:
    named = set(Family) if families is None else {Family(name) for name in families}
    allowed = gate.walk_families()
    return frozenset(kind for family in named & allowed for kind in FAMILIES[family])
