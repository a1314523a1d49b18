"""From what the gate opened to what policy asks for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from docket.dossiers import Protection
from domain.claims import ProtectiveKind
from domain.ids import HouseholdId, KeyHash, PersonId
from graph.shapes import Facts
from policy.decision.facts import Protections, Subject
from resolvers.gate.opening import OpenPerson
from resolvers.gate.people import People

_NOWHERE: frozenset[HouseholdId] = frozenset()


def subject_of(person: OpenPerson, around_keys: frozenset[KeyHash], today: date) -> Subject:
    """One person as policy sees them today; `around_keys`: of those whose grade reaches them."""
    return Subject(
        person=person.person,
        keys=frozenset(person.shape.keys),
        region=person.region(today),
        birth_date=person.facts.birth_date,
        address_keys=person.address_keys(today),
        households=person.homes(today),
        around_keys=around_keys,
    )


def reaching_keys(
    opened: Mapping[PersonId, OpenPerson], facts: Facts, seen: People, today: date
) -> dict[PersonId, frozenset[KeyHash]]:
    """For each person the keys of those whose grade reaches them: parents ever stated, and present co-residents."""
    homes = {person: one.homes(today) for person, one in opened.items()}
    present_homes = frozenset().union(*homes.values())
    beside = {o for home in present_homes for o in facts.households.get(home, ())}
    for other in beside.difference(homes):
        shape = facts.around.get(other)
        if shape is not None:
            homes[other] = seen.open(shape).homes(today)
    reaching = {}
    for person, one in opened.items():
        there = {o for home in homes[person] for o in facts.households.get(home, ()) if home in homes.get(o, _NOWHERE)}
        near = (there | set(one.shape.parents)) - {person}
        shapes = [shape for o in near if (shape := facts.people.get(o) or facts.around.get(o)) is not None]
        reaching[person] = frozenset(key for shape in shapes for key in shape.keys)
    return reaching


def protections_of(matters: Iterable[Protection]) -> Protections:
    """What the docket's matters mean for policy: graded keys and reported pairs."""
    graded: set[KeyHash] = set()
    pairs: list[tuple[KeyHash, KeyHash]] = []
    for matter in matters:
        if matter.kind is ProtectiveKind.GRADE:
            graded.update(matter.keys)
        else:
            one, other = matter.sides
            pairs += [(a, b) for a in one for b in other]
    return Protections.of(graded, pairs)
