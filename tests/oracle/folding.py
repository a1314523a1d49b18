"""The fold, from the text: what is known of each person once it is decided who is who."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tests.oracle.authority import Authority
from tests.oracle.clauses import AS_WRITTEN, Clauses
from tests.oracle.said import Item, LinkClaim, MemberClaim, RecordClaim, Said, SourceNumber, Value

Version = tuple[str, str, int]
"""Which claim a value comes from: agency, record, version of the row."""
Stated = tuple[str, Value]
Kept = tuple[tuple[tuple[str, Value, Version], ...], tuple[tuple[str, Value, Version], ...]]
"""An item: (field, value, version) of what counts, and of what was overruled, both sorted."""
PARTNERS = ("partner_marriage", "partner_civil", "partner_cohabiting")


@dataclass(frozen=True, slots=True)
class Link:
    """A link between two people, each named by one of their keys; partners in no order."""

    kind: str
    one: SourceNumber
    other: SourceNumber
    since: str | None
    until: str | None


@dataclass(frozen=True, slots=True)
class Stay:
    """A registration: region, the address as it is compared, dates."""

    region: str
    address: tuple[str, ...]
    since: str
    until: str | None


@dataclass(slots=True)
class Known:
    """All that is known of one person. `memberships`: (household, role, since, until)."""

    records: dict[str, frozenset[Kept]] = field(default_factory=dict)
    memberships: frozenset[tuple[str, str, str | None, str | None]] = frozenset()
    birth_date: str | None = None
    death_date: str | None = None
    sex: str | None = None
    stays: tuple[Stay, ...] = ()


@dataclass(slots=True)
class Folded:
    """People by the key they are called by, and all links."""

    people: dict[SourceNumber, Known]
    links: frozenset[Link]


def fold(
    accepted: Iterable[Said],
    people: Mapping[SourceNumber, SourceNumber],
    authority: Authority,
    clauses: Clauses = AS_WRITTEN,
) -> Folded:
    """Fold the claims of accepted rows. `people`: source key → person, named by any one of the person's keys."""
    about: dict[SourceNumber, list[Said]] = {person: [] for person in people.values()}
    for said in accepted:
        for person in {people[key] for key in said.claimed() if key in people}:
            about[person].append(said)
    known: dict[SourceNumber, Known] = {}
    links: dict[LinkClaim, None] = {}
    for person, rows in about.items():
        own = _Own(person, people, _in_force(rows, clauses))
        known[person] = _known(own, authority, clauses)
        links.update(dict.fromkeys(own.links()))
    return Folded(known, _links(list(links), people, clauses))


@dataclass(frozen=True, slots=True)
class _Own:
    """The claims about one person of the rows that are in force for them."""

    person: SourceNumber
    people: Mapping[SourceNumber, SourceNumber]
    rows: list[Said]

    def records(self) -> list[tuple[Said, RecordClaim]]:
        return [(row, claim) for row in self.rows for claim in row.records if self._is(claim.key)]

    def members(self) -> list[tuple[Said, MemberClaim]]:
        return [(row, claim) for row in self.rows for claim in row.members if self._is(claim.key)]

    def links(self) -> list[LinkClaim]:
        claims = [claim for row in self.rows for claim in row.links if self._is(claim.key)]
        return [claim for claim in claims if claim.other in self.people]

    def _is(self, key: SourceNumber) -> bool:
        return self.people.get(key) == self.person


def _in_force(rows: list[Said], clauses: Clauses) -> list[Said]:
    """Of each source record that says something of the person the highest version; of equal ones the first."""
    if not clauses.newest_version:
        return rows
    newest: dict[tuple[str, str], Said] = {}
    for said in rows:
        there = newest.get((said.agency, said.record))
        if there is None or said.version > there.version:
            newest[said.agency, said.record] = said
    return [said for said in rows if newest[said.agency, said.record] is said]


def _known(own: _Own, authority: Authority, clauses: Clauses) -> Known:
    records, known = own.records(), Known(memberships=_memberships(own.members()))
    for category in authority.categories:
        items = [(said, item) for said, claim in records if claim.category == category for item in claim.items]
        kept = frozenset(_items(category, items, authority, clauses))
        if kept:
            known.records[category] = kept
    identity = {name: value for item in known.records.get("identity", ()) for name, value, _ in item[0]}
    known.birth_date, known.sex = _text(identity.get("birth_date")), _text(identity.get("sex"))
    known.death_date = _death(records, authority, clauses)
    known.stays = tuple(sorted((_stay(item) for item in known.records.get("residence", ())), key=repr))
    return known


def _items(
    category: str, statements: list[tuple[Said, Item]], authority: Authority, clauses: Clauses
) -> Iterable[Kept]:
    groups: dict[tuple[Value | None, ...], list[tuple[Said, Item]]] = {}
    for said, item in statements:
        key = tuple(item.get(name) for name in authority.item_key[category])
        groups.setdefault(key, []).append((said, item))
    for group in groups.values():
        won: list[tuple[str, Value, Version]] = []
        lost: list[tuple[str, Value, Version]] = []
        for name, agencies in authority.fields[category].items():
            values = [(row, item[name]) for row, item in group if name in item and row.agency in agencies]
            ranked = _ranked(values, agencies, clauses)
            won += [(name, value, _version(row)) for row, value in ranked[:1]]
            lost += [(name, value, _version(row)) for row, value in ranked[1:]]
        if won:
            yield tuple(sorted(won)), tuple(sorted(lost, key=repr))


def _ranked(said: list[tuple[Said, Value]], agencies: tuple[str, ...], clauses: Clauses) -> list[tuple[Said, Value]]:
    """The strongest first: authority, then latest event, higher version, greater record id."""
    ranked = sorted(said, key=lambda one: (one[0].event, one[0].version, one[0].record), reverse=clauses.latest_event)
    if clauses.authority:
        ranked.sort(key=lambda one: agencies.index(one[0].agency))
    return ranked


def _version(said: Said) -> Version:
    return said.agency, said.record, said.version


def _death(records: list[tuple[Said, RecordClaim]], authority: Authority, clauses: Clauses) -> str | None:
    """The day of death, by the authority for civil status events."""
    said = [
        (row, item["event_date"])
        for row, claim in records
        if claim.category == "civil_status"
        for item in claim.items
        if item["event"] == "death"
    ]
    ranked = _ranked(said, authority.fields["civil_status"]["event_date"], clauses)
    return str(ranked[0][1]) if ranked else None


def _stay(item: Kept) -> Stay:
    values = {name: value for name, value, _ in item[0]}
    address = tuple(
        " ".join(str(values.get(name, "")).casefold().split())
        for name in ("region", "locality", "street", "house", "flat")
    )
    return Stay(str(values["region"]), address, str(values["since"]), _text(values.get("until")))


def _text(value: Value | None) -> str | None:
    return None if value is None else str(value)


def _memberships(
    claims: list[tuple[Said, MemberClaim]],
) -> frozenset[tuple[str, str, str | None, str | None]]:
    """One for each household and beginning: the strongest claim, of one row the one that stands last in it."""
    strongest: dict[tuple[str, str], tuple[tuple[str, int, str, int], MemberClaim]] = {}
    for at, (said, claim) in enumerate(claims):
        rank = (said.event, said.version, said.record, at)
        there = strongest.get((claim.household, claim.since))
        if there is None or rank > there[0]:
            strongest[claim.household, claim.since] = (rank, claim)
    return frozenset((claim.household, claim.role, claim.since, claim.until) for _, claim in strongest.values())


def _links(claims: list[LinkClaim], people: Mapping[SourceNumber, SourceNumber], clauses: Clauses) -> frozenset[Link]:
    groups: dict[tuple[str, SourceNumber, SourceNumber], list[LinkClaim]] = {}
    for claim in claims:
        one, other = people[claim.key], people[claim.other]
        if claim.kind in PARTNERS:
            one, other = sorted((one, other))
        if one != other:
            groups.setdefault((claim.kind, one, other), []).append(claim)
    return frozenset(_link(*ends, group, clauses) for ends, group in groups.items())


def _link(kind: str, one: SourceNumber, other: SourceNumber, claims: list[LinkClaim], clauses: Clauses) -> Link:
    begun = [claim for claim in claims if not claim.ended]
    since = sorted(claim.since for claim in begun if claim.since)
    until = sorted(claim.until for claim in begun if claim.until)
    ended = sorted(claim.until for claim in claims if claim.ended and claim.until)
    last = until[-1] if until and len(until) == len(begun) else None
    if ended and clauses.divorce and (not since or ended[-1] >= since[-1]):
        last = ended[-1]
    return Link(kind, one, other, since[0] if since else None, last)
