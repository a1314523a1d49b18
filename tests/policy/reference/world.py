"""Raw worlds: a handful of people whose every date lies at or beside the edge of its validity."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from domain.ids import HouseholdId, KeyHash, PersonId
from domain.links import LinkKind
from domain.principals import Case, Principal, RoleName, Warrant

TODAY = date(2026, 3, 1)
NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)
_REGIONS = ("KZ-75", "KZ-71")
_ADDRESSES = ("address-1", "address-2", "address-3")
_KINDS = (
    LinkKind.PARENT_BIRTH,
    LinkKind.PARENT_BIRTH,
    LinkKind.PARENT_BIRTH,
    LinkKind.PARENT_STEP,
    LinkKind.PARTNER_MARRIAGE,
    LinkKind.GUARDIAN,
    LinkKind.RESPONSIBILITY,
)
# Of age today: born on the 1st, and on February 29th, whose day does not come this year. Of age tomorrow: the 2nd.
_BIRTHS = (
    "2008-02-29",
    "2008-03-01",
    "2008-03-02",
    "2008-03-02",
    "2020-05-05",
    "2018-01-01",
    "1980-07-07",
    None,
)
ROLES = {
    "family-card-review": RoleName.CASEWORKER,
    "benefit-eligibility": RoleName.BENEFITS_OFFICER,
    "child-protection": RoleName.INVESTIGATOR,
    "dv-response": RoleName.DV_UNIT,
    "subject-access": RoleName.FAMILY_MEMBER,
    "identity-stewardship": RoleName.IDENTITY_STEWARD,
    "protected-identity-stewardship": RoleName.IDENTITY_STEWARD,
}
STEWARDS = ("identity-stewardship", "protected-identity-stewardship")
STEWARDS_FROM = 500
"""Worlds of this seed and on are a steward's."""
NO_CASE = frozenset({"subject-access", *STEWARDS})
"""Activities that need none."""


@dataclass(frozen=True)
class Period:
    """From the first day to the day before `until`."""

    since: str | None
    until: str | None


@dataclass(frozen=True)
class Person:
    """One person's raw facts. Two source keys and a national id, so that matters may hang on either."""

    id: PersonId
    keys: tuple[KeyHash, ...]
    national: KeyHash
    born: str | None
    registrations: tuple[tuple[str, str, Period], ...]
    memberships: tuple[tuple[HouseholdId, Period], ...]
    unreadable: bool


@dataclass(frozen=True)
class Link:
    """From the child, ward or first partner."""

    person: PersonId
    other: PersonId
    kind: LinkKind
    period: Period


@dataclass(frozen=True)
class World:
    """Everything at one instant, and who asks under which activity. `reader` is among the people, or None. `reviewed`:
    whom the identity reviews are about that were opened."""

    people: Sequence[Person]
    links: Sequence[Link]
    graded: frozenset[KeyHash]
    reports: Sequence[tuple[KeyHash, KeyHash]]
    principal: Principal
    reader: PersonId | None
    activity: str
    case: Case | None
    reviewed: frozenset[PersonId] = frozenset()


def make_world(seed: int) -> World:
    """One world, wholly given by its seed."""
    rng = random.Random(seed)
    people = [_person(rng, number) for number in range(1, rng.choice((4, 5, 6)) + 1)]
    reader = rng.choice([*people, None]) if rng.random() < 0.6 else None
    activity = rng.choice([name for name in ROLES if name not in STEWARDS])
    if seed >= STEWARDS_FROM:
        activity = STEWARDS[seed % len(STEWARDS)]
    if activity == "subject-access":
        reader = rng.choice(people)
    keys = [key for person in people for key in (*person.keys, person.national)]
    return World(
        people=people,
        links=[_link(rng, people) for _ in range(rng.randint(1, 8))],
        graded=frozenset(rng.sample(keys, 1)) if rng.random() < 0.5 else frozenset(),
        reports=[(rng.choice(keys), rng.choice(keys)) for _ in range(rng.randint(1, 3))] if rng.random() < 0.5 else [],
        principal=_principal(rng, activity, reader),
        reader=None if reader is None else reader.id,
        activity=activity,
        case=None if activity in NO_CASE else _case(rng, activity, people),
        reviewed=_reviewed(seed, people),
    )


def _reviewed(seed: int, people: Sequence[Person]) -> frozenset[PersonId]:
    """From a chance of its own, so that older worlds stay as they were."""
    rng = random.Random(f"reviewed {seed}")
    return frozenset(person.id for person in people if rng.random() < 0.6)


def _period(rng: random.Random) -> Period:
    """Mostly in force, and else beside the edge by one day."""
    since = rng.choice((None, "2015-01-01", TODAY.isoformat(), (TODAY + _DAY).isoformat()))
    until = rng.choice((None, None, "2040-01-01", (TODAY + _DAY).isoformat(), TODAY.isoformat()))
    if since is not None and until is not None and until < since:
        until = None
    return Period(since, until)


def _person(rng: random.Random, number: int) -> Person:
    homes = rng.sample((1, 2, 3), rng.choice((0, 1, 1, 1, 2)))
    return Person(
        id=PersonId(number),
        keys=(KeyHash(b"population-%d" % number), KeyHash(b"health-%d" % number)),
        national=KeyHash(b"national-%d" % number),
        born=rng.choice(_BIRTHS),
        registrations=tuple(
            (rng.choice(_REGIONS), rng.choice(_ADDRESSES), _period(rng)) for _ in range(rng.choice((0, 1, 1, 2)))
        ),
        memberships=tuple((HouseholdId(home), _period(rng)) for home in homes),
        unreadable=rng.random() < 0.04,
    )


def _link(rng: random.Random, people: Sequence[Person]) -> Link:
    one, other = rng.sample(people, 2)
    return Link(one.id, other.id, rng.choice(_KINDS), _period(rng))


def _principal(rng: random.Random, activity: str, reader: Person | None) -> Principal:
    return Principal(
        actor="officer-1",
        role=ROLES[activity],
        agency="agency-1",
        sector="sector-1",
        unit="unit-1",
        region=rng.choice((*_REGIONS, *_REGIONS, None)),
        client="client-1",
        token_id="token-1",
        activities=frozenset({activity}),
        national=reader.national if reader is not None and rng.random() < 0.5 else None,
        human=True,
        expires=NOW + _DAY,
    )


def _case(rng: random.Random, activity: str, people: Sequence[Person]) -> Case | None:
    """Mostly the officer's own and open; else off by one thing, or by one second."""
    if rng.random() < 0.04:
        return None
    known = [rng.choice(person.keys) for person in rng.sample(people, rng.choice((1, 1, 2)))]
    off = rng.choice(("activity", "agency", "unit", "officers")) if rng.random() < 0.08 else ""
    return Case(
        number="CASE-1",
        activity="another" if off == "activity" else activity,
        agency="agency-2" if off == "agency" else "agency-1",
        unit="unit-2" if off == "unit" else rng.choice((None, "unit-1")),
        region=None,
        officers=frozenset({"officer-2"} if off == "officers" else {"officer-1", "officer-2"}),
        subjects=frozenset([*known, KeyHash(b"not-here")] if rng.random() < 0.2 else known),
        opened=NOW + _SECOND if rng.random() < 0.05 else rng.choice((NOW, NOW - _DAY)),
        expires=NOW if rng.random() < 0.05 else rng.choice((NOW + _SECOND, NOW + _DAY)),
        warrants=tuple(_warrant(rng, number, people) for number in range(rng.choice((0, 1, 1, 1, 2)))),
    )


def _warrant(rng: random.Random, number: int, people: Sequence[Person]) -> Warrant:
    return Warrant(
        number=f"WARRANT-{number}",
        depth=rng.choice((1, 1, 2)),
        families=frozenset(rng.choice((("parent",), ("parent", "partner"), ("parent", "partner", "guardian")))),
        subjects=frozenset({rng.choice(rng.choice(people).keys)}),
        issued=NOW + _SECOND if rng.random() < 0.1 else rng.choice((NOW, NOW - _DAY)),
        expires=NOW if rng.random() < 0.1 else rng.choice((NOW + _SECOND, NOW + _DAY)),
    )
