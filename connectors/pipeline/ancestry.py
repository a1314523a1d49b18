"""Who is their own ancestor: a walk upward from people whose parents are new, level by level, bounded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from connectors.pipeline.plausible import LINEAGE
from domain.ids import PersonId
from graph.port import Reader

MOST_GENERATIONS = 512
"""Levels that a walk goes up."""
MOST_PEOPLE = 20_000
"""People whom the walks of one page look at together."""

Parents = Mapping[PersonId, Sequence[PersonId]]
"""Child → parents by birth or adoption."""


async def circles(reader: Reader, start: Iterable[PersonId], in_hand: Parents) -> Parents:
    """Everyone in a circle of parents that can be reached from `start`, with their parents in it.

    `in_hand`: the parents of people who were folded just now, the store does not have these yet. What lies beyond the
    bounds is not looked at.
    """
    parents: dict[PersonId, Sequence[PersonId]] = {}
    level = list(dict.fromkeys(start))
    for _ in range(MOST_GENERATIONS):
        asked = [person for person in level if person not in in_hand]
        stored: dict[PersonId, list[PersonId]] = {}
        if asked:
            for tie in await reader.ties(asked, LINEAGE):
                if tie.outgoing:
                    stored.setdefault(tie.person, []).append(tie.other)
        for person in level:
            parents[person] = in_hand[person] if person in in_hand else stored.get(person, ())
        above = dict.fromkeys(other for person in level for other in parents[person])
        level = [person for person in above if person not in parents]
        if not level or len(parents) + len(level) > MOST_PEOPLE:
            break
    return _round(parents)


def _round(parents: Parents) -> Parents:
    """What stays when whoever has no parents left, then whoever has no children left, is taken away, over and over."""
    left = {person: {one for one in above if one in parents} for person, above in parents.items()}
    for _ in range(2):
        below: dict[PersonId, set[PersonId]] = {person: set() for person in left}
        for person, above in left.items():
            for one in above:
                below[one].add(person)
        bare = [person for person, above in left.items() if not above]
        while bare:
            gone = bare.pop()
            for child in below[gone]:
                left[child].discard(gone)
                if not left[child]:
                    bare.append(child)
            del left[gone]
        turned: dict[PersonId, set[PersonId]] = {person: set() for person in left}
        for person, above in left.items():
            for one in above:
                turned[one].add(person)
        left = turned
    return {person: sorted(above) for person, above in left.items()}
