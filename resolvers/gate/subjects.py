"""From what the gate opened to what policy asks for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from docket.dossiers import Protection
from domain.claims import ProtectiveKind
from domain.ids import HouseholdId, KeyHash, PersonId
from graph.shapes import Facts, PersonShape
from policy.decision.facts import Protections, Subject
from resolvers.gate.opening import OpenPerson
from resolvers.gate.people import People

_NOWHERE: frozenset[HouseholdId] = frozenset()


@dataclass(frozen=True, slots=True)
class Around:
    """Whose protection reaches a person. `keys`: of parents ever stated and of present co-residents, whose grade does.
    `beside`: of present co-residents alone, a set for each, whose reports do. `unreadable`: one of these cannot be
    opened, and may or may not live there.
    """

    keys: frozenset[KeyHash]
    beside: frozenset[frozenset[KeyHash]]
    unreadable: bool


def subject_of(person: OpenPerson, around: Around, today: date) -> Subject:
    """One person as policy sees them today."""
    return Subject(
        person=person.person,
        keys=frozenset(person.shape.keys),
        region=person.region(today),
        birth_date=person.facts.birth_date,
        address_keys=person.address_keys(today),
        households=person.homes(today),
        around_keys=around.keys,
        beside_keys=around.beside,
        unreadable=around.unreadable,
    )


def unreadable_subject(shape: PersonShape) -> Subject:
    """Somebody who cannot be opened: who they are stands in clear, where they live does not, so they live nowhere."""
    return Subject(person=shape.person, keys=frozenset(shape.keys), unreadable=True)


def around_of(opened: Mapping[PersonId, OpenPerson], facts: Facts, seen: People, today: date) -> dict[PersonId, Around]:
    """For each person those whose protection reaches them.

    Who cannot be opened counts as present in every household in which they ever were.
    """
    homes = {person: one.homes(today) for person, one in opened.items()}
    present_homes = frozenset().union(*homes.values())
    beside = {o for home in present_homes for o in facts.households.get(home, ())}
    unreadable = set()
    for other in beside.difference(homes):
        shape = facts.people.get(other) or facts.around.get(other)
        if shape is not None:
            mate = seen.open(shape)
            if mate is None:
                unreadable.add(other)
            homes[other] = mate.homes(today) if mate else frozenset([row.household for row in shape.memberships])
    found = {}
    for person, one in opened.items():
        there = {o for home in homes[person] for o in facts.households.get(home, ()) if home in homes.get(o, _NOWHERE)}
        housemates = _keys_of(there - {person}, facts)
        parents = _keys_of(set(one.shape.parents) - {person}, facts)
        found[person] = Around(frozenset().union(*housemates, *parents), housemates, not there.isdisjoint(unreadable))
    return found


def _keys_of(people: Iterable[PersonId], facts: Facts) -> frozenset[frozenset[KeyHash]]:
    shapes = (facts.people.get(person) or facts.around.get(person) for person in people)
    return frozenset(frozenset(shape.keys) for shape in shapes if shape is not None)


def protections_of(matters: Iterable[Protection]) -> Protections:
    """What the docket's matters mean for policy: graded keys and reported pairs."""
    graded: set[KeyHash] = set()
    pairs: list[tuple[KeyHash, KeyHash]] = []
    for matter in matters:
        if matter.kind is ProtectiveKind.GRADE:
            graded.update(matter.keys)
        elif matter.kind is ProtectiveKind.REPORT:
            one, other = matter.sides
            pairs += [(a, b) for a in one for b in other]
    return Protections.of(graded, pairs)
