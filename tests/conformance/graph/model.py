"""The port's promises in the plainest code. It knows nothing of how a store lays things out, and is the judge."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from copy import deepcopy
from dataclasses import replace
from itertools import pairwise

from domain.errors import Invalid
from domain.ids import KeyHash, PersonId
from graph.checks import EPOCH
from graph.port import Stale
from graph.shapes import Batch, ClaimRow, DecisionRow, LinkRow, PersonWrite, Written
from tests.conformance.graph.answers import Answers
from tests.conformance.graph.state import Kept, Stood


class Model(Answers):
    """A graph in memory. `write` raises what the port says; the reads answer what a store must answer."""

    # ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────

    def write(self, batch: Batch) -> Written:
        stale = self._stale(batch)
        if stale is not None:
            raise Stale(frozenset(stale))
        before = deepcopy(vars(self)) if batch.moves else {}
        try:
            return self._write(batch)
        except Invalid:
            vars(self).update(before)
            raise

    def _stale(self, batch: Batch) -> set[PersonId] | None:
        writes = {write.person for write in batch.people}
        stale = {write.person for write in batch.people if self.version(write.person) != write.base}
        for row in batch.keys:
            if row.key in self.keys and self.keys[row.key].person != row.person:
                stale |= {row.person, self.keys[row.key].person}
        for anew in batch.redecisions:
            owner = self.keys[anew.key].person if anew.key in self.keys else None
            if owner != anew.was:
                stale |= {anew.was} | ({owner} if owner is not None else set())
        touched = {row.person for row in batch.keys} | {row.person for row in batch.redecisions} | writes
        touched |= {link.other for write in batch.people for link in write.links or ()}
        stale |= {person for person in touched if person in self.moved} - {move.person for move in batch.moves}
        if batch.read_at is not None and self.parted > batch.read_at:
            return stale | writes
        return stale or None

    def _write(self, batch: Batch) -> Written:
        self.instants.append(max([batch.instant, *self.instants]))
        for row in batch.keys:
            if row.key not in self.keys:
                self.keys[row.key] = row
                self.decided.append(DecisionRow(row.key, row.person, row.reason, self.sequence()))
        for anew in batch.redecisions:
            self.keys[anew.key] = replace(self.keys[anew.key], person=anew.person, reason=anew.reason)
            self.decided.append(DecisionRow(anew.key, anew.person, anew.reason, self.sequence()))
        self._move(batch)
        new = sum(self._keep(row) for row in batch.claims)
        for write in batch.people:
            self._derive(write, list(batch.stated))
        if any(self._stands(move.person) for move in batch.moves if move.into is not None):
            raise Invalid(field="moves")
        if batch.cursor:
            self.cursors[batch.cursor[0]] = batch.cursor[1]
        for entry in batch.outbox:
            if all(entry.entry != there.entry for there in self.outbox):
                self.outbox.append(entry)
        self.remember()
        return Written(self.sequence(), new, len(batch.claims) - new)

    def _move(self, batch: Batch) -> None:
        for move in batch.moves:
            self.moved.pop(move.person, None)
            if move.into is not None:
                self.moved[move.person] = (move.into, self.sequence())
        for person in self.moved:
            step, seen = person, {person}
            while step in self.moved:
                step = self.moved[step][0]
                if step in seen:
                    raise Invalid(field="moves")
                seen.add(step)
        if batch.redecisions or batch.moves:
            self.parted = self.sequence()

    def _stands(self, person: PersonId) -> bool:
        """Whether an id stands anywhere in the present but with records of its own."""
        if self.own_keys(person) or any(row.other == person for row in self._links()):
            return True
        kept = self.people.get(person)
        return kept is not None and bool(
            kept.stood.links[1] or kept.stood.memberships[1] or kept.searches or kept.nationals
        )

    def _links(self) -> list[LinkRow]:
        return [row for kept in self.people.values() for row in kept.stood.links[1]]

    def _keep(self, row: ClaimRow) -> bool:
        if any(row.claim == there.claim for _, there in self.claim_rows):
            return False
        self.claim_rows.append((self.sequence(), row))
        return True

    def _derive(self, write: PersonWrite, stated: list[tuple[KeyHash, PersonId]]) -> None:
        now = self.sequence()
        kept = self.people.setdefault(write.person, Kept(0, b"", b""))
        kept.version += 1
        kept.wrapped = write.wrapped or kept.wrapped
        kept.facts = write.facts
        kept.stood.records.update({category: (now, sealed) for category, sealed in write.records.items()})
        if write.links is not None:
            kept.stood.links = (now, write.links)
        if write.memberships is not None:
            kept.stood.memberships = (now, write.memberships)
        if write.searches is not None:
            kept.searches = frozenset(write.searches)
        if write.nationals is not None:
            said = [n for n in write.nationals if (n, write.person) in stated]
            places = {n: stated.index((n, write.person)) for n in said}
            first = {n: (now, places.get(n, len(stated))) for n in write.nationals}
            kept.nationals = {n: kept.nationals.get(n, first[n]) for n in write.nationals}

    def settle(self, entries: Iterable[bytes]) -> None:
        gone = set(entries)
        self.outbox = [entry for entry in self.outbox if entry.entry not in gone]

    # ── upkeep ───────────────────────────────────────────────────────────────────────────────────────────────────

    def rekey(self, rewrap: Callable[[bytes], bytes]) -> int:
        for kept in self.people.values():
            kept.wrapped = rewrap(kept.wrapped)
        self.keys = {key: replace(row, wrapped=rewrap(row.wrapped)) for key, row in self.keys.items()}
        return len(self.people) + len(self.keys)

    def forget(self, persons: Sequence[PersonId], marks: Sequence[KeyHash]) -> int:
        groups = [self.group(person) for person in {self.named(i) for i in persons}]
        there = [group for group in groups if any(i in self.people or self.own_keys(i) for i in group)]
        whole = {i for group in groups for i in group}
        keys = {key for i in whole for key in self.own_keys(i)}
        nationals = {n for i in whole if i in self.people for n in self.people[i].nationals}
        new = {*marks, *keys, *nationals} - self.marks
        if not there and not new:
            return 0
        self.instants.append(max([EPOCH, *self.instants]))
        self.parted = self.sequence()
        self.marks |= new
        linked = {row.person for row in self._links() if row.other in whole}
        linked |= {row.other for row in self._links() if row.person in whole}
        for person in (linked - whole) & self.people.keys():
            self.people[person].version += 1
        self._erase_those_days(whole, keys)
        self.people = {person: kept for person, kept in self.people.items() if person not in whole}
        for snapshot in [*self.history, self.now()]:
            for person in whole & snapshot.keys():
                del snapshot[person]
            for stood in snapshot.values():
                since, rows = stood.links
                stood.links = (since, tuple(row for row in rows if row.other not in whole and row.key not in keys))
        self.decided = [row for row in self.decided if row.key not in keys and row.person not in whole]
        self.keys = {key: row for key, row in self.keys.items() if key not in keys}
        self.claim_rows = [(sequence, row) for sequence, row in self.claim_rows if row.key not in keys]
        self.moved = {a: b for a, b in self.moved.items() if a not in whole and b[0] not in whole}
        self.remember()
        return len(there)

    def _erase_those_days(self, whole: set[PersonId], keys: set[KeyHash]) -> None:
        """What was written about others while a key that goes was decided to be theirs, and replaced since."""
        for key in keys:
            steps = sorted((row.sequence, row.person) for row in self.decided if row.key == key)
            for (since, holder), (until, _) in pairwise(steps):
                if holder not in whole:
                    for snapshot in self.history:
                        self._erase_days(snapshot, holder, range(since, until))

    def _erase_days(self, snapshot: dict[PersonId, Stood], holder: PersonId, days: range) -> None:
        for person, stood in snapshot.items():
            now = self.people[person].stood if person in self.people else Stood()
            if stood.links[0] in days and stood.links[0] != now.links[0]:
                since, rows = stood.links
                stood.links = (since, tuple(r for r in rows if holder not in {r.person, r.other}))
            if person != holder:
                continue
            for category, (since, sealed) in list(stood.records.items()):
                if since in days and now.records.get(category) != (since, sealed):
                    del stood.records[category]
            if stood.memberships[0] in days and stood.memberships[0] != now.memberships[0]:
                stood.memberships = (stood.memberships[0], ())


def with_base(write: PersonWrite, base: int) -> PersonWrite:
    """The same write, folded from another version."""
    return replace(write, base=base, wrapped=write.wrapped if base == 0 else None)
