"""Births: in a union, alone, twins; where the child lives and who is named as father."""

from __future__ import annotations

from simulator.texts import names
from simulator.world import care, homes, rates
from simulator.world.model import Person
from simulator.world.state import YEAR, State


def on_birth(state: State, day: int, number: int, left: int) -> None:
    """A child of a union, and the plan of the next while some are left."""
    block, rng = state.block, state.rng
    union = block.unions[number - 1]
    mother, father = block.people[union.wife], block.people[union.husband]
    if union.end is not None or not state.alive(mother.number, day) or not 17 < block.age(mother, day) < 46:
        return
    named = union.kind == "marriage" or rng.random() < rates.FATHER_NAMED_OUTSIDE_MARRIAGE
    twins = rng.random() < rates.TWINS
    for _ in range(2 if twins else 1):
        child(state, day, mother, father, named).twin = twins
    if left > 1:
        state.plan(day + rng.uniform(1.2, 4.5) * YEAR, "birth", number, left - 1)


def on_birth_alone(state: State, day: int, number: int) -> None:
    """A child of a woman who lives in no union; no father is named."""
    mother = state.block.people[number]
    if state.alive(number, day) and mother.union_on(day) is None:
        child(state, day, mother, None, False)


def child(state: State, day: int, mother: Person, father: Person | None, named: bool) -> Person:
    """A newborn, registered where the mother lives."""
    block, rng = state.block, state.rng
    sex = "M" if rng.random() < 0.515 else "F"
    clans = mother.clans | (father.clans if father else frozenset())
    if father is not None and named:
        surname = _family_name(father.surname_on(day))
    else:
        surname = _family_name(mother.surname_on(day))
    custom = father.custom if father and named else mother.custom
    new = state.person(sex, day, custom, clans, mother, father, surname)
    new.father_named = father is not None and named
    mother.children.append(new.number)
    if father is not None:
        father.children.append(new.number)
    home = homes.of(block, mother.number)
    if home is not None:
        homes.join(state, day, new.number, home)
        new.birthplace = home.address.locality
    if rng.random() < rates.REMOVED_FROM_PARENTS:
        state.plan(day + rng.uniform(0.3, 13) * YEAR, "removal", new.number)
    union = mother.union_on(day)
    if union is not None and (father is None or union.husband != father.number):
        care.step_parents(state, day, union)
    return new


def _family_name(borne: str) -> str:
    """The man's form of a surname that a parent bears."""
    if borne.endswith(("ова", "ева", "ёва", "ина")):
        return names.gendered(borne[:-1], "M")
    return borne
