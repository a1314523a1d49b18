"""Opening what the graph returned: sealed facts, dates of memberships and links, records."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import msgspec

from domain.claims import ClaimBody
from domain.ids import HouseholdId, PersonId
from domain.records.payload import (
    LinkTerms,
    MembershipTerms,
    PersonFacts,
    Record,
    claim_label,
    decode,
    facts_label,
    link_label,
    membership_label,
    record_label,
)
from graph.shapes import LinkShape, MemberRow, Origin, PersonShape, RecordRow
from policy.decision.validity import Registration, addresses_on, in_force, region_on
from vault.unsealing import OpenedKey, Unsealer


class OpenMembership(msgspec.Struct, frozen=True):
    """A membership with its role and dates; `claims`: those that state it, the one believed first."""

    household: HouseholdId
    role: str
    since: str | None
    until: str | None
    claims: tuple[bytes, ...] = ()


class OpenPerson:
    """A person's shape with memberships opened, for the length of one request. Facts are opened when asked for: of
    those who merely stand around somebody they never are.
    """

    __slots__ = ("_facts", "_homes", "_opened", "_present", "_registered", "memberships", "shape")

    def __init__(
        self, shape: PersonShape, opened: Callable[[], PersonFacts], memberships: tuple[OpenMembership, ...]
    ) -> None:
        self.shape = shape
        self.memberships = memberships
        self._opened = opened
        self._facts: PersonFacts | None = None
        self._present: tuple[date, tuple[OpenMembership, ...]] | None = None
        self._homes: frozenset[HouseholdId] = frozenset()
        self._registered: list[Registration] | None = None

    @property
    def person(self) -> PersonId:
        """The person's internal id."""
        return self.shape.person

    @property
    def facts(self) -> PersonFacts:
        """What policy must know of the person. Raises Broken if it was altered."""
        if self._facts is None:
            self._facts = self._opened()
        return self._facts

    def open_facts(self) -> None:
        """Open the facts now, so that nothing asked of the person later can fail. Raises Broken if altered."""
        self._facts = self.facts

    def region(self, today: date) -> str | None:
        """The region of the registration open today, the latest where several are."""
        return region_on(self._registrations(), today)

    def present(self, today: date) -> tuple[OpenMembership, ...]:
        """The memberships in force today."""
        if self._present is None or self._present[0] != today:
            day = today.isoformat()
            here = tuple([m for m in self.memberships if in_force(m.since, m.until, day)])
            self._present, self._homes = (today, here), frozenset([m.household for m in here])
        return self._present[1]

    def homes(self, today: date) -> frozenset[HouseholdId]:
        """The households the person is a present member of."""
        self.present(today)
        return self._homes

    def address_keys(self, today: date) -> frozenset[str]:
        """Keyed hashes of the addresses at which the person is registered today."""
        return addresses_on(self._registrations(), today)

    def _registrations(self) -> list[Registration]:
        if self._registered is None:
            stated = self.facts.registrations
            self._registered = [Registration(r.region, r.address_key, r.since, r.until) for r in stated]
        return self._registered


class Opener:
    """Unseals for the gate. Raises Broken if a payload was altered."""

    def __init__(self, unsealer: Unsealer) -> None:
        self._unsealer = unsealer

    def person(self, shape: PersonShape) -> OpenPerson:
        """Memberships of a shape at once, its facts when they are asked for."""
        key, person = self._unsealer.key(shape.wrapped), shape.person
        unseal = self._unsealer.unseal_with

        def facts() -> PersonFacts:
            return decode(PersonFacts, unseal(key, shape.facts, facts_label(person)))

        return OpenPerson(shape, facts, self._memberships(key, shape.memberships))

    def memberships(self, shape: PersonShape, rows: Sequence[MemberRow]) -> tuple[OpenMembership, ...]:
        """Memberships of one person as they were known at another time."""
        return self._memberships(self._unsealer.key(shape.wrapped), rows)

    def _memberships(self, key: OpenedKey, rows: Sequence[MemberRow]) -> tuple[OpenMembership, ...]:
        memberships = []
        for row in rows:
            clear = self._unsealer.unseal_with(key, row.sealed, membership_label(row.person, row.household))
            terms = decode(MembershipTerms, clear)
            memberships.append(OpenMembership(row.household, terms.role, terms.since, terms.until, terms.claims))
        return tuple(memberships)

    def records(self, shape: PersonShape, rows: list[RecordRow]) -> dict[int, Record]:
        """Records of one person, by category number. Only rows that the caller may read are handed in."""
        key = self._unsealer.key(shape.wrapped)
        return {
            row.category: decode(
                Record, self._unsealer.unseal_with(key, row.sealed, record_label(shape.person, row.category))
            )
            for row in rows
        }

    def link(self, link: LinkShape) -> LinkTerms:
        """Dates of a link, and the claims that state it."""
        label = link_label(link.key, link.kind.value)
        return decode(LinkTerms, self._unsealer.unseal(link.wrapped, link.sealed, label))

    def claim(self, origin: Origin) -> ClaimBody:
        """What a claim says."""
        return decode(ClaimBody, self._unsealer.unseal(origin.wrapped, origin.sealed, claim_label(origin.claim)))
