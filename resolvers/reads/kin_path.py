"""The root field `kinPath`: the shortest ways of kinship between two people, as far as the caller may know them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from domain.entries import Reach
from domain.ids import PersonId
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
    ways = await search(
        None if begin is None else begin.person,
        None if last is None else gate.today_of(last),
        depth,
        _Listed(gate, steps),
    )
    return await _views(gate, ways, steps.people, wanted)


class _Listed:
    """The steps of a walk without the links to people whose kinship the caller may not see."""

    def __init__(self, gate: Gate, steps: Steps) -> None:
        self._gate = gate
        self._steps = steps

    async def __call__(self, frontier: Iterable[int]) -> Sequence[Relation]:
        return [link for link in await self._steps(frontier) if self._gate.permits(link.far, "kinship")]


async def _views(
    gate: Gate, ways: Sequence[Way], people: Mapping[PersonId, Known], wanted: Wanted
) -> list[KinPathView]:
    selected = tuple(child for each in wanted.named("steps") for child in each.children)
    steps = Wanted("steps", "steps", {}, None, selected)
    goals = {PersonId(way.people[-1]) for way in ways}
    passed = [PersonId(p) for way in ways for p in way.people] if wanted.has("steps") else sorted(goals)
    shown = {person: people[person] for person in dict.fromkeys(passed)}
    reach = {person: Reach.OPENED if person in goals else Reach.LISTED for person in shown}
    views = await person_views(gate, list(shown.values()), person_wanted(steps), reach)
    telling = Telling(gate, people)
    named = {way: [kinship(way.cut(length)) for length in range(1, len(way.people) + 1)] for way in ways}
    await telling.learn((one for found in named.values() for one in found), steps)
    for known in shown.values():
        gate.disclose(known, "kinship", _DISCLOSED | steps.names() & {"term"})
    for way in ways if gate.moment.on is not None else ():
        for length, person in enumerate(map(PersonId, way.people), start=1):
            # A link that is there on a day tells when it began and ended.
            if person in shown and not lasts(way.names[:length]):
                gate.disclose(shown[person], "civil_status", {"event_date"})
    return [
        KinPathView(
            len(way.people),
            named[way][-1].kind.value,
            _steps(way, named[way], views, telling, steps) if wanted.has("steps") else [],
        )
        for way in ways
    ]


_DISCLOSED = frozenset({"relation", "degree", "kind"})
"""What a way tells of each of its people, selected or not."""


def _steps(
    way: Way, named: Sequence[Kinship], views: Mapping[PersonId, PersonView], telling: Telling, selection: Wanted
) -> list[KinStepView]:
    return [
        KinStepView(person=views[PersonId(person)], relation=name, terms=telling.terms(one, selection))
        for person, name, one in zip(way.people, way.names, named, strict=True)
    ]
