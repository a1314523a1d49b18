"""What the gate must know of the caller first: their own person, their near family, their case's people."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

import msgspec
import structlog

from domain.errors import Broken
from domain.ids import KeyHash, PersonId
from domain.links import CARE, PARENTS, LinkKind
from domain.principals import Mandate
from graph.port import Reader
from graph.shapes import Facts, LinkShape, PersonShape
from policy.activity import Activity
from policy.decision.facts import NOBODY_ON_CASE, OnCase, Owner, Subject, on_case
from policy.decision.near import Tie, near_family
from policy.decision.validity import wards_on
from resolvers.gate.opening import Opener, OpenPerson
from resolvers.gate.people import People
from resolvers.gate.subjects import unreadable_subject

_log = structlog.get_logger(__name__)

_EVERY_LINK = frozenset(LinkKind)
_NOBODY: frozenset[PersonId] = frozenset()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """`owner`: the caller as a person, None if not here or disputed. `near`: the bar on officers. `case`: who stands on
    the case today."""

    owner: Owner | None
    near: frozenset[PersonId]
    case: OnCase


async def survey(
    reader: Reader, people: People, opener: Opener, mandate: Mandate, activity: Activity, today: date
) -> Surroundings:
    """Read the caller's surroundings: the same calls for every mandate of an activity, whatever is found.

    How far the graph is comes first, so that whatever changes after it is seen by the last look. What hangs on nothing
    of one another is then asked at once: on a server the round trips are the cost.
    """
    national = mandate.principal.national
    asked = [national] if national is not None else []
    if activity.account:
        return await _account(reader, people, opener, asked, today)
    return await _office(reader, people, mandate, asked, today)


def _everyone(found: Mapping[KeyHash, tuple[PersonId, ...]]) -> list[PersonId]:
    return sorted({person for people in found.values() for person in people})


async def _account(
    reader: Reader, people: People, opener: Opener, national: list[KeyHash], today: date
) -> Surroundings:
    """A family account needs its owner, and whom they care for. A national id that is two people's opens neither, and
    who cannot be opened owns nothing."""
    await people.begin()
    found = await reader.find(national)
    own_ids = _everyone(found)
    facts, care = await asyncio.gather(people.facts(own_ids), reader.ties(own_ids, CARE))
    own = [people.whole(facts.people[i]) for i in own_ids if i in facts.people]
    owner = _owner(own[0], opener, care, today) if len(own) == 1 and own[0] is not None else None
    return Surroundings(owner=owner, near=_NOBODY, case=NOBODY_ON_CASE)


async def _office(
    reader: Reader, people: People, mandate: Mandate, national: list[KeyHash], today: date
) -> Surroundings:
    """An officer needs their near family, which they are barred from, and who stands on the case."""
    subjects = sorted(mandate.case.subjects) if mandate.case is not None else []
    await people.begin()
    found, owners = await asyncio.gather(reader.find(national), reader.owners(subjects))
    own_ids, case_ids = _everyone(found), sorted(set(owners.values()))
    facts, first = await asyncio.gather(people.facts({*own_ids, *case_ids}), reader.ties(own_ids, _EVERY_LINK))
    beside = {link.other for link in first if link.kind in PARENTS | CARE}
    second = await reader.ties(sorted(beside), PARENTS)
    near = _NOBODY.union(*(_near(facts.people[i], facts, (*first, *second)) for i in own_ids if i in facts.people))
    there = [_standing_there(shape, people, today) for shape in _with_co_residents(facts, case_ids)]
    return Surroundings(owner=None, near=near, case=_on_case(mandate, there))


def _on_case(mandate: Mandate, there: list[Subject]) -> OnCase:
    """Who stands on the case. Where somebody cannot be opened, a report against any who may be there counts, for it
    withholds; nobody is reached because of it."""
    case = on_case(mandate.case, there)
    if any(person.unreadable for person in there):
        return replace(case, keys=case.keys.union(*(person.keys for person in there)))
    return case


def _with_co_residents(facts: Facts, ids: list[PersonId]) -> list[PersonShape]:
    """The people, and everyone who ever shared a household with one of them."""
    shapes = [facts.people[i] for i in ids if i in facts.people]
    homes = {row.household for shape in shapes for row in shape.memberships}
    beside = {person for home in homes for person in facts.households.get(home, ())}.difference(ids)
    shapes += [shape for i in sorted(beside) if (shape := facts.people.get(i) or facts.around.get(i)) is not None]
    return shapes


def _standing_there(shape: PersonShape, seen: People, today: date) -> Subject:
    """As much of a person as a case asks for: who they are and where they live."""
    person = seen.open(shape)
    if person is None:
        return unreadable_subject(shape)
    return Subject(person=shape.person, keys=frozenset(shape.keys), households=person.homes(today))


def _owner(own: OpenPerson, opener: Opener, links: Iterable[LinkShape], today: date) -> Owner:
    care = []
    for link in links:
        if link.outgoing:
            continue
        try:
            terms = opener.link(link)
        except (Broken, msgspec.MsgspecError):
            _log.error("a link of care cannot be opened and counts as ended")
            continue
        care.append((link.other, terms.since, terms.until))
    return Owner(
        person=own.person,
        keys=frozenset(own.shape.keys),
        wards=wards_on(care, today),
        households=own.homes(today),
        address_keys=own.address_keys(today),
    )


def _near(own: PersonShape, facts: Facts, links: Iterable[LinkShape]) -> frozenset[PersonId]:
    ties = [
        Tie(link.person, link.other, link.kind) if link.outgoing else Tie(link.other, link.person, link.kind)
        for link in links
    ]
    households = [facts.households.get(row.household, ()) for row in own.memberships]
    return near_family(own.person, ties, households)
