"""Links as a walk sees them: from one person to a visible other, under a name that tells the direction."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from domain.ids import PersonId
from domain.links import CARE, PARENTS, LinkKind
from graph.port import Reader
from graph.shapes import Facts, LinkShape
from policy.decision.validity import in_force
from resolvers.gate.known import Known
from resolvers.gate.moment import Moment, parted
from resolvers.gate.opening import Opener


@dataclass(frozen=True, slots=True)
class Relation:
    """One visible link: from whom, to whom, and what the far person is to the near one (child_birth, ward …). `link` is
    as the graph has it."""

    person: PersonId
    far: Known
    name: str
    link: LinkShape

    @property
    def other(self) -> PersonId:
        """The far person's internal id."""
        return self.far.person


async def hop(
    reader: Reader, moment: Moment, frontier: Iterable[PersonId], kinds: frozenset[LinkKind]
) -> tuple[Sequence[LinkShape], Facts]:
    """The links of the frontier as known at the moment, and today's facts of everyone at their far ends."""
    near, at = sorted(set(frontier)), moment.sequence
    if at is None:
        found = await reader.links(near, kinds)
        return found.links, found.far
    found = await reader.links(near, kinds, at)
    hidden = await parted(reader, {*near, *(link.other for link in found.links)}, at)
    return [link for link in found.links if hidden.isdisjoint({link.person, link.other})], found.far


def relations(
    links: Iterable[LinkShape],
    known: Mapping[PersonId, Known],
    opener: Opener,
    day: date,
    dated: Container[PersonId] | None = None,
) -> tuple[Relation, ...]:
    """The links whose far end is known, ascending (person, name, far). Parentage lasts; the rest must be in force on
    the day. `dated`: those to whom such links may be followed, if not to all.
    """
    seen: dict[tuple[PersonId, str, PersonId], Relation] = {}
    for link in links:
        far = known.get(link.other)
        if far is None:
            continue
        if link.kind not in PARENTS:
            if dated is not None and link.other not in dated:
                continue
            terms = opener.link(link)
            if not in_force(terms.since, terms.until, day.isoformat()):
                continue
        name = _name(link)
        seen[link.person, name, link.other] = Relation(link.person, far, name, link)
    return tuple(seen[key] for key in sorted(seen))


def _name(link: LinkShape) -> str:
    if link.outgoing:
        return link.kind.value
    if link.kind in PARENTS:
        return link.kind.value.replace("parent_", "child_")
    if link.kind in CARE:
        return "ward" if link.kind is LinkKind.GUARDIAN else "under_responsibility"
    return link.kind.value
