"""Where expectation and stores differ, in a few words each; nothing if they are equal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from tests.oracle.authority import Authority
from tests.oracle.clauses import AS_WRITTEN, Clauses
from tests.oracle.deciding import Decided, Row, Signed, Taken, canonical, decide
from tests.oracle.folding import Folded, Known, Link, Version, fold
from tests.oracle.reading import read
from tests.oracle.said import Matter, SourceNumber
from tests.oracle.seen import Names, Seen, SeenPerson

GRADES = ("confidential", "strict")
STATUSES = ("withdrawn", "reported", "confirmed")


@dataclass(frozen=True, slots=True)
class Expected:
    """What the Oracle says: decisions and fold, people called by the least of their source keys."""

    decided: Decided
    called: dict[SourceNumber, SourceNumber]
    folded: Folded

    @property
    def clusters(self) -> frozenset[frozenset[SourceNumber]]:
        """The source keys of each person."""
        found: dict[SourceNumber, set[SourceNumber]] = {}
        for key, person in self.called.items():
            found.setdefault(person, set()).add(key)
        return frozenset(frozenset(keys) for keys in found.values())

    def outcomes(self) -> list[tuple[str, str, str | None]]:
        """(agency, outcome, reason) of each row as taken."""
        return [(one.agency, one.outcome, one.reason) for one in self.decided.taken]

    def names(self) -> Names:
        """All that accepted rows and protective matters name."""
        accepted, matters = self.decided.accepted, self.decided.matters
        sides = [side for matter in matters for side in matter.sides]
        keys = {named.key for said in accepted for named in said.people} | {key for key, _ in sides}
        iins = {named.iin for said in accepted for named in said.people} | {iin for _, iin in sides}
        households = {member.household for said in accepted for member in said.members}
        return Names(frozenset(keys), frozenset(iin for iin in iins if iin is not None), frozenset(households))


def expect(
    rows: Iterable[tuple[str, Row]],
    signed: Signed,
    authority: Authority,
    clauses: Clauses = AS_WRITTEN,
    pages: Sequence[int] | None = None,
) -> Expected:
    """The Oracle's answer to rows in the order taken, in these pages."""
    decided = decide(rows, signed, clauses, pages)
    called = called_by_least(decided.people)
    return Expected(decided, called, fold(decided.accepted, called, authority, clauses))


def expect_given(rows: Iterable[tuple[str, Row]], signed: Signed, authority: Authority, seen: Seen) -> Expected:
    """What must be there if the hub's own outcomes and decisions hold: who came first was chance, the rest is not.

    Duplicates, quarantine and protective rows are the rule's even so, and a row that is held or accepted was either.
    """
    expected = expect(rows, signed, authority)
    decided, at = Decided(matters=expected.decided.matters), dict.fromkeys(seen.rows, 0)
    for one in expected.decided.taken:
        _, outcome, reason = seen.rows[one.agency][at[one.agency]]
        at[one.agency] += 1
        open_to_chance = {one.outcome, outcome} <= {"accepted", "review"} and one.agency != "casework"
        decided.taken.append(Taken(one.agency, one.row, outcome, reason) if open_to_chance else one)
        if open_to_chance and outcome == "accepted":
            decided.accepted.append(read(one.agency, one.row, AS_WRITTEN))
    called = {key: min(keys) for keys in seen.clusters for key in keys}
    decided.people, decided.how, decided.stated = called, seen.how, seen.stated
    return Expected(decided, called, fold(decided.accepted, called, authority))


def called_by_least(people: dict[SourceNumber, SourceNumber]) -> dict[SourceNumber, SourceNumber]:
    """Source key → the least key of the same person."""
    least: dict[SourceNumber, SourceNumber] = {}
    for key, person in people.items():
        least[person] = min(least.get(person, key), key)
    return {key: least[person] for key, person in people.items()}


def differences(expected: Expected, seen: Seen, digest: Callable[[str, bytes], bytes]) -> list[str]:
    """All differences. `digest`: agency and canonical row → the hash by which the docket knows the row."""
    found = [f"in no row: {what}" for what in seen.unknown]
    found += _rows(expected.decided, seen, digest)
    found += _sets("person", expected.clusters, seen.clusters)
    found += _maps("decision", expected.decided.how, seen.how)
    stated = {iin: [expected.called[p] for p in people] for iin, people in expected.decided.stated.items()}
    found += _maps("order of statements", stated, seen.stated)
    found += _sets("claims of", _claimed(expected.decided), seen.claims)
    found += _people(expected.folded, seen)
    found += _sets("link", expected.folded.links, frozenset(seen.links))
    if len(set(seen.links)) != len(seen.links):
        found.append("a link is stored twice")
    found += _sets("matter", frozenset(highest(expected.decided.matters)), frozenset(seen.matters))
    return found


def _rows(decided: Decided, seen: Seen, digest: Callable[[str, bytes], bytes]) -> list[str]:
    found = []
    for agency in sorted({one.agency for one in decided.taken} | set(seen.rows)):
        told = [
            (digest(agency, canonical(one.row).encode()), one.outcome, one.reason)
            for one in decided.taken
            if one.agency == agency
        ]
        there = seen.rows.get(agency, [])
        if len(told) != len(there):
            found.append(f"{agency}: {len(told)} rows expected, {len(there)} taken in")
        for at, (want, got) in enumerate(zip(told, there, strict=False)):
            if want != got:
                other = " (another row)" if want[0] != got[0] else ""
                found.append(f"{agency} row {at}{other}: {want[1:]} expected, {got[1:]} taken in")
    return found


def _claimed(decided: Decided) -> frozenset[Version]:
    return frozenset(
        (said.agency, said.record, said.version)
        for said in decided.accepted
        if said.records or said.links or said.members
    )


def _people(folded: Folded, seen: Seen) -> list[str]:
    found = _sets("person", frozenset(folded.people), frozenset(seen.people))
    keys: dict[tuple[str, ...], str] = {}
    for person in folded.people.keys() & seen.people.keys():
        want, got = folded.people[person], seen.people[person]
        found += [f"{person} {what}" for what in _person(want, got)]
        found += [f"{person} {what}" for what in _stays(want, got, keys)]
    if len(set(keys.values())) != len(keys):
        found.append("two addresses have one key")
    return found


def _person(want: Known, got: SeenPerson) -> Iterable[str]:
    for category in want.records.keys() | got.records.keys():
        expected, there = want.records.get(category, frozenset()), got.records.get(category, frozenset())
        yield from _sets(category, expected, there)
    yield from _sets("membership", want.memberships, got.memberships)
    for name in ("birth_date", "death_date", "sex"):
        if getattr(want, name) != getattr(got, name):
            yield f"{name}: {getattr(want, name)} expected, {getattr(got, name)} there"


def _stays(want: Known, got: SeenPerson, keys: dict[tuple[str, ...], str]) -> Iterable[str]:
    """Equal but for the address, whose key must be one for each address and another for any other."""
    expected = sorted((stay.since, stay.region, stay.until or "", stay.address) for stay in want.stays)
    there = sorted((since, region, until or "", key) for region, key, since, until in got.stays)
    if [stay[:3] for stay in expected] != [stay[:3] for stay in there]:
        yield f"registrations: {expected} expected, {there} there"
        return
    alone = {stay[:3] for stay in expected if sum(other[:3] == stay[:3] for other in expected) == 1}
    for (*place, address), (*_, key) in zip(expected, there, strict=True):
        if tuple(place) in alone and keys.setdefault(address, key) != key:
            yield "one address has two keys"


def highest(matters: Iterable[Matter]) -> list[Matter]:
    """Feeds only raise: of each matter (same kind, same sides) the highest grade and status ever stated."""
    joined: dict[tuple[str, Any, Any], Matter] = {}
    for matter in matters:
        identity = (matter.kind, matter.sides, matter.reached)
        there = joined.get(identity, matter)
        grade = max((matter.grade, there.grade), key=lambda one: GRADES.index(one) if one else -1)
        status = max((matter.status, there.status), key=lambda one: STATUSES.index(one) if one else -1)
        joined[identity] = Matter(matter.kind, matter.sides, grade, status, matter.reached)
    return list(joined.values())


def _sets(what: str, want: frozenset[Any], got: frozenset[Any]) -> list[str]:
    missing = [f"{what} missing: {_shown(one)}" for one in want - got]
    return missing + [f"{what} too many: {_shown(one)}" for one in got - want]


def _maps(what: str, want: dict[Any, Any], got: dict[Any, Any]) -> list[str]:
    keys = want.keys() | got.keys()
    return [f"{what} of {key}: {want.get(key)} ≠ {got.get(key)}" for key in keys if want.get(key) != got.get(key)]


def _shown(one: object) -> str:
    if isinstance(one, frozenset):
        return str(sorted(one))
    if isinstance(one, Link):
        return f"{one.kind} {one.one} {one.other} {one.since} {one.until}"
    return str(one)
