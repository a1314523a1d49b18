"""The time that an answer speaks of. It chooses among values and narrows what is shown; it never widens anything.

Policy is always today's: who is known, which fields, at which detail follows from today's facts, grants and protection.
Whoever may name any day or instant can search for the one at which an answer changes, and so finds dates that no answer
holds. So a day may decide only by dates that the reader may read, and an instant only where the reader may read when
the hub recorded a value. Elsewhere nothing is shown, whichever day or instant is named.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from domain.ids import PersonId
from domain.records.category import Category, Detail
from graph.port import Reader
from policy.decision.permit import Permit
from resolvers.gate.known import Known


@dataclass(frozen=True, slots=True)
class Moment:
    """`sequence`: what the graph knew after the batch of this number; None: what it knows. `on`: what held on this
    civil date; None: everything, and of what only lasts (homes, partners), what lasts today. `walked`: whom a warrant
    reaches by a walk of today."""

    sequence: int | None = None
    on: date | None = None
    walked: Mapping[PersonId, Known] = field(default_factory=dict)

    def shown(self, category: Category, permit: Permit, origin: Permit) -> frozenset[str]:
        """The outward names of a category that are shown at this moment, of those that its permit shows at all.

        `origin`: the permit for provenance of the same person.
        """
        names = category.visible(permit.detail, permit.locating)
        if self.sequence is not None and not tells_origin(permit, origin):
            return _NONE
        if self.on is not None and category.valid is not None and not category.valid.fields <= names:
            return _NONE
        return names

    def day(self, today: date) -> date:
        """The day on which what only lasts must last, to be shown."""
        return self.on or today

    def decides_by(self, category: Category) -> frozenset[str]:
        """The fields that an answer about this moment tells of, whichever were asked for."""
        return category.valid.fields if self.on is not None and category.valid is not None else _NONE


_NONE: frozenset[str] = frozenset()
PRESENT = Moment()
"""What is known now, of whatever day."""


def tells_origin(permit: Permit, origin: Permit) -> bool:
    """Whether it may be told where values of a category came from, and when the hub learnt them: provenance locates, so
    only with the category's locating fields, at full detail, and if the activity lists it."""
    return permit.detail is Detail.FULL and permit.locating and origin.locating


async def parted(reader: Reader, ids: Iterable[PersonId], sequence: int) -> frozenset[PersonId]:
    """Those of the people of whom a source key was taken since: it is somebody else's today.

    What the graph then knew of them is in part another person's, who may be hidden, so none of it is shown.
    """
    then: dict[bytes, PersonId] = {}
    now: dict[bytes, PersonId] = {}
    for row in await reader.decisions(sorted(set(ids))):
        now[row.key] = row.person
        if row.sequence <= sequence:
            then[row.key] = row.person
    return frozenset(person for key, person in then.items() if now[key] != person)
