"""What is inside sealed payloads, and the labels they are sealed under (the AAD: what it is and where it hangs).

Both paths use this file: the way in seals with it, the gate unseals with it. Dates are ISO text.

Payloads are arrays that grow at their end alone: a shorter one is of an earlier version, and what it lacks has the
default; of a longer one, written by a later version, the end is not read. `claims` name claims and copy nothing.
"""

from __future__ import annotations

from typing import TypeVar, cast

import msgspec

from domain.claims import ClaimBody
from domain.ids import HouseholdId, PersonId

Value = str | int | bool


class Loser(msgspec.Struct, frozen=True, array_like=True):
    """A value that another claim overruled."""

    field: str
    value: Value
    claim: bytes


class Item(msgspec.Struct, frozen=True, array_like=True):
    """One item of a record: field → value, field → claim (its idempotency key), and what was overruled."""

    values: dict[str, Value]
    claims: dict[str, bytes]
    losers: tuple[Loser, ...] = ()


class Record(msgspec.Struct, frozen=True, array_like=True):
    """One category of one person: claims in force."""

    items: tuple[Item, ...]


class Registration(msgspec.Struct, frozen=True, array_like=True):
    """A registered residence as policy needs it: region, a keyed hash of the address (hex), and its dates."""

    region: str
    address_key: str
    since: str
    until: str | None = None


class PersonFacts(msgspec.Struct, frozen=True, array_like=True):
    """What policy must know of a person."""

    birth_date: str | None
    death_date: str | None
    sex: str | None
    registrations: tuple[Registration, ...] = ()


class MembershipTerms(msgspec.Struct, frozen=True, array_like=True):
    """Role and dates of a membership, and the claims that state it, the one believed first (none known: an earlier
    version's payload)."""

    role: str
    since: str | None
    until: str | None
    claims: tuple[bytes, ...] = ()


class LinkTerms(msgspec.Struct, frozen=True, array_like=True):
    """Dates of a link, and the claims that state it, as of a membership."""

    since: str | None
    until: str | None
    claims: tuple[bytes, ...] = ()


T = TypeVar("T")
_encoder = msgspec.msgpack.Encoder()
_decoders: dict[type, msgspec.msgpack.Decoder[object]] = {
    kind: msgspec.msgpack.Decoder(kind) for kind in (Record, PersonFacts, MembershipTerms, LinkTerms, ClaimBody)
}


def encode(payload: msgspec.Struct) -> bytes:
    """The bytes that are sealed."""
    return _encoder.encode(payload)


def decode(kind: type[T], data: bytes) -> T:
    """The payload of this kind. Raises msgspec.ValidationError if the bytes are another thing."""
    return cast(T, _decoders[kind].decode(data))


def facts_label(person: PersonId) -> bytes:
    """AAD of a person's facts."""
    return b"facts|%d" % person


def record_label(person: PersonId, category: int) -> bytes:
    """AAD of a record."""
    return b"record|%d|%d" % (person, category)


def membership_label(person: PersonId, household: HouseholdId) -> bytes:
    """AAD of a membership."""
    return b"membership|%d|%d" % (person, household)


def link_label(key: bytes, kind: str) -> bytes:
    """AAD of a link: the source key (hash) that stated it, and the link's kind."""
    return b"link|" + key + b"|" + kind.encode()


def claim_label(claim: bytes) -> bytes:
    """AAD of a claim."""
    return b"claim|" + claim


def cursor_label(source: str) -> bytes:
    """AAD of a source's cursor."""
    return b"cursor|" + source.encode()


def outbox_label(entry: bytes) -> bytes:
    """AAD of an entry on its way to the ledger."""
    return b"outbox|" + entry
