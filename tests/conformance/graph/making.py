"""Short hands for batches. Payloads are made of what they stand for, so that a mix-up shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256

from domain.claims import ClaimKind
from domain.ids import HouseholdId, KeyHash, PersonId
from domain.links import LinkKind
from graph.shapes import (
    Batch,
    ClaimRow,
    LinkRow,
    MemberRow,
    Move,
    NewKey,
    OutboxRow,
    PersonWrite,
    Redecision,
)

INSTANT = "2026-03-01T10:00:00.000Z"


def hashed(name: str) -> KeyHash:
    """A keyed hash as the vault would make it: 16 bytes that say nothing."""
    return KeyHash(sha256(name.encode()).digest()[:16])


def decided(name: str, person: int, source: str = "population", reason: str = "new") -> NewKey:
    return NewKey(hashed(name), source, f"wrapped {name}".encode(), PersonId(person), reason)


def claim(name: str, key: str, kind: ClaimKind = ClaimKind.RECORD, source: str = "population") -> ClaimRow:
    return ClaimRow(hashed(f"claim {name}"), hashed(key), kind, source, f"sealed claim {name}".encode())


def link(person: int, other: int, kind: LinkKind, key: str, note: str = "") -> LinkRow:
    sealed = f"link {person} {kind} {other} {note}".encode()
    return LinkRow(PersonId(person), PersonId(other), kind, 2001, hashed(key), sealed)


def member(person: int, household: int, note: str = "") -> MemberRow:
    return MemberRow(PersonId(person), HouseholdId(household), f"member {person} of {household} {note}".encode())


def person(
    number: int,
    base: int = 0,
    *,
    records: Mapping[int, bytes] | None = None,
    links: Sequence[LinkRow] | None = None,
    homes: Sequence[int] | None = None,
    searches: Sequence[str] | None = None,
    nationals: Sequence[str] | None = None,
) -> PersonWrite:
    return PersonWrite(
        person=PersonId(number),
        base=base,
        wrapped=f"wrapped person {number}".encode() if base == 0 else None,
        facts=f"facts {number} after {base}".encode(),
        records=records or {},
        links=None if links is None else tuple(links),
        memberships=None if homes is None else tuple(member(number, home) for home in homes),
        searches=None if searches is None else tuple(hashed(name) for name in searches),
        nationals=None if nationals is None else tuple(hashed(name) for name in nationals),
    )


def batch(
    *people: PersonWrite,
    keys: Sequence[NewKey] = (),
    claims: Sequence[ClaimRow] = (),
    cursor: tuple[str, bytes] | None = None,
    outbox: Sequence[str] = (),
    instant: str = INSTANT,
    anew: Sequence[Redecision] = (),
    moves: Sequence[Move] = (),
    read_at: int | None = None,
) -> Batch:
    return Batch(
        instant,
        tuple(keys),
        tuple(claims),
        people,
        cursor,
        tuple(entry(name) for name in outbox),
        redecisions=tuple(anew),
        moves=tuple(moves),
        read_at=read_at,
    )


def again(name: str, was: int, now: int, reason: str = "merged") -> Redecision:
    return Redecision(hashed(name), PersonId(was), PersonId(now), reason)


def move(one: int, into: int | None) -> Move:
    return Move(PersonId(one), None if into is None else PersonId(into))


def away(number: int, base: int) -> PersonWrite:
    """Somebody who is moved into another: nothing of them stands any more but records."""
    return person(number, base, links=(), homes=(), searches=(), nationals=())


def entry(name: str) -> OutboxRow:
    return OutboxRow(hashed(f"entry {name}"), f"sealed entry {name}".encode())


def ids(*numbers: int) -> list[PersonId]:
    return [PersonId(number) for number in numbers]
