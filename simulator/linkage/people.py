"""Whom a linkage set is about: people of a block, those whom the register does not hold, and namesakes."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import date

from simulator import iin
from simulator.agencies import population
from simulator.linkage import rates
from simulator.numbering import PEOPLE_A_BLOCK
from simulator.texts import names, places
from simulator.world.model import Address, Block, Person, Stay


@dataclass(slots=True)
class Cast:
    """`strangers`: numbers of the living whom the register does not hold. `always`: about these there is a claim."""

    strangers: set[int]
    always: set[int]


def cast(block: Block, rng: random.Random) -> Cast:
    """Choose strangers and add namesakes to the block."""
    named = _named(block)
    strangers, always = set(), set()
    for person in [one for one in block.people.values() if block.lives(one) and population.knows(one)]:
        twin = person.twin
        if person.number not in named and rng.random() < (rates.STRANGER_TWIN if twin else rates.STRANGER):
            strangers.add(person.number)
        if twin:
            always.add(person.number)
        elif rng.random() < rates.NAMESAKE:
            other = _namesake(block, person, rng)
            if other is not None:
                always |= {person.number, other.number}
                if rng.random() < 0.5:
                    strangers.add(other.number)
    return Cast(strangers, always)


def _named(block: Block) -> set[int]:
    """People whom other people's rows name: they are known whether or not they have a row of their own."""
    return {person for draft in population.drafts(block) for person in draft.people[1:]}


def _namesake(block: Block, person: Person, rng: random.Random) -> Person | None:
    """Somebody of the same sex, surname and given name who lives elsewhere, or None if the block is full."""
    number = max(block.people) + 1
    if number >= PEOPLE_A_BLOCK or person.patronymic is None:
        return None
    if rng.random() < rates.SAME_BIRTH_DATE:
        born = person.born
        father = names.given(rng, person.custom, "M")
        patronymic = names.patronymic(father, person.sex, old_form=person.born % 2 == 0)
        if patronymic[:3] == person.patronymic[:3]:
            return None
    else:
        born, patronymic = person.born - rng.randrange(700, 7000), person.patronymic
    region = places.region(rng)
    address = Address(region, places.locality(rng, region), places.street(rng), str(rng.randrange(1, 200)), None)
    other = replace(
        person, number=number, born=born, patronymic=patronymic, mother=None, father=None, unions=[], children=[],
        stays=[Stay(900 + number % 100, "head", address, born)], twin=False, protection=None, removed_on=None,
        iin=iin.nobodys(rng, date.fromordinal(born), person.sex), surnames=list(person.surnames),
    )  # fmt: skip
    block.people[number] = other
    return other
