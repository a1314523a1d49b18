"""Rules 0, 2 and 4: row by row in the order taken, its one outcome, and who its people are."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from tests.oracle.checks import Unreadable
from tests.oracle.clauses import AS_WRITTEN, Clauses
from tests.oracle.hidden import PLACING, Mark, hidden, latest
from tests.oracle.names import Statement, agree
from tests.oracle.reading import graded, read
from tests.oracle.said import Matter, Named, Said, SourceNumber
from tests.oracle.weighing import Person, Told, Weighed, meet, spot, told, weigh, weighable

Row = dict[str, Any]
Signed = Callable[[Row], bool]
"""Whether a casework row's signature holds. The rule says that it must, not how signatures are computed."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A row with its outcome; `reason` where it is quarantined or under review."""

    agency: str
    row: Row
    outcome: str
    reason: str | None = None


@dataclass(slots=True)
class Decided:
    """What the rule makes of the rows. `people`: source key → the source key that founded its person.

    `how`: source key → new or matched, in the order of decisions. `stated`: national id → persons (their founding
    keys) in order of first statement. `accepted`: what the rows say that make claims, in order.
    """

    taken: list[Taken] = field(default_factory=list)
    people: dict[SourceNumber, SourceNumber] = field(default_factory=dict)
    how: dict[SourceNumber, str] = field(default_factory=dict)
    stated: dict[str, list[SourceNumber]] = field(default_factory=dict)
    accepted: list[Said] = field(default_factory=list)
    matters: list[Matter] = field(default_factory=list)


def decide(
    rows: Iterable[tuple[str, Row]], signed: Signed, clauses: Clauses = AS_WRITTEN, pages: Sequence[int] | None = None
) -> Decided:
    """Judge rows (agency, row) in the order in which they are taken in.

    `pages`: the page of each row, for a protective matter counts for the whole page that brings it; without it, for the
    rows from its own on.
    """
    judge = _Judge(signed, clauses)
    given = list(rows)
    for at, (agency, row) in enumerate(given):
        page = (
            [(agency, row)] if pages is None else [one for one, n in zip(given, pages, strict=True) if n == pages[at]]
        )
        judge.take(agency, row, page)
    return judge.decided


def canonical(row: Row) -> str:
    """The form in which two rows are compared: sorted keys, no blanks."""
    return json.dumps(row, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


class _Judge:
    def __init__(self, signed: Signed, clauses: Clauses) -> None:
        self._signed = signed
        self._clauses = clauses
        self._seen: set[tuple[str, str]] = set()
        self._statements: dict[SourceNumber, list[Statement]] = {}
        self._people: dict[SourceNumber, Person] = {}
        self._graded: set[Mark] = set()
        self._page: list[Said] = []
        self._hidden: set[Mark] | None = None
        self._guarded: list[SourceNumber] = []
        self.decided = Decided()

    def take(self, agency: str, row: Row, page: Iterable[tuple[str, Row]]) -> None:
        """Give a row its outcome."""
        self._page = []
        for other in page:
            self._protect(*other)
        self._hidden = None
        outcome, reason = self._outcome(agency, row)
        if outcome != "quarantined" or self._clauses.grades_of_quarantined:
            self.decided.matters += graded(agency, row)
        self.decided.taken.append(Taken(agency, row, outcome, reason))

    def _outcome(self, agency: str, row: Row) -> tuple[str, str | None]:
        content = (agency, canonical(row))
        if content in self._seen and self._clauses.duplicates:
            return "duplicate", None
        self._seen.add(content)
        try:
            said = read(agency, row, self._clauses)
        except Unreadable as unreadable:
            return "quarantined", str(unreadable)
        if agency == "casework":
            return ("accepted", None) if self._signed(row) else ("quarantined", "BAD_SIGNATURE")
        if agency == "police":
            reached = tuple(self._reached(side) for side in said.sides)
            self.decided.matters += [replace(matter, reached=reached) for matter in said.matters]
            return "protective", None
        self.decided.matters += said.matters
        self._guarded = []
        persons = self._persons(said)
        if isinstance(persons, str):
            return "review", persons
        for key in self._guarded:
            self._graded.add(key)
            self.decided.matters.append(Matter("grade", ((key, None),), grade="strict"))
        self._accept(said, persons)
        return "accepted", None

    def _protect(self, agency: str, row: Row) -> None:
        """The keys on which a row hangs a grade, whatever becomes of the row; and whom it puts beside them."""
        matters = graded(agency, row)
        with contextlib.suppress(Unreadable):
            said = read(agency, row, self._clauses)
            self._page.append(said)
            matters += said.matters
        for key, iin in (side for matter in matters if matter.kind == "grade" for side in matter.sides):
            self._graded |= {key} | ({iin} if iin is not None else set())

    def _is_hidden(self, person: SourceNumber) -> bool:
        if not self._graded or not self._clauses.protected:
            return False
        if self._hidden is None:
            known = latest(self.decided.accepted)
            self._hidden = hidden(self.decided.people, self.decided.stated, known, self._page, self._graded)
        return bool(self._hidden & self._keys(person))

    def _reached(self, side: Named) -> frozenset[SourceNumber | str]:
        """Whom a side without a national id is, or may be, by every key and national id of theirs."""
        claim = told(side.item)
        if side.iin is not None or not weighable(claim):
            return frozenset()
        weighed = weigh(claim, set(), self._people)
        meant = weighed.plausible[:1] if weighed.sure else weighed.plausible
        return frozenset(key for one in meant for key in self._keys(one))

    def _keys(self, person: SourceNumber) -> set[SourceNumber | str]:
        keys: set[SourceNumber | str] = {key for key, whose in self.decided.people.items() if whose == person}
        return keys | {iin for iin, people in self.decided.stated.items() if person in people}

    def _weighed(self, named: Named, agency: str) -> SourceNumber | str:
        claim, home = told(named.item), spot(named.home)
        if not weighable(claim):
            return "NO_ID"
        under = {who for who in self._near(claim) if self._is_hidden(who)}
        openly = {who: one for who, one in self._people.items() if who not in under}
        weighed = weigh(claim, home, openly)
        everybody = weigh(claim, home, {who: self._people[who] for who in under} if weighed.crowded else self._people)
        if not weighed.crowded and not weighed.plausible and self._as_ever(everybody, under, agency):
            return everybody.plausible[0]
        looked_at = everybody.plausible[:1] if everybody.sure else everybody.plausible
        if agency in PLACING and not under.isdisjoint(looked_at):
            self._guarded.append(named.key)
            return named.key
        if weighed.crowded:
            return "NO_ID"
        if not weighed.plausible:
            return named.key
        best = weighed.plausible[0]
        return best if weighed.sure and self._placed(best, agency) and self._clauses.weighing else "NO_ID"

    def _as_ever(self, weighed: Weighed, under: set[SourceNumber], agency: str) -> bool:
        """Whether somebody sure, under protection by others alone, is matched."""
        if not (weighed.sure and self._clauses.weighing and self._clauses.by_others):
            return False
        best = weighed.plausible[0]
        return best in under and self._graded.isdisjoint(self._keys(best)) and self._placed(best, agency)

    def _placed(self, person: SourceNumber, agency: str) -> bool:
        return agency in PLACING or any(key[0] in PLACING for key in self._keys(person) if isinstance(key, tuple))

    def _near(self, claim: Told) -> set[SourceNumber]:
        return {who for who, one in self._people.items() if any(meet(claim, told) for told in one.told)}

    def _persons(self, said: Said) -> dict[SourceNumber, SourceNumber] | str:
        """Who the people of a row are, or why a human has to look at it."""
        persons: dict[SourceNumber, SourceNumber] = {}
        for named in said.people:
            person = self._person(named, said.agency)
            if person in persons.values() and self._clauses.two_people:
                person = "ID_CONFLICT"
            if isinstance(person, str):
                if self._clauses.whole_row or not persons:
                    return person
                continue
            persons[named.key] = person
        return persons

    def _person(self, named: Named, agency: str) -> SourceNumber | str:
        known = self.decided.people.get(named.key)
        if known is not None:
            return known
        if named.iin is None:
            return self._weighed(named, agency) if self._clauses.needs_id else named.key
        candidates = self.decided.stated.get(named.iin)
        if not candidates:
            return named.key
        for person in candidates:
            if self._agrees(named, person):
                return person
        return "ID_CONFLICT"

    def _agrees(self, named: Named, person: SourceNumber) -> bool:
        if not self._clauses.agreement:
            return True
        statements = self._statements[person]
        looked_at = statements if self._clauses.every_statement else statements[:1]
        return any(agree(named.statement, statement, self._clauses) for statement in looked_at)

    def _accept(self, said: Said, persons: dict[SourceNumber, SourceNumber]) -> None:
        decided = self.decided
        for named in said.people:
            if named.key not in persons:
                continue
            person = persons[named.key]
            if named.key not in decided.people:
                decided.people[named.key] = person
                decided.how[named.key] = "new" if person == named.key else "matched"
            self._statements.setdefault(person, []).append(named.statement)
            known = self._people.setdefault(person, Person())
            known.told.add(told(named.item))
            for claim in said.records:
                if claim.key == named.key and claim.category == "residence":
                    known.spots |= {one for item in claim.items for one in spot(item)}
            stated = decided.stated.setdefault(named.iin, []) if named.iin is not None else []
            if person not in stated:
                stated.append(person)
        decided.accepted.append(said)
