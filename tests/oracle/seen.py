"""What graph and docket of a hub hold, opened and put into the Oracle's words. The comparing side: it may unseal."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import msgspec

from docket.opener import Opener
from domain.claims import ClaimBody, ProtectiveKind
from domain.ids import HouseholdId, KeyHash, PersonId, SourceKey
from domain.links import LinkKind
from domain.records.catalogue import CATEGORIES
from domain.records.payload import (
    Item,
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
from graph.shapes import PersonClaims, PersonShape
from tests.oracle.folding import PARTNERS, Kept, Link, Version
from tests.oracle.said import Matter, SourceNumber
from tests.worlds.hub import Hub
from vault.unsealing import Unsealer

_CLAIM = msgspec.msgpack.Decoder(ClaimBody)
_CATEGORIES = {category.number: category.name for category in CATEGORIES}
Member = tuple[str, str, str | None, str | None]


@dataclass(slots=True)
class SeenPerson:
    """One person of the graph. `stays`: (region, key of the address, since, until)."""

    records: dict[str, frozenset[Kept]] = field(default_factory=dict)
    memberships: frozenset[Member] = frozenset()
    birth_date: str | None = None
    death_date: str | None = None
    sex: str | None = None
    stays: tuple[tuple[str, str, str, str | None], ...] = ()


@dataclass(slots=True)
class Seen:
    """A hub's stores. People go by the least of their source keys.

    `rows`: agency → (digest, outcome, reason) in the order taken in. `clusters`: the source keys of each person.
    `how`: source key → new or matched. `stated`: national id → people in order. `claims`: how many each version of a
    source record made. `matters`: protective matters. `unknown`: what belongs to no source key that a row ever named.
    """

    rows: dict[str, list[tuple[bytes, str, str | None]]] = field(default_factory=dict)
    clusters: frozenset[frozenset[SourceNumber]] = frozenset()
    how: dict[SourceNumber, str] = field(default_factory=dict)
    stated: dict[str, list[SourceNumber]] = field(default_factory=dict)
    people: dict[SourceNumber, SeenPerson] = field(default_factory=dict)
    links: list[Link] = field(default_factory=list)
    claims: frozenset[Version] = frozenset()
    matters: list[Matter] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Names:
    """What the rows named, so that hashes can be told: source keys, national ids, households."""

    keys: frozenset[SourceNumber]
    iins: frozenset[str]
    households: frozenset[str]


async def look(hub: Hub, names: Names) -> Seen:
    """Everything of the hub's stores."""
    return await _Look(hub, names).everything()


class _Look:
    def __init__(self, hub: Hub, names: Names) -> None:
        self._hub = hub
        self._reader, self._writer = hub.pulling.reader, hub.pulling.writer
        self._hasher, self._unsealer = hub.pulling.ring.hasher, Unsealer(hub.pulling.ring)
        self._names = names
        self._keys = {self._hasher.source_key(SourceKey(*key)): key for key in names.keys}
        self._iins = {self._hasher.national(iin): iin for iin in names.iins}
        self._households: dict[HouseholdId, str] = {
            self._hasher.household("population", number): number for number in names.households
        }
        self._called: dict[PersonId, SourceNumber] = {}
        self._versions: dict[bytes, Version] = {}
        self._seen = Seen()

    async def everything(self) -> Seen:
        """Rows, people, records, links, protection."""
        seen = self._seen
        seen.rows = rows_of(self._hub)
        persons = [person async for page in self._reader.scan() for person in page]
        held = await self._writer.claims(persons)
        clusters = {person: self._cluster(held[person]) for person in persons}
        self._called = {person: min(keys) for person, keys in clusters.items() if keys}
        seen.clusters = frozenset(clusters.values())
        for person in persons:
            self._open_claims(held[person])
        seen.claims = frozenset(self._versions.values())
        seen.how = self._reasons()
        found = await self._reader.find(list(self._iins))
        seen.stated = {self._iins[iin]: [self._called[p] for p in people] for iin, people in found.items()}
        shapes = (await self._reader.facts(persons)).people
        for person in persons:
            seen.people[self._called[person]] = self._person(shapes[person])
        await self._records(persons, shapes)
        await self._links(persons)
        seen.matters = await self._matters()
        return seen

    def _cluster(self, held: PersonClaims) -> frozenset[SourceNumber]:
        self._seen.unknown += ["source key" for key in held.keys if key not in self._keys]
        self._seen.unknown += ["national id" for iin in held.nationals if iin not in self._iins]
        return frozenset(self._keys[key] for key in held.keys if key in self._keys)

    def _open_claims(self, held: PersonClaims) -> None:
        keys = {key: self._unsealer.key(wrapped) for key, wrapped in held.keys.items()}
        for row in held.claims:
            body = _CLAIM.decode(self._unsealer.unseal_with(keys[row.key], row.sealed, claim_label(row.claim)))
            self._versions[row.claim] = (body.source, body.record_id, body.version)

    def _reasons(self) -> dict[SourceNumber, str]:
        with sqlite3.connect(self._hub.folder / "graph.db") as graph:
            rows = graph.execute("SELECT key, reason FROM source_key").fetchall()
        return {self._keys[KeyHash(key)]: reason for key, reason in rows if key in self._keys}

    def _person(self, shape: PersonShape) -> SeenPerson:
        key = self._unsealer.key(shape.wrapped)
        facts = decode(PersonFacts, self._unsealer.unseal_with(key, shape.facts, facts_label(shape.person)))
        members = []
        for row in shape.memberships:
            label = membership_label(shape.person, row.household)
            terms = decode(MembershipTerms, self._unsealer.unseal_with(key, row.sealed, label))
            number = self._households.get(row.household, "?")
            members.append((number, terms.role, terms.since, terms.until))
        if len(set(members)) != len(members):
            self._seen.unknown.append("membership stored twice")
        stays = tuple((one.region, one.address_key, one.since, one.until) for one in facts.registrations)
        return SeenPerson({}, frozenset(members), facts.birth_date, facts.death_date, facts.sex, stays)

    async def _records(self, persons: list[PersonId], shapes: Mapping[PersonId, PersonShape]) -> None:
        for row in await self._reader.records(persons, [category.number for category in CATEGORIES]):
            label = record_label(row.person, row.category)
            record = decode(Record, self._unsealer.unseal(shapes[row.person].wrapped, row.sealed, label))
            name = _CATEGORIES[row.category]
            items = [self._item(item) for item in record.items]
            if len(set(items)) != len(items):
                self._seen.unknown.append("item stored twice")
            if items:
                self._seen.people[self._called[row.person]].records[name] = frozenset(items)

    def _item(self, item: Item) -> Kept:
        won = [(name, value, self._versions[item.claims[name]]) for name, value in item.values.items()]
        lost = [(loser.field, loser.value, self._versions[loser.claim]) for loser in item.losers]
        return tuple(sorted(won)), tuple(sorted(lost, key=repr))

    async def _links(self, persons: list[PersonId]) -> None:
        clusters = {min(keys): keys for keys in self._seen.clusters}
        for shape in (await self._reader.links(persons, frozenset(LinkKind))).links:
            if not shape.outgoing:
                continue
            sealed = self._unsealer.unseal(shape.wrapped, shape.sealed, link_label(shape.key, shape.kind))
            terms = decode(LinkTerms, sealed)
            one, other = self._called[shape.person], self._called[shape.other]
            if self._keys[shape.key] not in clusters[one]:
                self._seen.unknown.append("link stated by a key of somebody else")
            if shape.kind in PARTNERS:
                one, other = sorted((one, other))
            self._seen.links.append(Link(str(shape.kind), one, other, terms.since, terms.until))

    async def _matters(self) -> list[Matter]:
        found = []
        for one in await self._hub.pulling.docket.protection(list(self._keys)):
            sides = tuple(self._side(one.kind, side) for side in one.sides)
            kind = "grade" if one.kind is ProtectiveKind.GRADE else "report"
            reached = tuple(more for _, more in sides) if kind == "report" else ()
            found.append(Matter(kind, tuple(side for side, _ in sides), one.grade, one.status, reached))
        return found

    def _side(
        self, kind: ProtectiveKind, hashes: Iterable[KeyHash]
    ) -> tuple[tuple[SourceNumber, str | None], frozenset[SourceNumber | str]]:
        """The side as its row states it: its key, then the national id if there is one; what follows was reached."""
        first, *rest = hashes
        stated = self._iins.get(rest[0]) if len(rest) == 1 else None
        known: dict[KeyHash, SourceNumber | str] = {**self._keys, **self._iins}
        more = frozenset(known[one] for one in rest) if stated is None else frozenset()
        return (self._keys[first], stated), more


def rows_of(hub: Hub) -> dict[str, list[tuple[bytes, str, str | None]]]:
    """Agency → (digest, outcome, reason) of each row, in the order in which the docket took them in."""
    opener = Opener(hub.pulling.ring, Unsealer(hub.pulling.ring))
    found: dict[str, list[tuple[bytes, str, str | None]]] = {}
    with sqlite3.connect(hub.folder / "docket.db") as docket:
        query = "SELECT source, digest, outcome, position, sealed FROM intake ORDER BY seq"
        for source, digest, outcome, position, sealed in docket.execute(query):
            held = opener.held(position, source, sealed, None)
            told = opener.outcome(outcome)
            if told is not held.outcome:
                raise AssertionError("an outcome's label is not what is sealed beside it")
            found.setdefault(source, []).append((digest, str(told), held.reason))
    return found
