"""The sample: officers, people and cases that others may rely on, chosen from the first four blocks.

Its people are served without any error, and so are those around them.
"""

from __future__ import annotations

from simulator.world import homes
from simulator.world.block import OTHER_REGION, SAMPLE_REGION
from simulator.world.model import Block, Person, Union

#: How many blocks a country has at least.
BLOCKS = 4
OFFICERS = ("caseworker", "benefits_officer", "investigator", "dv_unit", "privacy_officer")
Choice = dict[str, list[int]]


def choose(block: Block) -> Choice:
    """The sample people of a block, by what they are a sample of; empty from the fifth block on."""
    if block.number == 0:
        return _family_block(block)
    if block.number == 1:
        return {"protected": [_protected(block)]}
    if block.number == 2:
        return {"other_region": [_other(block)]}
    if block.number == 3:
        return {name: [n] for name, n in zip(OFFICERS, _officers(block), strict=True)}
    return {}


def clean(block: Block) -> set[int]:
    """Whoever must be served without error: the sample people, their homes, parents, children and partners."""
    found: set[int] = set()
    for people in choose(block).values():
        found.update(*(around(block, person) for person in people))
    return found


def around(block: Block, number: int) -> set[int]:
    """A person with all that ever shared a home with them, parents, children, partners, carers."""
    person = block.people[number]
    found = {number, *person.children, *(p for p in (person.mother, person.father) if p)}
    found.update(u.other(number) for u in person.unions)
    stays = {stay.home for stay in person.stays}
    found.update(p.number for p in block.people.values() if any(s.home in stays for s in p.stays))
    for care in block.cares:
        if care.child == number or care.carer == number:
            found.update((care.child, care.carer))
    return found


def _plain(block: Block, number: int) -> bool:
    """Alive, one registration in the sample region, and nobody around is protected or in an incident."""
    person = block.people[number]
    stays = person.open_stays()
    if not block.lives(person) or len(stays) != 1 or stays[0].address.region != SAMPLE_REGION:
        return False
    near = around(block, number)
    if any(block.people[n].protection for n in near):
        return False
    return not any(near & {i.reporter, i.alleged, *i.others} for i in block.incidents)


def _family_block(block: Block) -> Choice:
    families = [u for u in block.unions if _fits(block, u)]
    if not families:
        raise LookupError("no family fits the sample")
    family = max(families, key=lambda u: (_living_parents(block, u), -u.number))
    home = block.homes[block.people[family.wife].open_stays()[0].home]
    members = sorted(home.members)
    taken = {family.wife, family.husband, *members}
    others = [n for n in block.people if _plain(block, n) and n not in taken and block.age(block.people[n]) >= 18]
    benefits = _take(block, [n for n in others if _has_minors_at_home(block, n)] or others, taken)
    own = _take(block, others, taken)
    without = _take(block, others, taken)
    deep = max((n for n in others if n not in taken), key=lambda n: (len(kin(block, n, 4)), -n))
    head = home.head if home.head in (family.wife, family.husband) else family.husband
    spouse = family.other(head)
    children = [n for n in members if _child_of(block, n, family)]
    return {
        "head": [head], "spouse": [spouse], "children": children, "wife": [family.wife], "members": members,
        "benefits": benefits, "own_region": own[:1], "without_warrant": without[:1], "investigated": [deep],
    }  # fmt: skip


def _take(block: Block, candidates: list[int], taken: set[int]) -> list[int]:
    """The first free candidate with the rest of the household, which is then taken too."""
    for number in candidates:
        home = homes.of(block, number)
        if home is not None and taken.isdisjoint(home.members):
            taken.update(home.members)
            return [number, *(m for m in sorted(home.members) if m != number)]
    raise LookupError("no household is left for the sample")


def _fits(block: Block, union: Union) -> bool:
    """A living married couple at home with two or more minor children of theirs, and nobody else's children."""
    home = homes.of(block, union.wife)
    if union.kind != "marriage" or union.end is not None or home is None or union.husband not in home.members:
        return False
    if home.head not in (union.wife, union.husband):
        return False
    children = [n for n in home.members if _child_of(block, n, union)]
    return len(children) >= 2 and all(_plain(block, n) for n in home.members)


def _child_of(block: Block, number: int, union: Union) -> bool:
    person = block.people[number]
    born = person.mother == union.wife and person.father == union.husband and person.father_named
    return born and block.age(person) < 18 and block.lives(person)


def _living_parents(block: Block, union: Union) -> int:
    people = block.people
    parents = [p for s in (union.wife, union.husband) for p in (people[s].mother, people[s].father) if p]
    return sum(block.lives(people[p]) for p in parents)


def _has_minors_at_home(block: Block, number: int) -> bool:
    home = homes.of(block, number)
    return home is not None and any(block.age(block.people[m]) < 18 for m in home.members)


def kin(block: Block, number: int, depth: int) -> set[int]:
    """Everyone within `depth` steps over parents, children and partners."""
    seen, frontier = {number}, [number]
    for _ in range(depth):
        steps = {n for f in frontier for n in _next(block.people[f])}
        frontier = sorted(steps - seen)
        seen |= steps
    return seen - {number}


def _next(person: Person) -> list[int]:
    parents = [p for p in (person.mother, person.father) if p]
    return [*parents, *person.children, *(u.other(person.number) for u in person.unions)]


def _protected(block: Block) -> int:
    for person in block.people.values():
        held, stays = person.protection, person.open_stays()
        grown = block.lives(person) and block.age(person) >= 18 and stays
        if grown and held and held.grade == "strict" and stays[0].address.region == SAMPLE_REGION:
            return person.number
    raise LookupError("nobody of the sample region is protected")


def _other(block: Block) -> int:
    for person in block.people.values():
        stays = person.open_stays()
        adult = block.lives(person) and 25 < block.age(person) < 70 and len(stays) == 1
        if not adult or stays[0].address.region != OTHER_REGION:
            continue
        if not any(block.people[n].protection for n in around(block, person.number)):
            return person.number
    raise LookupError("nobody lives in the other region")


def _officers(block: Block) -> list[int]:
    """Five adults without kin among each other as far as the block has such, never of one home."""
    adults = [
        p.number for p in block.people.values()
        if block.lives(p) and 27 < block.age(p) < 62 and p.protection is None and len(p.open_stays()) == 1
    ]  # fmt: skip
    for depth in (8, 6, 4, 2):
        chosen: list[int] = []
        barred: set[int] = set()
        for number in adults:
            if number not in barred:
                chosen.append(number)
                barred |= kin(block, number, depth) | around(block, number)
            if len(chosen) == len(OFFICERS):
                return chosen
    raise LookupError("too few adults for the officers")
