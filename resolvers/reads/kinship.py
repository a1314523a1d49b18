"""Kin of people: walks through the gate, and views of whom they reach."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from domain.entries import Reach
from domain.ids import PersonId
from domain.links import FAMILIES, Family, LinkKind
from domain.wanted import Wanted
from policy.activity import RootRead
from resolvers.gate.gate import Gate
from resolvers.gate.known import Known
from resolvers.gate.relations import Relation
from resolvers.kin.walk import Reached, walk
from resolvers.reads.building import BuildPeople, person_wanted
from resolvers.views.pages import Page, cut, node_wanted
from resolvers.views.people import KinView, PersonView

Kin = Reached[Relation]


async def kin_of(
    gate: Gate, starts: Sequence[Known], depth: int, families: Iterable[str] | None
) -> dict[PersonId, list[Kin]]:
    """Everyone whom the caller may know within `depth` links of each start.

    Under a warrant a walk from its subjects goes as deep and over such links as it allows; the number of steps is
    `depth` whatever comes of them.
    """
    gate.reach_for_family()
    kinds = _kinds(gate, families)
    covered = gate.walk_depth(depth)
    steps = 0

    async def step(frontier: Iterable[int]) -> Sequence[Relation]:
        nonlocal steps
        steps += 1
        await asyncio.sleep(0)  # others go on between two steps, and a time limit can strike
        return await gate.step([PersonId(p) for p in frontier] if steps <= covered else [], kinds, steps)

    reached = await walk([known.person for known in gate.walkable(starts)], depth, step)
    return {known.person: reached.get(known.person, []) for known in starts}


def _kinds(gate: Gate, families: Iterable[str] | None) -> frozenset[LinkKind]:
    named = set(Family) if families is None else {Family(name) for name in families}
    allowed = gate.walk_families()
    return frozenset(kind for family in named & allowed for kind in FAMILIES[family])


async def kin_pages(
    gate: Gate, starts: Sequence[Known], connection: Wanted, build: BuildPeople
) -> dict[PersonId, Page[KinView]]:
    """One page of kin for each start, as the connection's arguments and selection ask."""
    arguments: Mapping[str, Any] = connection.arguments
    reached = await kin_of(gate, starts, arguments["depth"], arguments.get("families"))
    selection = node_wanted(connection)
    cuts = {}
    for start, found in reached.items():
        listed = [kin for kin in found if gate.permits(kin.link.far, "kinship")]
        gate.count(listed)
        name = f"kin|{start}|{arguments['depth']}|{sorted(arguments.get('families') or [])}"
        cuts[start] = cut(
            listed,
            arguments["first"],
            gate.names.position(name, arguments.get("after")),
            _place,
            gate.names.cursors(name),
        )
    shown = {kin.link.far.person: kin.link.far for page in cuts.values() for _, kin in page.items}
    reach = dict.fromkeys(shown, Reach.LISTED)
    views = await build(gate, list(shown.values()), person_wanted(selection), reach)
    return {start: page.page([_view(gate, kin, views) for _, kin in page.items]) for start, page in cuts.items()}


def _place(kin: Kin) -> bytes:
    return b"%d" % kin.link.far.person


def _view(gate: Gate, kin: Kin, views: Mapping[PersonId, PersonView]) -> KinView:
    known = kin.link.far
    # Being listed tells both, selected or not: depth, families and the order of a page say how near and over what.
    fields = gate.disclose(known, "kinship", {"relation", "degree"})
    return KinView(
        person=views[known.person],
        degree=len(kin.path) if "degree" in fields else None,
        relation=list(kin.path) if "relation" in fields else None,
    )


async def attach_kin(
    gate: Gate, people: Sequence[Known], views: Mapping[PersonId, PersonView], wanted: Wanted, build: BuildPeople
) -> None:
    """Kin of people, where `wanted` names them: a page for each name the connection has in the answer.

    Under an activity that does not list the act the pages are empty, and nothing is walked.
    """
    for connection in wanted.named("kin"):
        if not gate.may(RootRead.KIN):
            for known in people:
                views[known.person].pages[connection.key] = Page()
            continue
        pages = await kin_pages(gate, people, connection, build)
        for person, page in pages.items():
            views[person].pages[connection.key] = page
