"""Sealing what a fold gives, each payload under the key and label that `domain/records/payload.py` fixes."""

from __future__ import annotations

from collections.abc import Mapping

from domain.ids import HouseholdId, KeyHash, PersonId
from domain.records.catalogue import BY_NAME
from domain.records.fold import Folded, FoldedLink
from domain.records.payload import (
    LinkTerms,
    MembershipTerms,
    PersonFacts,
    Record,
    Registration,
    Value,
    encode,
    facts_label,
    link_label,
    membership_label,
    record_label,
)
from graph.shapes import LinkRow, MemberRow
from vault.hashing import Hasher
from vault.key_ring import KeyRing
from vault.sealing import DataKey

_REGISTER = "population"
_ADDRESS = ("region", "locality", "street", "house", "flat")
_NOTHING = Record(())


class AddressKeys:
    """One address, however it is spaced and capitalised, as 32 hex digits of a keyed hash; each hashed once a batch."""

    def __init__(self, hasher: Hasher) -> None:
        self._hasher = hasher
        self._made: dict[tuple[str, ...], str] = {}

    def of(self, values: Mapping[str, Value]) -> str:
        """The key of the address in a residence item."""
        address = tuple([str(values.get(name, "")) for name in _ADDRESS])
        made = self._made.get(address)
        if made is None:
            text = "|".join(" ".join(part.casefold().split()) for part in address)
            made = self._made[address] = self._hasher.address(text).hex()
        return made


def facts(ring: KeyRing, key: DataKey, person: PersonId, folded: Folded, addresses: AddressKeys) -> bytes:
    """What policy must know of the person, sealed."""
    born, sex = folded.value("identity", "birth_date"), folded.value("identity", "sex")
    body = PersonFacts(
        str(born) if born is not None else None,
        folded.death_date,
        str(sex) if sex is not None else None,
        tuple(_registration(item.values, addresses) for item in folded.records.get("residence", _NOTHING).items),
    )
    return ring.sealer.seal(key, encode(body), facts_label(person))


def _registration(values: Mapping[str, Value], addresses: AddressKeys) -> Registration:
    return Registration(
        str(values.get("region", "")),
        addresses.of(values),
        str(values.get("since", "")),
        str(values["until"]) if "until" in values else None,
    )


def record(ring: KeyRing, key: DataKey, person: PersonId, category: str, folded: Folded) -> tuple[int, bytes]:
    """The category's number and its sealed record; a category that lost its last item keeps an empty record."""
    number = BY_NAME[category].number
    body = folded.records.get(category, _NOTHING)
    return number, ring.sealer.seal(key, encode(body), record_label(person, number))


def memberships(ring: KeyRing, key: DataKey, person: PersonId, folded: Folded) -> tuple[MemberRow, ...]:
    """The person's memberships, sealed under the person's key."""
    rows = []
    for one in folded.memberships:
        household: HouseholdId = ring.hasher.household(_REGISTER, one.household)
        terms = encode(MembershipTerms(one.role, one.since, one.until, one.claims))
        rows.append(MemberRow(person, household, ring.sealer.seal(key, terms, membership_label(person, household))))
    return tuple(rows)


def link(ring: KeyRing, key: DataKey, stated_by: KeyHash, person: PersonId, one: FoldedLink) -> LinkRow:
    """A link, sealed under the source key that states it; only the year it began stands in clear."""
    sealed = ring.sealer.seal(key, encode(LinkTerms(one.since, one.until, one.claims)), link_label(stated_by, one.kind))
    year = int(one.since[:4]) if one.since else 0
    return LinkRow(person, one.other, one.kind, year, stated_by, sealed)
