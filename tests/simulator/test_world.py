"""The country holds together: histories that could have happened, in plausible shares."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from simulator import iin
from simulator.country import plan
from simulator.world.model import Block, Person
from simulator.world.work import _employers
from tests.simulator.countries import options

BLOCKS = 24


@pytest.fixture(scope="module")
def blocks() -> list[Block]:
    made = options(Path("unused"), seed=8)
    return [plan.block(made, number) for number in range(BLOCKS)]


def _people(blocks: list[Block]) -> list[tuple[Block, Person]]:
    return [(block, person) for block in blocks for person in block.people.values()]


def test_births_follow_lives(blocks: list[Block]) -> None:
    for block, person in _people(blocks):
        if person.mother is None:
            continue
        mother = block.people[person.mother]
        assert mother.born + 16 * 365 < person.born <= mother.dies
        assert person.number in mother.children
        if person.father is not None:
            father = block.people[person.father]
            assert father.dies > person.born - 300
            assert person.number in father.children


def test_nobody_is_in_two_unions_at_once_nor_with_kin_of_their_clan(blocks: list[Block]) -> None:
    for block, person in _people(blocks):
        unions = sorted(person.unions, key=lambda u: u.start)
        for one, next_ in pairwise(unions):
            assert one.end is not None
            assert one.end <= next_.start
        for union in unions:
            assert not block.people[union.wife].clans & block.people[union.husband].clans


def test_registrations_are_in_order_and_of_the_living(blocks: list[Block]) -> None:
    for block, person in _people(blocks):
        for stay in person.stays:
            assert person.born <= stay.start < person.dies
            assert stay.end is None or stay.start < stay.end <= max(person.dies, block.today)
        if block.lives(person):
            assert person.open_stays()
        else:
            assert not person.open_stays()


def test_homes_hold_whom_registrations_say_and_have_a_head(blocks: list[Block]) -> None:
    for block in blocks:
        for home in block.homes.values():
            registered = [p.number for p in block.people.values() if any(s.home == home.number for s in p.open_stays())]
            assert sorted(home.members) == registered
            if registered:
                assert home.head in registered
                heads = [
                    n for n in registered for s in block.people[n].open_stays()
                    if s.home == home.number and s.role == "head"
                ]  # fmt: skip
                assert heads == [home.head]


def test_minors_have_somebody(blocks: list[Block]) -> None:
    alone = minors = 0
    for block, person in _people(blocks):
        if not block.lives(person) or block.age(person) >= 18:
            continue
        minors += 1
        homes = [block.homes[stay.home] for stay in person.open_stays()]
        alone += not any(block.age(block.people[m]) >= 18 for home in homes for m in home.members)
    assert minors > 1500
    assert alone / minors < 0.004


def test_ids_are_valid_and_nobody_shares_one(blocks: list[Block]) -> None:
    numbers = [person.iin for _, person in _people(blocks)]
    assert all(map(iin.valid, numbers))
    assert len(set(numbers)) == len(numbers)


def test_four_generations_live(blocks: list[Block]) -> None:
    def depth(block: Block, person: Person) -> int:
        children = [block.people[c] for c in person.children]
        return 1 + max((depth(block, c) for c in children if block.lives(c)), default=0)

    deepest = [max(depth(b, p) for p in b.people.values() if b.lives(p)) for b in blocks]
    assert max(deepest) >= 4
    assert sum(d >= 4 for d in deepest) > BLOCKS / 3


def test_every_kind_of_family_occurs(blocks: list[Block]) -> None:
    kinds = Counter(care.kind for block in blocks for care in block.cares)
    assert set(kinds) == {"responsibility", "guardian", "foster_parent", "step_parent"}
    people = _people(blocks)
    assert any(p.twin for _, p in people)
    assert any(not p.father_named and p.father is not None for _, p in people)
    assert any(p.mother is not None and p.father is None for _, p in people)
    assert sum(len(block.adoptions) for block in blocks) > 5
    assert any(len(p.open_stays()) == 2 for _, p in people)
    ends = Counter(union.end_by for block in blocks for union in block.unions)
    assert min(ends[e] for e in ("divorce", "death", "separation", None)) > 20
    assert any(len(p.unions) > 1 for _, p in people)
    assert any(incident.counter_of is not None for block in blocks for incident in block.incidents)
    assert {p.protection.grade for _, p in people if p.protection} == {"confidential", "strict"}
    namesakes = Counter((p.surname, p.given) for b, p in people if b.lives(p))
    assert namesakes.most_common(1)[0][1] > 1


def test_shares_are_plausible(blocks: list[Block]) -> None:
    living = [(b, p) for b, p in _people(blocks) if b.lives(p)]
    count = len(living)
    assert 0.24 < sum(b.age(p) < 18 for b, p in living) / count < 0.40
    assert 0.05 < sum(b.age(p) >= 65 for b, p in living) / count < 0.16
    assert 0.46 < sum(p.sex == "F" for _, p in living) / count < 0.56
    working = [p for b, p in living if 18 <= b.age(p) < 63]
    assert 0.6 < sum(bool(p.income) for p in working) / len(working) < 0.75
    assert 0.02 < sum(any(c.category == "disability" for c in p.conditions) for _, p in living) / count < 0.06
    homes = [h for b in blocks for h in b.homes.values() if h.members]
    assert 2.4 < sum(len(h.members) for h in homes) / len(homes) < 3.8
    assert len({s.address.region for _, p in living for s in p.open_stays()}) == 20


def test_employers_have_numbers_of_twelve_digits() -> None:
    assert all(len(bin_) == 12 and bin_.isdigit() for _, bin_ in _employers(1, "KZ-75"))
