"""The reference's own way from raw facts to verdicts: sets worked out here, rules in raw.cedar, decided by Cedar."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import cedarpy

from domain.ids import KeyHash, PersonId
from domain.links import CARE, FAMILIES, PARENTS, PARTNERS, Family
from domain.principals import Warrant
from domain.records.catalogue import ALL
from domain.records.category import Category, Detail
from tests.policy.reference.world import NOW, TODAY, Person, World

_HERE = Path(__file__).parent
_SCHEMA = cedarpy.Schema.from_str((_HERE / "raw.cedarschema").read_text(encoding="utf-8"))
_POLICIES = cedarpy.PolicySet.from_str((_HERE / "raw.cedar").read_text(encoding="utf-8"))

_F, _C = Detail.FULL, Detail.COARSE
LISTED: Mapping[str, Mapping[str, Detail]] = {
    "family-card-review": dict.fromkeys(
        (
            "name", "identity", "residence", "civil_status", "employment", "income", "health_cover", "clinic",
            "disability", "membership", "kinship", "provenance",
        ),
        _F,
    ),
    "benefit-eligibility": {
        "name": _F, "identity": _C, "income": _C, "employment": _C, "disability": _C, "health_cover": _C,
        "membership": _F,
    },
    "child-protection": dict.fromkeys(
        ("name", "identity", "residence", "civil_status", "kinship", "membership", "provenance"), _F
    ),
    "dv-response": dict.fromkeys(("name", "identity", "residence", "membership", "kinship", "health_cover"), _F),
    "subject-access": dict.fromkeys(
        (
            "name", "identity", "residence", "civil_status", "employment", "income", "health_cover", "clinic",
            "disability", "conditions", "membership", "kinship",
        ),
        _F,
    )
    | {"provenance": _C},
    "identity-stewardship": dict.fromkeys(("name", "identity", "matching"), _F),
    "protected-identity-stewardship": dict.fromkeys(("name", "identity", "matching"), _F),
}  # fmt: skip


@dataclass(frozen=True)
class Opinion:
    """What one reader may see of one person: fields by category, categories of which nothing is seen left out."""

    know: bool
    log: bool
    fields: Mapping[str, frozenset[str]]


def opinions(world: World) -> dict[PersonId, Opinion]:
    """The reference's verdicts on everyone in a world."""
    questions = [("know", False), ("log", False), *((c.name, locates) for c in ALL for locates in (False, True))]
    entities = [_reader(world), *(_someone(world, person) for person in world.people)]
    handle = cedarpy.Entities.from_json_str(json.dumps(entities), _SCHEMA)
    requests = [
        {
            "principal": {"type": "Reader", "id": "reader"},
            "action": {"type": "Action", "id": "ask"},
            "resource": {"type": "Someone", "id": str(person.id)},
            "context": {"what": what, "locates": locates},
        }
        for person in world.people
        for what, locates in questions
    ]
    answers = iter(cedarpy.is_authorized_batch(requests, _POLICIES, handle, schema=_SCHEMA))
    verdicts = {}
    for person in world.people:
        allowed = {question: _allowed(next(answers)) for question in questions}
        verdicts[person.id] = _opinion(world, allowed)
    return verdicts


def _allowed(answer: cedarpy.AuthzResult) -> bool:
    assert not answer.diagnostics.errors
    return answer.allowed


def _opinion(world: World, allowed: Mapping[tuple[str, bool], bool]) -> Opinion:
    fields = {}
    for category in ALL:
        detail = LISTED[world.activity].get(category.name)
        if detail is not None:
            seen = _seen(category, detail, allowed[category.name, False], allowed[category.name, True])
            if seen:
                fields[category.name] = seen
    return Opinion(allowed["know", False], allowed["log", False], fields)


def _seen(category: Category, detail: Detail, plain: bool, locating: bool) -> frozenset[str]:
    """Field by field: those that locate under one question, the others under the other."""
    seen = set()
    for name, (field, coarse) in category.outward().items():
        at_detail = detail is Detail.FULL or field.plain or coarse is not None
        if at_detail and (locating if field.locates else plain):
            seen.add(name)
    return frozenset(seen)


def _holds(since: str | None, until: str | None) -> bool:
    began = since is None or date.fromisoformat(since) <= TODAY
    return began and not (until is not None and date.fromisoformat(until) <= TODAY)


def _homes(person: Person) -> set[str]:
    return {str(home) for home, period in person.memberships if _holds(period.since, period.until)}


def _addresses(person: Person) -> set[str]:
    return {address for _, address, period in person.registrations if _holds(period.since, period.until)}


def _region(person: Person) -> str:
    current = [(p.since or "0000", region) for region, _, p in person.registrations if _holds(p.since, p.until)]
    return sorted(current)[-1][1] if current else ""


def _adult_on(person: Person) -> int:
    """The number of the day of coming of age; 0 (long ago) where no date is known."""
    if person.born is None:
        return 0
    born = date.fromisoformat(person.born)
    try:
        return born.replace(year=born.year + 18).toordinal()
    except ValueError:
        return date(born.year + 18, 3, 1).toordinal()


def _owner_of(world: World, key: KeyHash) -> PersonId | None:
    return next((p.id for p in world.people if key in p.keys or key == p.national), None)


def _ids(people: Iterable[PersonId | None]) -> list[str]:
    return sorted({str(person) for person in people if person is not None})


def _someone(world: World, person: Person) -> dict[str, object]:
    homes = _homes(person)
    parents = {link.other for link in world.links if link.person == person.id and link.kind in PARENTS | CARE}
    mates = {other.id for other in world.people if _homes(other) & homes}
    attrs = {
        "id": str(person.id),
        "region": _region(person),
        "homes": sorted(homes),
        "addresses": sorted(_addresses(person)),
        "adult_on": _adult_on(person),
        "circle": [*_ids({person.id} | parents | mates), *(["unreadable"] if person.unreadable else [])],
        "opponents": _opponents(world, person),
        "house_opponents": sorted({key for p in world.people if p.id in mates for key in _opponents(world, p)}),
    }
    return {"uid": {"type": "Someone", "id": str(person.id)}, "attrs": attrs, "parents": []}


def _opponents(world: World, person: Person) -> list[str]:
    """Keys of those whom a report sets against this person, on either side."""
    own = {*person.keys, person.national}
    opponents = {b for a, b in world.reports if a in own} | {a for a, b in world.reports if b in own}
    return sorted(key.decode() for key in opponents - own)


def _reader(world: World) -> dict[str, object]:
    principal, case = world.principal, world.case
    owner = next((p for p in world.people if p.id == world.reader), None)
    subjects = [p for p in world.people if case is not None and set(p.keys) & case.subjects]
    homes = {home for p in subjects for home in _homes(p)}
    warrant = _newest_warrant(world)
    attrs = {
        "activity": world.activity,
        "actor": principal.actor,
        "agency": principal.agency,
        "unit": principal.unit or "",
        "region": principal.region or "nowhere",
        "person": "nobody" if owner is None else str(owner.id),
        "family": [] if owner is None else _ids(_family(world, owner.id)),
        "wards": [] if owner is None else _ids(_wards(world, owner.id)),
        "homes": [] if owner is None else sorted(_homes(owner)),
        "addresses": [] if owner is None else sorted(_addresses(owner)),
        "today": TODAY.toordinal(),
        "now": int(NOW.timestamp()),
        "case_activity": case.activity if case is not None else "",
        "case_agency": case.agency if case is not None else "",
        "case_unit": (case.unit or "") if case is not None else "",
        "case_officers": sorted(case.officers) if case is not None else [],
        "case_opened": int(case.opened.timestamp()) if case is not None else 0,
        "case_expires": int(case.expires.timestamp()) if case is not None else 0,
        "case_subjects": _ids(p.id for p in subjects),
        "case_homes": sorted(homes),
        "adversary_keys": sorted(_adversaries(world, owner, homes, subjects)),
        "warrant_issued": 0 if warrant is None else int(warrant.issued.timestamp()),
        "warrant_expires": 0 if warrant is None else int(warrant.expires.timestamp()),
        "walked": [] if warrant is None else _ids(_walked(world, warrant)),
        "reviewed": _ids(world.reviewed),
        "graded": ["unreadable", *_ids(_owner_of(world, key) for key in world.graded)],
    }
    return {"uid": {"type": "Reader", "id": "reader"}, "attrs": attrs, "parents": []}


def _adversaries(world: World, owner: Person | None, homes: set[str], subjects: Iterable[Person]) -> set[str]:
    """All keys of those on the case and of the one who asks."""
    people = [*subjects, *(p for p in world.people if _homes(p) & homes), *([] if owner is None else [owner])]
    keys = {key.decode() for p in people for key in (*p.keys, p.national)}
    return keys | ({key.decode() for key in world.case.subjects} if world.case is not None else set())


def _family(world: World, officer: PersonId) -> set[PersonId]:
    """Everyone whose file this officer never handles, link by link."""
    up = PARENTS | CARE
    family = {officer}
    for link in world.links:
        if link.kind in up | PARTNERS and officer in (link.person, link.other):
            family |= {link.person, link.other}
    for mine in world.links:
        for theirs in world.links:
            both_parents = mine.kind in PARENTS and theirs.kind in PARENTS
            if both_parents and mine.person == officer and theirs.other == mine.other:
                family.add(theirs.person)
            if mine.kind in up and theirs.kind in PARENTS and mine.other == officer and theirs.person == mine.person:
                family.add(theirs.other)
    ever = {home for p in world.people if p.id == officer for home, _ in p.memberships}
    return family | {p.id for p in world.people if ever & {home for home, _ in p.memberships}}


def _wards(world: World, owner: PersonId) -> set[PersonId]:
    care = [link for link in world.links if link.kind in CARE and link.other == owner]
    return {link.person for link in care if _holds(link.period.since, link.period.until)}


def _newest_warrant(world: World) -> Warrant | None:
    """Of the warrants in force the one issued last; if none is, any: raw.cedar refuses it by its dates."""
    warrants = world.case.warrants if world.case is not None else ()
    ordered = sorted(warrants, key=lambda w: (w.issued <= NOW < w.expires, w.issued, w.number))
    return ordered[-1] if ordered else None


def _walked(world: World, warrant: Warrant) -> set[PersonId]:
    """Everyone within the warrant's depth of its subjects, along its families of link, in either direction."""
    kinds = frozenset().union(*(FAMILIES[Family(name)] for name in warrant.families))
    reached = {p.id for p in world.people if set(p.keys) & warrant.subjects}
    for _ in range(warrant.depth):
        step = [link for link in world.links if link.kind in kinds]
        reached |= {li.other for li in step if li.person in reached} | {li.person for li in step if li.other in reached}
    return reached
