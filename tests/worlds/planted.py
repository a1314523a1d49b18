"""Families written straight into a hub's graph, sealed as the way in seals them: any links, good data or bad."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from domain.claims import ClaimBody, ClaimKind
from domain.ids import KeyHash, PersonId, SourceKey
from domain.links import LinkKind
from domain.records.identity import IDENTITY
from domain.records.payload import (
    Item,
    LinkTerms,
    PersonFacts,
    Record,
    Value,
    claim_label,
    encode,
    facts_label,
    link_label,
    record_label,
)
from graph.shapes import Batch, ClaimRow, LinkRow, NewKey, PersonWrite
from tests.worlds.hub import Hub
from vault.sealing import DataKey


@dataclass(frozen=True)
class Tie:
    """The one's parent, partner, guardian … is the other; both are places in the list of people. `stated`: by which
    claims, the one believed first."""

    one: int
    other: int
    kind: LinkKind
    until: str | None = None
    stated: tuple[ClaimBody, ...] = ()


@dataclass(frozen=True)
class Born:
    """Somebody: sex and date of birth."""

    sex: str | None = None
    born: str | None = None


def record_of(name: str, place: int) -> str:
    """The register's number of a planted family's member."""
    return f"PL-{name}-{place}"


async def plant(hub: Hub, name: str, people: Sequence[Born], ties: Sequence[Tie]) -> list[PersonId]:
    """Write a family; its members' internal ids, in order. `name` must be new to the hub."""
    sealer, hasher = hub.parts.ring.sealer, hub.parts.ring.hasher
    ids, keys = [], []
    for place in range(len(people)):
        digest = hashlib.sha256(record_of(name, place).encode()).digest()
        ids.append(PersonId(int.from_bytes(digest[:7]) | 1))
        keys.append(hasher.source_key(SourceKey("population", record_of(name, place))))
    data_keys = [sealer.new_key() for _ in people]
    new = [NewKey(keys[p], "population", data_keys[p].wrapped, ids[p], "new") for p in range(len(people))]
    links, claims = _links(hub, ids, keys, data_keys, ties), _claims(hub, ids, keys, data_keys, ties)
    writes = [
        _written(hub, ids[place], 0, sealer.new_key(), one, links.get(place, ())) for place, one in enumerate(people)
    ]
    await hub.graph.writer.write(Batch(f"{hub.clock.now():%Y-%m-%dT%H:%M:%SZ}", tuple(new), claims, tuple(writes)))
    return ids


async def replant(hub: Hub, name: str, people: Sequence[Born], ties: Sequence[Tie]) -> None:
    """Write a planted family anew, at the hub's clock: the same people with other traits and links."""
    sealer, hasher = hub.parts.ring.sealer, hub.parts.ring.hasher
    keys = [hasher.source_key(SourceKey("population", record_of(name, place))) for place in range(len(people))]
    owners = await hub.parts.reader.owners(keys)
    ids = [owners[key] for key in keys]
    there = await hub.graph.writer.claims(ids)
    data_keys = [sealer.reopen(there[person].keys[key]) for person, key in zip(ids, keys, strict=True)]
    links, claims = _links(hub, ids, keys, data_keys, ties), _claims(hub, ids, keys, data_keys, ties)
    writes = [
        _written(
            hub,
            ids[place],
            there[ids[place]].version,
            sealer.reopen(there[ids[place]].wrapped),
            one,
            links.get(place, ()),
        )
        for place, one in enumerate(people)
    ]
    await hub.graph.writer.write(Batch(f"{hub.clock.now():%Y-%m-%dT%H:%M:%SZ}", (), claims, tuple(writes)))


def _links(
    hub: Hub, ids: Sequence[PersonId], keys: Sequence[KeyHash], data_keys: Sequence[DataKey], ties: Sequence[Tie]
) -> dict[int, list[LinkRow]]:
    links: dict[int, list[LinkRow]] = {}
    for tie in ties:
        one = _stating(ids, tie)
        other = tie.other if one == tie.one else tie.one
        numbers = tuple(_number(hub, body) for body in tie.stated)
        terms = encode(LinkTerms("2001-01-01", tie.until, numbers))
        sealed = hub.parts.ring.sealer.seal(data_keys[one], terms, link_label(keys[one], tie.kind.value))
        row = LinkRow(ids[one], ids[other], tie.kind, 2001, KeyHash(keys[one]), sealed)
        rows = links.setdefault(one, [])
        if not any((r.other, r.kind) == (row.other, row.kind) for r in rows):
            rows.append(row)
    return links


def _stating(ids: Sequence[PersonId], tie: Tie) -> int:
    """On whose key a link and its claims hang."""
    symmetric = tie.kind.value.startswith("partner") and ids[tie.one] > ids[tie.other]
    return tie.other if symmetric else tie.one


def _claims(
    hub: Hub, ids: Sequence[PersonId], keys: Sequence[KeyHash], data_keys: Sequence[DataKey], ties: Sequence[Tie]
) -> tuple[ClaimRow, ...]:
    rows = []
    for tie in ties:
        place = _stating(ids, tie)
        for body in tie.stated:
            number = _number(hub, body)
            sealed = hub.parts.ring.sealer.seal(data_keys[place], msgspec.msgpack.encode(body), claim_label(number))
            rows.append(ClaimRow(number, keys[place], ClaimKind.LINK, body.source, sealed))
    return tuple(rows)


def _number(hub: Hub, body: ClaimBody) -> bytes:
    return hub.parts.ring.hasher.claim(body.source, body.record_id, body.version, body.part)


def _written(hub: Hub, person: PersonId, base: int, own: DataKey, one: Born, links: Sequence[LinkRow]) -> PersonWrite:
    sealer = hub.parts.ring.sealer
    values: dict[str, Value] = {}
    if one.born is not None:
        values["birth_date"] = one.born
    if one.sex is not None:
        values["sex"] = one.sex
    record = encode(Record((Item(values, dict.fromkeys(values, b"c" * 16)),)))
    return PersonWrite(
        person,
        base,
        None if base else own.wrapped,
        sealer.seal(own, encode(PersonFacts(one.born, None, one.sex)), facts_label(person)),
        {IDENTITY.number: sealer.seal(own, record, record_label(person, IDENTITY.number))},
        tuple(links),
        (),
        (),
        (),
    )
