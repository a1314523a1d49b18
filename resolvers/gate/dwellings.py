"""Who lived where: memberships as known at a moment and in force on its day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from domain.ids import HouseholdId, PersonId
from graph.port import Reader
from policy.decision.validity import in_force
from resolvers.gate.known import Known
from resolvers.gate.moment import Moment, parted
from resolvers.gate.opening import OpenMembership
from resolvers.gate.parts import GateParts

Stays = dict[PersonId, tuple[OpenMembership, ...]]


async def residents(
    reader: Reader, moment: Moment, households: Iterable[HouseholdId]
) -> dict[HouseholdId, tuple[PersonId, ...]]:
    """Everyone ever in the households, as known at the moment."""
    homes, at = sorted(set(households)), moment.sequence
    rows = await (reader.households(homes) if at is None else reader.households(homes, at))
    members: dict[HouseholdId, list[PersonId]] = {}
    for row in rows:
        members.setdefault(row.household, []).append(row.person)
    return {home: tuple(dict.fromkeys(people)) for home, people in members.items()}


async def stated(parts: GateParts, moment: Moment, people: Sequence[Known]) -> Stays:
    """All memberships of the people as known at the moment: as they were read with them, else in two store calls."""
    if moment.sequence is None:
        return {known.person: known.open.memberships for known in people}
    ids = sorted({known.person for known in people})
    rows = await parts.reader.memberships(ids, moment.sequence)
    hidden = await parted(parts.reader, ids, moment.sequence)
    return {
        known.person: parts.opener.memberships(
            known.open.shape, [row for row in rows if row.person == known.person and row.person not in hidden]
        )
        for known in people
    }


def on_day(stays: Stays, person: PersonId, day: date) -> tuple[OpenMembership, ...]:
    """The person's memberships in force on a day."""
    text = day.isoformat()
    return tuple(one for one in stays.get(person, ()) if in_force(one.since, one.until, text))
