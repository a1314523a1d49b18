"""Links as a walk sees them: from one person to a visible other, under a name that tells the direction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from domain.ids import PersonId
from domain.links import CARE, PARENTS, LinkKind
from graph.shapes import LinkShape
from policy.decision.validity import in_force
from resolvers.gate.known import Known
from resolvers.gate.opening import Opener


@dataclass(frozen=True, slots=True)
class Relation:
    """One visible link: from whom, to whom, and what the far person is to the near one (child_birth, ward …)."""

    person: PersonId
    far: Known
    name: str

    @property
    def other(self) -> PersonId:
        """The far person's internal id."""
        return self.far.person


def relations(
    links: Iterable[LinkShape], known: Mapping[PersonId, Known], opener: Opener, today: date
) -> tuple[Relation, ...]:
    """The links whose far end is known, ascending (person, name, far). Parentage lasts; the rest must be in force."""
    seen: dict[tuple[PersonId, str, PersonId], Relation] = {}
    for link in links:
        far = known.get(link.other)
        if far is None:
            continue
        if link.kind not in PARENTS:
            terms = opener.link(link)
            if not in_force(terms.since, terms.until, today.isoformat()):
                continue
        name = _name(link)
        seen[link.person, name, link.other] = Relation(link.person, far, name)
    return tuple(seen[key] for key in sorted(seen))


def _name(link: LinkShape) -> str:
    if link.outgoing:
        return link.kind.value
    if link.kind in PARENTS:
        return link.kind.value.replace("parent_", "child_")
    if link.kind in CARE:
        return "ward" if link.kind is LinkKind.GUARDIAN else "under_responsibility"
    return link.kind.value
