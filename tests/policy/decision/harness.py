"""Raw worlds put through the room under test, as the gate does it: grants, facts, standing, table."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from domain.ids import HouseholdId, PersonId
from domain.links import CARE, FAMILIES, PARENTS, Family
from domain.principals import Mandate, Warrant
from domain.records.catalogue import ALL
from policy.activity import Activity
from policy.decision.facts import Asking, Owner, Protections, Subject, on_case
from policy.decision.near import Tie, near_family
from policy.decision.standing import standing
from policy.decision.table import DecisionTable
from policy.decision.validity import Registration, addresses_on, households_on, region_on, wards_on
from policy.grants.cases import case_for, warrant_for
from policy.rule_book import FILES, RULES
from tests.policy.reference.opinion import Opinion
from tests.policy.reference.world import NOW, TODAY, Person, World


def standings(world: World, activity: Activity) -> dict[PersonId, int] | None:
    """Everyone's standing, or None where the request is refused before anyone is looked at."""
    case = case_for(world.case, world.principal, activity, NOW) if activity.requires.case else None
    if activity.requires.case and case is None:
        return None
    warrant = warrant_for(case, activity, NOW) if case is not None else None
    if activity.requires.warrant and warrant is None:
        return None
    people = {person.id: _subject(world, person) for person in world.people}
    asking = Asking(
        mandate=Mandate(world.principal, activity.name, case, warrant, "request-1"),
        activity=activity,
        today=TODAY,
        owner=_owner(world, people),
        case=on_case(case, people.values()),
        protections=Protections.of(world.graded, world.reports),
        near=_near(world),
        reviewed=world.reviewed,
        reached={} if warrant is None else _hops(world, warrant),
    )
    return {person: standing(asking, subject) for person, subject in people.items()}


def verdicts(
    table: DecisionTable, activity: Activity, found: Mapping[PersonId, int] | None, people: Iterable[PersonId]
) -> dict[PersonId, Opinion]:
    """What the table says of everyone, in the reference's shape."""
    if found is None:
        return dict.fromkeys(people, Opinion(False, False, {}))
    return {person: _opinion(table, activity, found[person]) for person in people}


def without_rule(folder: Path, rule: str) -> Path:
    """A copy of the rules without one of them."""
    return changed_rules(folder, lambda text: re.sub(rf'@id\("{rule}"\).*?;\n', "", text, flags=re.DOTALL))


def changed_rules(folder: Path, change: Callable[[str], str]) -> Path:
    """A copy of the rules with their texts changed; AssertionError if nothing was."""
    shutil.copytree(RULES, folder, dirs_exist_ok=True)
    before = [(folder / name).read_text(encoding="utf-8") for name in FILES]
    after = [change(text) for text in before]
    assert after != before
    for name, text in zip(FILES, after, strict=True):
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def _opinion(table: DecisionTable, activity: Activity, bits: int) -> Opinion:
    fields = {}
    for category in ALL:
        permit = table.read(activity, category.name, bits)
        seen = category.visible(permit.detail, permit.locating)
        if seen:
            fields[category.name] = seen
    return Opinion(table.know(activity, bits), table.log(activity, bits), fields)


def _subject(world: World, person: Person) -> Subject:
    registrations = [Registration(region, key, p.since, p.until) for region, key, p in person.registrations]
    homes = _homes(person)
    parents = {link.other for link in world.links if link.person == person.id and link.kind in PARENTS | CARE}
    around = [p for p in world.people if p.id in parents or not homes.isdisjoint(_homes(p))]
    return Subject(
        person=person.id,
        keys=frozenset({*person.keys, person.national}),
        region=region_on(registrations, TODAY),
        birth_date=person.born,
        address_keys=addresses_on(registrations, TODAY),
        households=homes,
        around_keys=frozenset(key for p in around for key in (*p.keys, p.national)),
        beside_keys=frozenset(frozenset({*p.keys, p.national}) for p in around if _beside(person, p)),
        unreadable=person.unreadable,
    )


def _beside(person: Person, other: Person) -> bool:
    return other.id != person.id and not _homes(person).isdisjoint(_homes(other))


def _homes(person: Person) -> frozenset[HouseholdId]:
    return households_on(((home, p.since, p.until) for home, p in person.memberships), TODAY)


def _owner(world: World, people: Mapping[PersonId, Subject]) -> Owner | None:
    if world.reader is None:
        return None
    own = people[world.reader]
    care = [li for li in world.links if li.kind in CARE and li.other == world.reader]
    wards = wards_on(((li.person, li.period.since, li.period.until) for li in care), TODAY)
    return Owner(own.person, own.keys, wards, own.households, own.address_keys)


def _near(world: World) -> frozenset[PersonId]:
    if world.reader is None:
        return frozenset()
    ever = {home for p in world.people if p.id == world.reader for home, _ in p.memberships}
    shared = [[p.id for p in world.people if home in {h for h, _ in p.memberships}] for home in ever]
    return near_family(world.reader, [Tie(li.person, li.other, li.kind) for li in world.links], shared)


def _hops(world: World, warrant: Warrant) -> dict[PersonId, int]:
    """How far everyone is from the warrant's subjects, however far: the depth is for the standing to mind."""
    kinds = frozenset().union(*(FAMILIES[Family(name)] for name in warrant.families))
    hops = {p.id: 0 for p in world.people if not warrant.subjects.isdisjoint(p.keys)}
    frontier = list(hops)
    while frontier:
        here = frontier.pop(0)
        for link in world.links:
            if link.kind in kinds and here in (link.person, link.other):
                far = link.other if link.person == here else link.person
                if far not in hops:
                    hops[far] = hops[here] + 1
                    frontier.append(far)
    return hops
