"""The root field `kinPath`: the shortest ways of kinship between two people, as far as the caller may know them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from domain.entries import Reach
from domain.ids import PersonId
from domain.records.category import PROVENANCE
from domain.wanted import Wanted
from policy.activity import RootRead
from resolvers.gate.gate import Attempts, Gate
from resolvers.gate.known import Known
from resolvers.gate.relations import Relation
from resolvers.kin.naming import Kinship, kinship
from resolvers.kin.search import search
from resolvers.kin.ties import Way, lasts
from resolvers.reads.building import at_moment, person_wanted
from resolvers.reads.kin_terms import Telling
from resolvers.reads.people import person_views
from resolvers.reads.walking import Steps, bound, reaching_as_today
from resolvers.views.people import KinPathView, KinStepView, PersonView
from resolvers.views.records import ProvenanceView


async def kin_path(
    gate: Gate, start: str, goal: str, depth: int, families: Sequence[str] | None, wanted: Wanted
) -> list[KinPathView]:
    """The shortest ways between the people of two outward ids, at most `ties.MOST_WAYS`; empty if the caller may not
    know either, if there is no way of at most `depth` links, and for one and the same.

    Every person of a way is one whose kinship the caller may see; nobody else is passed through. Raises Invalid as
    `bound` does.
    """
    gate.require(RootRead.KIN_PATH)
    bound(depth, families)
    gate = await at_moment(gate, wanted)
    first, last = gate.names.person_of(start), gate.names.person_of(goal)
    known = await gate.know([p for p in (first, last) if p is not None], attempts=Attempts.ALL)
    for one in known.values():
        gate.show(one, Reach.OPENED)
    starts = [known[first]] if first in known else []
    gate = await reaching_as_today(gate, starts, depth, families)
    steps = Steps(gate, depth, families)
    begin = next(iter(gate.walkable(starts)), None)
    if begin is not None:
        steps.people[begin.person] = begin
    listed = _Listed(gate, steps)
    ways = await search(
        None if begin is None else begin.person,
        None if last is None else gate.today_of(last),
        depth,
        listed,
    )
    return await _views(gate, ways, listed, wanted)


class _Listed:
    """The steps of a walk without the links to people whose kinship the caller may not see."""

    def __init__(self, gate: Gate, steps: Steps) -> None:
        self._gate = gate
        self._steps = steps
        self._links: dict[tuple[int, int, str], Relation] = {}

    async def __call__(self, frontier: Iterable[int]) -> Sequence[Relation]:
        links = [link for link in await self._steps(frontier) if self._gate.permits(link.far, "kinship")]
        self._links.update(((link.person, link.other, link.name), link) for link in links)
        return links

    @property
    def people(self) -> Mapping[PersonId, Known]:
        """Everyone met, the start too."""
        return self._steps.people

    def links(self, way: Way) -> list[Relation]:
        """The links of a way, in its order."""
        near = (way.start, *way.people)
        return [self._links[ends] for ends in zip(near, way.people, way.names, strict=False)]


async def _views(gate: Gate, ways: Sequence[Way], listed: _Listed, wanted: Wanted) -> list[KinPathView]:
    people = listed.people
    selected = tuple(child for each in wanted.named("steps") for child in each.children)
    steps = Wanted("steps", "steps", {}, None, selected)
    goals = {PersonId(way.people[-1]) for way in ways}
    passed = [PersonId(p) for way in ways for p in way.people] if wanted.has("steps") else sorted(goals)
    shown = {person: people[person] for person in dict.fromkeys(passed)}
    reach = {person: Reach.OPENED if person in goals else Reach.LISTED for person in shown}
    views = await person_views(gate, list(shown.values()), person_wanted(steps), reach)
    told = await _told(gate, ways, listed, steps)
    _disclose(gate, ways, shown, steps)
    return [
        KinPathView(
            degree=len(way.people),
            kind=told.kinships[way][-1].kind.value,
            steps=told.steps(way, views) if wanted.has("steps") else [],
        )
        for way in ways
    ]


_DISCLOSED = frozenset({"relation", "degree", "kind"})
"""What a way tells of each of its people, selected or not."""


def _disclose(gate: Gate, ways: Sequence[Way], shown: Mapping[PersonId, Known], steps: Wanted) -> None:
    for known in shown.values():
        gate.disclose(known, "kinship", _DISCLOSED | steps.names() & {"term"})
    for way in ways if gate.moment.on is not None else ():
        for length, person in enumerate(map(PersonId, way.people), start=1):
            # A link that is there on a day tells when it began and ended.
            if person in shown and not lasts(way.names[:length]):
                gate.disclose(shown[person], "civil_status", {"event_date"})


@dataclass(frozen=True, slots=True)
class _Told:
    """What is told of the ways: what each of their people is to the start, and where each link came from."""

    selection: Wanted
    telling: Telling
    kinships: Mapping[Way, Sequence[Kinship]]
    links: Mapping[Way, Sequence[Relation]]
    lines: Mapping[Relation, ProvenanceView]

    def steps(self, way: Way, views: Mapping[PersonId, PersonView]) -> list[KinStepView]:
        """A view of each step of a way."""
        return [
            KinStepView(
                person=views[link.other],
                relation=link.name,
                terms=self.telling.terms(kinship, self.selection),
                provenance=[self.lines[link]][: self.selection.has("relation")] if link in self.lines else None,
            )
            for kinship, link in zip(self.kinships[way], self.links[way], strict=True)
        ]


async def _told(gate: Gate, ways: Sequence[Way], listed: _Listed, steps: Wanted) -> _Told:
    """Read what telling takes: one store call for terms of an instant, one where provenance is selected."""
    telling = Telling(gate, listed.people)
    kinships = {way: [kinship(way.cut(length)) for length in range(1, len(way.people) + 1)] for way in ways}
    await telling.learn((one for found in kinships.values() for one in found), steps)
    links = {way: listed.links(way) for way in ways}
    lines: Mapping[Relation, ProvenanceView] = {}
    if steps.has(PROVENANCE):
        every = {link for found in links.values() for link in found}
        lines = await gate.tie_sources.of_ways([[(listed.people[link.person], link)] for link in every])
    return _Told(steps, telling, kinships, links, lines)
