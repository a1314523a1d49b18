"""What the gate must know of the caller first: their own person, their near family, their case's people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from domain.ids import PersonId
from domain.links import CARE, PARENTS, LinkKind
from domain.principals import Mandate
from graph.port import Reader
from graph.shapes import Facts, Hop
from policy.decision.facts import OnCase, Owner, on_case
from policy.decision.near import Tie, near_family
from policy.decision.validity import wards_on
from resolvers.gate.opening import Opener, OpenPerson
from resolvers.gate.subjects import subject_of

_EVERY_LINK = frozenset(LinkKind)
_NOBODY: frozenset[PersonId] = frozenset()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """`owner`: the caller as a person, None if not here or disputed. `near`: the bar on officers. `case`: who stands on
    the case today."""

    owner: Owner | None
    near: frozenset[PersonId]
    case: OnCase


async def survey(reader: Reader, opener: Opener, mandate: Mandate, today: date) -> Surroundings:
    """Read the caller's surroundings: always the same five calls, whoever asks."""
    national = mandate.principal.national
    found = await reader.find([national] if national is not None else [])
    own_ids = sorted({person for people in found.values() for person in people})
    subjects = sorted(mandate.case.subjects) if mandate.case is not None else []
    owners = await reader.owners(subjects)
    facts = await reader.facts(sorted({*own_ids, *owners.values()}))
    first = await reader.links(own_ids, _EVERY_LINK)
    beside = {link.other for link in first.links if link.kind in PARENTS | CARE}
    second = await reader.links(sorted(beside), PARENTS)
    own = [opener.person(facts.people[i]) for i in own_ids if i in facts.people]
    case_people = [opener.person(shape) for shape in (*facts.people.values(), *facts.around.values())]
    return Surroundings(
        owner=_owner(own[0], opener, first, today) if len(own) == 1 else None,
        near=_NOBODY.union(*(_near(person, facts, first, second) for person in own)),
        case=on_case(mandate.case, [subject_of(person, frozenset(), today) for person in case_people]),
    )


def _owner(own: OpenPerson, opener: Opener, hop: Hop, today: date) -> Owner:
    care = []
    for link in hop.links:
        if link.kind in CARE and not link.outgoing:
            terms = opener.link(link)
            care.append((link.other, terms.since, terms.until))
    return Owner(
        person=own.person,
        keys=frozenset(own.shape.keys),
        wards=wards_on(care, today),
        households=own.homes(today),
        address_keys=own.address_keys(today),
    )


def _near(own: OpenPerson, facts: Facts, first: Hop, second: Hop) -> frozenset[PersonId]:
    ties = [
        Tie(link.person, link.other, link.kind) if link.outgoing else Tie(link.other, link.person, link.kind)
        for link in (*first.links, *second.links)
    ]
    households = [facts.households.get(membership.household, ()) for membership in own.memberships]
    return near_family(own.person, ties, households)
