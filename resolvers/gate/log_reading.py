"""The ledger at the gate: who looked, for a reviewer and for those looked at. Reading it is itself an entry."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from domain.entries import Act, Reach
from domain.ids import PersonId
from domain.records.category import Detail
from policy.activity import RootRead
from policy.ledger.shapes import Look, Reviewed
from resolvers.gate.cursors import OutwardNames
from resolvers.gate.known import Known
from resolvers.gate.parts import GateParts

if TYPE_CHECKING:
    from resolvers.gate.gate import Gate


class LogReading:
    """One gate's readings of the log."""

    def __init__(self, gate: Gate, parts: GateParts, outward: OutwardNames) -> None:
        self._gate = gate
        self._parts = parts
        self._outward = outward

    async def entries(
        self, first: int, after: bytes | None, subject: PersonId | None, **filters: str | None
    ) -> tuple[Reviewed, ...]:
        """Entries of the ledger for a reviewer, newest first; of a subject those under their former ids too."""
        self._gate.require(RootRead.ACCESS_LOG)
        self._gate.notes.did(Act.LOG_READ)
        person, former = (None, ()) if subject is None else await self._names_of(subject)
        return await self._parts.ledger.entries(first, after, subject=person, former=former, **filters)

    async def _names_of(self, subject: PersonId) -> tuple[PersonId, Sequence[PersonId]]:
        """Whom an id names today, and the other ids that name them. Of whomever a grade reaches the id alone, for a
        reviewer would learn that somebody hidden is one with somebody else. The same calls for everyone and nobody."""
        hidden = await self._gate.under_a_grade([subject])
        person = self._gate.today_of(subject)
        found = await self._parts.reader.former([person])
        if hidden:
            return subject, ()
        return person, tuple(one.person for one in found.get(person, ()))

    def may_look(self, known: Known) -> bool:
        """Whether the caller may see who looked at this person: their own log, or that of a minor in their care."""
        return self._parts.table.log(self._gate.activity, known.standing)

    async def looks(self, known: Known, first: int, after: bytes | None) -> tuple[Look, ...]:
        """Who reached for a person whose log the caller may read."""
        gate = self._gate
        gate.require(RootRead.MY_ACCESS_LOG)
        gate.notes.did(Act.LOG_READ)
        gate.notes.shown(known.person, Reach.LISTED)
        gate.notes.disclosed(known.person, "access_log", {"entries"}, Detail.FULL)
        former = await self._parts.reader.former([known.person])
        ids = tuple(one.person for one in former.get(known.person, ()))
        return await self._parts.ledger.by_subject(known.person, first, after, former=ids)

    def subject(self, person: PersonId) -> str:
        """Outward id of an entry's subject, for a reviewer."""
        gate = self._gate
        gate.require(RootRead.ACCESS_LOG)
        gate.notes.shown(person, Reach.LISTED)
        gate.notes.disclosed(person, "access_log", {"subject"}, Detail.FULL)
        return self._outward.person(person)
