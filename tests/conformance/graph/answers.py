"""What a store must answer, looked through from end to end at every call."""

from __future__ import annotations

from collections.abc import Sequence

from domain.ids import HouseholdId, KeyHash, PersonId
from domain.links import CARE, PARENTS, LinkKind
from graph.shapes import (
    DecisionRow,
    Facts,
    Former,
    Hop,
    LineageRow,
    LinkRow,
    LinkShape,
    MemberRow,
    Origin,
    PersonClaims,
    PersonShape,
    RecordRow,
    SealedClaim,
)
from tests.conformance.graph.state import State, Stood


class Answers(State):
    """The reads of the port, and the Writer's own."""

    def sequence_at(self, instant: str) -> int:
        return sum(recorded <= instant for recorded in self.instants)

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

    def scan(self) -> list[PersonId]:
        return sorted(person for person in self.people if person not in self.moved)

    def facts(self, ids: Sequence[PersonId]) -> Facts:
        asked = [i for i in dict.fromkeys(ids) if self.named(i) in self.people]
        around: set[PersonId] = set()
        homes: set[HouseholdId] = set()
        for person in {self.named(i) for i in asked}:
            around |= set(self._shape(person).parents) & set(self.people)
            for home in self._homes(person):
                homes.add(home)
                around |= {other for other in self._members(home) if other != person}
        return Facts(
            people={i: self._shape(self.named(i)) for i in asked},
            around={person: self._shape(person) for person in sorted(around)},
            households={home: self._members(home) for home in sorted(homes)},
        )

    def households(self, ids: Sequence[HouseholdId], at: int | None = None) -> tuple[MemberRow, ...]:
        rows = [row for _, stood in sorted(self.at(at).items(), key=_first) for row in stood.memberships[1]]
        return tuple(sorted((row for row in rows if row.household in ids), key=lambda row: row.household))

    def memberships(self, ids: Sequence[PersonId], at: int | None = None) -> tuple[MemberRow, ...]:
        people = {self.named(i) for i in ids}
        rows = [row for person, stood in self.at(at).items() if person in people for row in stood.memberships[1]]
        return tuple(sorted(rows, key=lambda row: (row.person, row.household)))

    def links(self, ids: Sequence[PersonId], kinds: frozenset[LinkKind], at: int | None = None) -> Hop:
        rows = [row for _, stood in sorted(self.at(at).items(), key=_first) for row in stood.links[1]]
        shapes = []
        for person in sorted({self.named(i) for i in ids}):
            shapes += [self._seen(row, outgoing=True) for row in rows if row.person == person]
            shapes += [self._seen(row, outgoing=False) for row in rows if row.other == person]
        shapes = [shape for shape in shapes if shape.kind in kinds]
        shapes.sort(key=lambda shape: (shape.person, shape.other, shape.kind))
        return Hop(tuple(shapes), self.facts([shape.other for shape in shapes]))

    def records(
        self, ids: Sequence[PersonId], categories: Sequence[int], at: int | None = None
    ) -> tuple[RecordRow, ...]:
        asked = {self.named(i) for i in ids}
        return tuple(
            RecordRow(person, category, stood.records[category][1])
            for person, stood in sorted(self.at(at).items(), key=_first)
            for category in sorted(stood.records)
            if person in asked and category in categories
        )

    def lineage(self, ids: Sequence[PersonId]) -> tuple[LineageRow, ...]:
        return tuple(
            LineageRow(person, row.claim, row.source, row.kind, sequence, self.instants[sequence - 1])
            for person in dict.fromkeys(self.named(i) for i in ids)
            for sequence, row in self.claim_rows
            if row.key in self.keys and self.keys[row.key].person == person
        )

    def origins(self, claims: Sequence[bytes]) -> tuple[Origin, ...]:
        there = {row.claim: (sequence, row) for sequence, row in self.claim_rows if row.key in self.keys}
        return tuple(
            Origin(
                row.claim,
                self.keys[row.key].person,
                row.source,
                row.kind,
                sequence,
                self.instants[sequence - 1],
                row.key,
                self.keys[row.key].wrapped,
                row.sealed,
            )
            for sequence, row in (there[claim] for claim in dict.fromkeys(claims) if claim in there)
        )

    def former(self, ids: Sequence[PersonId]) -> dict[PersonId, tuple[Former, ...]]:
        found = {}
        for person in {self.named(i) for i in ids}:
            others = [Former(other, self.moved[other][1]) for other in self.group(person)[1:]]
            if others:
                found[person] = tuple(sorted(others, key=lambda one: (one.sequence, one.person)))
        return found

    def decisions(self, ids: Sequence[PersonId]) -> tuple[DecisionRow, ...]:
        keys = {row.key for row in self.decided if row.person in ids}
        rows = [row for row in self.decided if row.key in keys]
        return tuple(sorted(rows, key=lambda row: (row.sequence, row.key)))

    def suppressed(self, hashes: Sequence[KeyHash]) -> frozenset[KeyHash]:
        return frozenset(hashes) & self.marks

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
        above = {row.other for row in kept.stood.links[1] if row.kind in PARENTS | CARE}
        homes = sorted(kept.stood.memberships[1], key=lambda row: row.household)
        keys = (*self.own_keys(person), *sorted(kept.nationals))
        return PersonShape(person, kept.version, kept.wrapped, kept.facts, keys, tuple(homes), tuple(sorted(above)))

    def _homes(self, person: PersonId) -> set[HouseholdId]:
        return {row.household for row in self.people[person].stood.memberships[1]}

    def _members(self, home: HouseholdId) -> tuple[PersonId, ...]:
        return tuple(person for person in sorted(self.people) if home in self._homes(person))

    def _seen(self, row: LinkRow, *, outgoing: bool) -> LinkShape:
        near, far = (row.person, row.other) if outgoing else (row.other, row.person)
        return LinkShape(near, far, row.kind, outgoing, row.key, self.keys[row.key].wrapped, row.sealed)


def _first(item: tuple[PersonId, Stood]) -> PersonId:
    return item[0]
