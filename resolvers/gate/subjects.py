"""From what the gate opened to what policy asks for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from docket.dossiers import Protection
from domain.claims import ProtectiveKind
from domain.ids import KeyHash, PersonId
from graph.shapes import Facts
from policy.decision.facts import Protections, Subject
from resolvers.gate.opening import Opener, OpenPerson


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
    opened: Mapping[PersonId, OpenPerson], facts: Facts, opener: Opener, today: date
) -> dict[PersonId, frozenset[KeyHash]]:
    """For each person the keys of those whose grade reaches them: parents ever stated, and present co-residents."""
    near: dict[PersonId, OpenPerson] = dict(opened)
    for person, shape in facts.around.items():
        if person not in near:
            near[person] = opener.person(shape)
    homes = {person: open_person.homes(today) for person, open_person in near.items()}
    reaching = {}
    for person, open_person in opened.items():
        beside = {o for home in homes[person] for o in facts.households.get(home, ())}
        present = {o for o in beside if o != person and not homes.get(o, frozenset()).isdisjoint(homes[person])}
        keys = {key for o in present | set(open_person.shape.parents) if o in near for key in near[o].shape.keys}
        reaching[person] = frozenset(keys)
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
