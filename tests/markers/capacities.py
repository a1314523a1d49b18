"""In which capacities random documents are asked, and with which ids: near the case, far from it, and made up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from domain.ids import PersonId
from domain.principals import Principal
from policy.activity import RootRead
from tests.markers.places import Places
from tests.worlds.country import Country
from tests.worlds.hub import ACTIVITY, NOW, Hub

ROLES = ("caseworker", "benefits_officer", "investigator", "dv_unit", "family_member")
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
        categories=frozenset(hub.parts.activities[ACTIVITY[role]].categories),
    )


def value(world: Places, person: PersonId, category: str, field: str) -> str:
    """The first value at a place; the empty text where there is none."""
    return next(iter(world.values.get((person, category, field), ())), "")


def _principal(hub: Hub, country: Country, role: str) -> Principal:
    if role != "family_member":
        return hub.officer(country, role)
    # The actor's name must hold no national id: `me` would disclose it as such.
    return hub.principal(role, {"iin": country.sample["family_member"]["iin"], "actor": "account-1"})


async def _near(hub: Hub, country: Country, role: str, case: str | None) -> list[PersonId]:
    if case is None:
        return [await hub.internal(country.sample["family_member"]["recordId"])]
    found = await hub.parts.docket.case(case, NOW)
    assert found is not None, f"the sample's case of {role} must be open"
    owners = await hub.parts.reader.owners(sorted(found.subjects))
    return sorted(set(owners.values()))


def _all(world: Places, people: Iterable[PersonId], category: str, field: str) -> list[str]:
    return [text for p in people if (text := value(world, p, category, field))]
