"""What policy must know, already opened: plain values of today. The gate makes them for one request and drops them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from domain.ids import HouseholdId, KeyHash, PersonId
from domain.principals import Case, Mandate
from policy.activity import Activity

_NO_KEYS: frozenset[KeyHash] = frozenset()


@dataclass(frozen=True, slots=True)
class Subject:
    """One person as policy sees them today.

    `keys`: every source key and national id ever stated (hashed). `region`, `address_keys`, `households`: of today
    (`policy.decision.validity`). `around_keys`: the keys of parents ever stated and of everyone who shares a household
    today: those whose grade reaches this person. `beside_keys`: each present co-resident's keys, a set for each: those
    whose reports reach this person. `unreadable`: something of these facts could not be opened or is
    late; the person then counts as graded.
    """

    person: PersonId
    keys: frozenset[KeyHash]
    region: str | None = None
    birth_date: str | None = None
    address_keys: frozenset[str] = frozenset()
    households: frozenset[HouseholdId] = frozenset()
    around_keys: frozenset[KeyHash] = _NO_KEYS
    beside_keys: frozenset[frozenset[KeyHash]] = frozenset()
    unreadable: bool = False


@dataclass(frozen=True, slots=True)
class Owner:
    """The person who asks, as a person. `wards`: those in the owner's care today (`validity.wards_on`)."""

    person: PersonId
    keys: frozenset[KeyHash] = _NO_KEYS
    wards: frozenset[PersonId] = frozenset()
    households: frozenset[HouseholdId] = frozenset()
    address_keys: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class OnCase:
    """Who stands on the case today: `subjects` are the case's own keys, `households` those its subjects live in,
    `keys` all keys of everyone on it, `people` everyone on it.
    """

    subjects: frozenset[KeyHash] = _NO_KEYS
    households: frozenset[HouseholdId] = frozenset()
    keys: frozenset[KeyHash] = _NO_KEYS
    people: frozenset[PersonId] = frozenset()


NOBODY_ON_CASE = OnCase()


def on_case(case: Case | None, people: Iterable[Subject]) -> OnCase:
    """Who stands on a case today. `people`: at least its subjects and all who share a household with them; more do no
    harm. A subject who is not here keeps their place in `subjects` and adds nobody.
    """
    if case is None:
        return NOBODY_ON_CASE
    known = tuple(people)
    subjects = [p for p in known if not p.keys.isdisjoint(case.subjects)]
    households = frozenset(h for p in subjects for h in p.households)
    on_it = (*subjects, *(p for p in known if not p.households.isdisjoint(households)))
    keys = case.subjects.union(*(p.keys for p in on_it))
    return OnCase(case.subjects, households, keys, frozenset(p.person for p in on_it))


@dataclass(frozen=True, slots=True)
class Protections:
    """What the docket says of protection now. `graded`: keys under any grade, those of unreadable entries included.
    `pairs`: key → the keys on the other side of its reports, held in both directions.
    """

    graded: frozenset[KeyHash] = _NO_KEYS
    pairs: Mapping[KeyHash, frozenset[KeyHash]] = field(default_factory=dict)

    @staticmethod
    def of(graded: Iterable[KeyHash], pairs: Iterable[tuple[KeyHash, KeyHash]]) -> Protections:
        """From keys and reports in one direction each; a report's direction is forgotten here."""
        both: dict[KeyHash, set[KeyHash]] = {}
        for one, other in pairs:
            both.setdefault(one, set()).add(other)
            both.setdefault(other, set()).add(one)
        return Protections(frozenset(graded), {key: frozenset(far) for key, far in both.items()})


NO_PROTECTIONS = Protections()


@dataclass(frozen=True, slots=True)
class Asking:
    """What stays the same for everyone in one step of a request.

    `near`: the officer's near family with the officer (`policy.decision.near`). `reached`: person → number of links
    from the nearest subject of the warrant, along links of the warrant's families, as walked in this request.
    `reviewed`: whom the identity reviews are about that were opened.
    """

    mandate: Mandate
    activity: Activity
    today: date
    owner: Owner | None = None
    case: OnCase = NOBODY_ON_CASE
    protections: Protections = NO_PROTECTIONS
    near: frozenset[PersonId] = frozenset()
    reached: Mapping[PersonId, int] = field(default_factory=dict)
    reviewed: frozenset[PersonId] = frozenset()
