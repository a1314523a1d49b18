"""In which capacities random documents are asked, and with which ids: near the case, far from it, and made up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import msgspec

from docket.dossiers import Line, ReviewDossier
from docket.reviewing import review_id
from domain.ids import PersonId, SourceKey
from domain.matching import Candidate, Comparison, Proposal
from domain.principals import Principal
from domain.reviews import Choice, Merge, Review, State, What
from policy.activity import RootRead
from resolvers.gate.cursors import CallerNames
from tests.markers.places import Places
from tests.worlds.country import Country
from tests.worlds.hub import ACTIVITY, NOW, Hub
from tests.worlds.reviews import steward, under_review

ROLES = ("caseworker", "benefits_officer", "investigator", "dv_unit", "family_member", "identity_steward")
MADE_UP = "A" * 32


@dataclass(frozen=True)
class Capacity:
    """Who asks, under which case, for whom. Outward ids are in the caller's sector; the first `near` of `people` are
    those whom the case is about, and who lives with them. `categories`: what the activity lists."""

    role: str
    principal: Principal
    case: str | None
    acts: frozenset[RootRead]
    people: tuple[str, ...]
    homes: tuple[str, ...]
    nationals: tuple[str, ...]
    names: tuple[tuple[str, str], ...]
    near: int
    reviews: tuple[str, ...]
    categories: frozenset[str]


async def capacity(hub: Hub, country: Country, world: Places, role: str) -> Capacity:
    """The sample's officer of a role on the sample's case, or its family member."""
    who = _principal(hub, country, role)
    case = country.sample["cases"].get(role)
    near = await _near(hub, country, role, case)
    beside = [p for p, homes in world.homes.items() if any(set(homes) & set(world.homes[n]) for n in near)]
    sample = country.sample["people"]
    far = [await hub.internal(sample[name]["recordId"]) for name in ("own_region", "other_region", "protected")]
    people = list(dict.fromkeys([*near, *beside, *far]))
    outward = hub.parts.ring.outward(who.sector)
    homes = dict.fromkeys(home for person in people for home in world.homes.get(person, ()))
    return Capacity(
        role=role,
        principal=who,
        case=case,
        acts=frozenset(hub.parts.activities[ACTIVITY[role]].acts),
        people=(*(outward.encode("P", p) for p in people), outward.encode("P", 10**9), MADE_UP),
        homes=(*(outward.encode("H", home) for home in homes), outward.encode("H", 10**9), MADE_UP),
        nationals=(*_all(world, people, "identity", "national_id"), sample["nobody"]["iin"]),
        names=tuple(
            (f"{value(world, p, 'name', 'surname')} {value(world, p, 'name', 'given_name')}", born)
            for p in people
            if (born := value(world, p, "identity", "birth_date"))
        ),
        near=len({*near, *beside}),
        reviews=(*await _reviews(hub, who, people if role == "identity_steward" else ()), MADE_UP),
        categories=frozenset(hub.parts.activities[ACTIVITY[role]].categories),
    )


async def _reviews(hub: Hub, who: Principal, people: Sequence[PersonId]) -> list[str]:
    """Reviews about people, which are put there: some that wait, and a merge in force (in the docket alone)."""
    for number, start in enumerate(range(0, len(people) - 1, 2)):
        await under_review(hub, number, people[start : start + 1 + number % 2])
    if people:
        await _merge_in_force(hub, people[0], people[1])
    found = [each for line in (Line.REVIEW, Line.MERGE) for each in await hub.parts.docket.line(line, 100)]
    names = CallerNames(hub.parts.ring.outward(who.sector), who)
    return [names.review(each.id) for each in found] if people else []


async def _merge_in_force(hub: Hub, one: PersonId, other: PersonId) -> None:
    key = SourceKey("population", "pair")
    weighed = tuple(Candidate(person, 8.5, 0.8, (Comparison("surname", "exact", 4.0),)) for person in (one, other))
    chosen = Choice(What.MERGE, (one, other), "they agree", "steward-7", None, "2026-11-22T08:00:00Z", 1)
    review = Review(
        Proposal(key, "NO_ID", weighed, "model-1"),
        "population",
        choice=chosen,
        approval=msgspec.structs.replace(chosen, by="steward-8"),
        merge=Merge(one, other),
    )
    id = review_id(hub.parts.ring.hasher, b"pair", key)
    await hub.parts.docket.save_reviews([ReviewDossier(id, 0, State.MERGED, review)])


def value(world: Places, person: PersonId, category: str, field: str) -> str:
    """The first value at a place; the empty text where there is none."""
    return next(iter(world.values.get((person, category, field), ())), "")


def _principal(hub: Hub, country: Country, role: str) -> Principal:
    if role == "identity_steward":
        return steward(hub)
    if role != "family_member":
        return hub.officer(country, role)
    # The actor's name must hold no national id: `me` would disclose it as such.
    return hub.principal(role, {"iin": country.sample["family_member"]["iin"], "actor": "account-1"})


async def _near(hub: Hub, country: Country, role: str, case: str | None) -> list[PersonId]:
    if role == "identity_steward":
        return await _near(hub, country, "caseworker", country.sample["cases"]["caseworker"])
    if case is None:
        return [await hub.internal(country.sample["family_member"]["recordId"])]
    found = await hub.parts.docket.case(case, NOW)
    assert found is not None, f"the sample's case of {role} must be open"
    owners = await hub.parts.reader.owners(sorted(found.subjects))
    return sorted(set(owners.values()))


def _all(world: Places, people: Iterable[PersonId], category: str, field: str) -> list[str]:
    return [text for p in people if (text := value(world, p, category, field))]
