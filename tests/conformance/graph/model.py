"""The port's promises in the plainest code: lists and dicts, looked through from end to end at every call.

It knows nothing of how a store lays things out, and is the judge in the state machine.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from domain.ids import HouseholdId, KeyHash, PersonId
from domain.links import CARE, PARENTS, LinkKind
from graph.port import Stale
from graph.shapes import (
    Batch,
    ClaimRow,
    Facts,
    Hop,
    LineageRow,
    LinkRow,
    LinkShape,
    MemberRow,
    NewKey,
    OutboxRow,
    PersonClaims,
    PersonShape,
    PersonWrite,
    RecordRow,
    SealedClaim,
    Written,
)


@dataclass
class Kept:
    """One person as last written."""

    version: int
    wrapped: bytes
    facts: bytes
    records: dict[int, bytes] = field(default_factory=dict)
    links: tuple[LinkRow, ...] = ()
    memberships: tuple[MemberRow, ...] = ()
    searches: frozenset[KeyHash] = frozenset()
    nationals: dict[KeyHash, tuple[int, int]] = field(default_factory=dict)


class Model:
    """A graph in memory. `write` raises what the port says; the reads answer what a store must answer."""

    def __init__(self) -> None:
        self.instants: list[str] = []
        self.keys: dict[KeyHash, NewKey] = {}
        self.claim_rows: list[tuple[int, ClaimRow]] = []
        self.people: dict[PersonId, Kept] = {}
        self.cursors: dict[str, bytes] = {}
        self.outbox: list[OutboxRow] = []

    # ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────

    def write(self, batch: Batch) -> Written:
        stale = {w.person for w in batch.people if self.version(w.person) != w.base}
        for row in batch.keys:
            if row.key in self.keys and self.keys[row.key].person != row.person:
                stale |= {row.person, self.keys[row.key].person}
        if stale:
            raise Stale(frozenset(stale))
        self.instants.append(max([batch.instant, *self.instants]))
        for row in batch.keys:
            self.keys.setdefault(row.key, row)
        new = sum(self._keep(row) for row in batch.claims)
        for write in batch.people:
            self._derive(write, list(batch.stated))
        if batch.cursor:
            self.cursors[batch.cursor[0]] = batch.cursor[1]
        for entry in batch.outbox:
            if all(entry.entry != there.entry for there in self.outbox):
                self.outbox.append(entry)
        return Written(self.sequence(), new, len(batch.claims) - new)

    def settle(self, entries: Iterable[bytes]) -> None:
        gone = set(entries)
        self.outbox = [entry for entry in self.outbox if entry.entry not in gone]

    def _keep(self, row: ClaimRow) -> bool:
        if any(row.claim == there.claim for _, there in self.claim_rows):
            return False
        self.claim_rows.append((self.sequence(), row))
        return True

    def _derive(self, write: PersonWrite, stated: list[tuple[KeyHash, PersonId]]) -> None:
        kept = self.people.setdefault(write.person, Kept(0, b"", b""))
        kept.version += 1
        kept.wrapped = write.wrapped or kept.wrapped
        kept.facts = write.facts
        kept.records.update(write.records)
        if write.links is not None:
            kept.links = write.links
        if write.memberships is not None:
            kept.memberships = write.memberships
        if write.searches is not None:
            kept.searches = frozenset(write.searches)
        if write.nationals is not None:
            said = [n for n in write.nationals if (n, write.person) in stated]
            places = {n: stated.index((n, write.person)) for n in said}
            first = {n: (self.sequence(), places.get(n, len(stated))) for n in write.nationals}
            kept.nationals = {n: kept.nationals.get(n, first[n]) for n in write.nationals}

    # ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────

    def version(self, person: PersonId) -> int:
        return self.people[person].version if person in self.people else 0

    def sequence(self) -> int:
        return len(self.instants)

    def find(self, nationals: Sequence[KeyHash]) -> dict[KeyHash, tuple[PersonId, ...]]:
        found = {}
        for national in nationals:
            stated = sorted((k.nationals[national], p) for p, k in self.people.items() if national in k.nationals)
            if stated:
                found[national] = tuple(person for _, person in stated)
        return found

    def owners(self, keys: Sequence[KeyHash]) -> dict[KeyHash, PersonId]:
        return {key: self.keys[key].person for key in keys if key in self.keys}

    def search(self, keys: Sequence[KeyHash], limit: int) -> tuple[PersonId, ...]:
        return tuple(sorted(p for p, kept in self.people.items() if kept.searches & set(keys))[: limit + 1])

    def facts(self, ids: Sequence[PersonId]) -> Facts:
        asked = [person for person in dict.fromkeys(ids) if person in self.people]
        around: set[PersonId] = set()
        homes: set[HouseholdId] = set()
        for person in asked:
            around |= set(self._shape(person).parents) & set(self.people)
            for home in self._homes(person):
                homes.add(home)
                around |= {other for other in self._members(home) if other != person}
        return Facts(
            people={person: self._shape(person) for person in asked},
            around={person: self._shape(person) for person in sorted(around)},
            households={home: self._members(home) for home in sorted(homes)},
        )

    def households(self, ids: Sequence[HouseholdId]) -> tuple[MemberRow, ...]:
        rows = [row for person in sorted(self.people) for row in self.people[person].memberships]
        return tuple(sorted((row for row in rows if row.household in ids), key=lambda row: row.household))

    def links(self, ids: Sequence[PersonId], kinds: frozenset[LinkKind]) -> Hop:
        shapes = []
        for person in sorted(set(ids)):
            shapes += [self._seen(row, outgoing=True) for row in self._links() if row.person == person]
            shapes += [self._seen(row, outgoing=False) for row in self._links() if row.other == person]
        shapes = [shape for shape in shapes if shape.kind in kinds]
        shapes.sort(key=lambda shape: (shape.person, shape.other, shape.kind))
        return Hop(tuple(shapes), self.facts([shape.other for shape in shapes]))

    def records(self, ids: Sequence[PersonId], categories: Sequence[int]) -> tuple[RecordRow, ...]:
        return tuple(
            RecordRow(person, category, kept.records[category])
            for person, kept in sorted(self.people.items())
            for category in sorted(kept.records)
            if person in ids and category in categories
        )

    def lineage(self, ids: Sequence[PersonId]) -> tuple[LineageRow, ...]:
        return tuple(
            LineageRow(person, row.claim, row.source, row.kind, sequence, self.instants[sequence - 1])
            for person in dict.fromkeys(ids)
            for sequence, row in self.claim_rows
            if row.key in self.keys and self.keys[row.key].person == person
        )

    def claims(self, ids: Sequence[PersonId]) -> dict[PersonId, PersonClaims]:
        answer = {}
        for person in dict.fromkeys(ids):
            if person not in self.people:
                continue
            kept = self.people[person]
            own = {row.key: row.wrapped for row in self.keys.values() if row.person == person}
            rows = tuple(
                SealedClaim(row.claim, row.key, row.kind, row.source, sequence, row.sealed)
                for sequence, row in self.claim_rows
                if row.key in own
            )
            nationals = tuple(n for _, n in sorted((sequence, n) for n, (sequence, _) in kept.nationals.items()))
            answer[person] = PersonClaims(person, kept.version, kept.wrapped, own, rows, nationals)
        return answer

    def _shape(self, person: PersonId) -> PersonShape:
        kept = self.people[person]
        own = sorted(row.key for row in self.keys.values() if row.person == person)
        above = {row.other for row in kept.links if row.kind in PARENTS | CARE}
        homes = sorted(kept.memberships, key=lambda row: row.household)
        keys = (*own, *sorted(kept.nationals))
        return PersonShape(person, kept.version, kept.wrapped, kept.facts, keys, tuple(homes), tuple(sorted(above)))

    def _homes(self, person: PersonId) -> set[HouseholdId]:
        return {row.household for row in self.people[person].memberships}

    def _members(self, home: HouseholdId) -> tuple[PersonId, ...]:
        return tuple(person for person in sorted(self.people) if home in self._homes(person))

    def _links(self) -> list[LinkRow]:
        return [row for person in sorted(self.people) for row in self.people[person].links]

    def _seen(self, row: LinkRow, *, outgoing: bool) -> LinkShape:
        near, far = (row.person, row.other) if outgoing else (row.other, row.person)
        return LinkShape(near, far, row.kind, outgoing, row.key, self.keys[row.key].wrapped, row.sealed)


def with_base(write: PersonWrite, base: int) -> PersonWrite:
    """The same write, folded from another version."""
    return replace(write, base=base, wrapped=write.wrapped if base == 0 else None)
