"""Families written straight into a hub's graph, sealed as the way in seals them: any links, good data or bad."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from domain.ids import KeyHash, PersonId, SourceKey
from domain.links import LinkKind
from domain.records.identity import IDENTITY
from domain.records.payload import (
    Item,
    LinkTerms,
    PersonFacts,
    Record,
    Value,
    encode,
    facts_label,
    link_label,
    record_label,
)
from graph.shapes import Batch, LinkRow, NewKey, PersonWrite
from tests.worlds.hub import Hub


@dataclass(frozen=True)
class Tie:
    """The one's parent, partner, guardian … is the other; both are places in the list of people."""

    one: int
    other: int
    kind: LinkKind
    until: str | None = None


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
    ids, keys, new = [], [], []
    for place in range(len(people)):
        digest = hashlib.sha256(record_of(name, place).encode()).digest()
        ids.append(PersonId(int.from_bytes(digest[:7]) | 1))
        keys.append(hasher.source_key(SourceKey("population", record_of(name, place))))
    data_keys = [sealer.new_key() for _ in people]
    new = [NewKey(keys[p], "population", data_keys[p].wrapped, ids[p], "new") for p in range(len(people))]
    links: dict[int, list[LinkRow]] = {}
    for tie in ties:
        one, other = tie.one, tie.other
        if tie.kind.value.startswith("partner") and ids[one] > ids[other]:
            one, other = other, one
        terms = encode(LinkTerms("2001-01-01", tie.until))
        sealed = sealer.seal(data_keys[one], terms, link_label(keys[one], tie.kind.value))
        row = LinkRow(ids[one], ids[other], tie.kind, 2001, KeyHash(keys[one]), sealed)
        rows = links.setdefault(one, [])
        if not any((r.other, r.kind) == (row.other, row.kind) for r in rows):
            rows.append(row)
    writes = []
    for place, one_born in enumerate(people):
        person, own = ids[place], sealer.new_key()
        facts = encode(PersonFacts(one_born.born, None, one_born.sex))
        values: dict[str, Value] = {}
        if one_born.born is not None:
            values["birth_date"] = one_born.born
        if one_born.sex is not None:
            values["sex"] = one_born.sex
        record = encode(Record((Item(values, dict.fromkeys(values, b"c" * 16)),)))
        writes.append(
            PersonWrite(
                person,
                0,
                own.wrapped,
                sealer.seal(own, facts, facts_label(person)),
                {IDENTITY.number: sealer.seal(own, record, record_label(person, IDENTITY.number))},
                tuple(links.get(place, ())),
                (),
                (),
                (),
            )
        )
    await hub.graph.writer.write(Batch(f"{hub.clock.now():%Y-%m-%dT%H:%M:%SZ}", tuple(new), (), tuple(writes)))
    return ids
