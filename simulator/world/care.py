"""Custody apart from kinship: guardians, foster and step parents, adoption, responsibility taken away."""

from __future__ import annotations

from simulator.world import homes, rates
from simulator.world.model import Adoption, Care, Person, Union
from simulator.world.state import YEAR, State

ADULT = 18


def step_parents(state: State, day: int, union: Union) -> None:
    """Whoever lives with a partner's minor child is its step parent; some adopt it if it has one parent."""
    block = state.block
    for parent, other in ((union.wife, union.husband), (union.husband, union.wife)):
        home = homes.of(block, parent)
        for number in block.people[parent].children:
            child = block.people[number]
            if home is None or number not in home.members or block.age(child, day) >= ADULT:
                continue
            if other in (child.mother, child.father) or _cared(state, "step_parent", number, other):
                continue
            block.cares.append(Care("step_parent", number, other, day))
            alone = parent == child.mother and not child.father_named
            if alone and union.kind == "marriage" and state.rng.random() < rates.STEP_ADOPTION:
                adopt(state, min(day + 400, block.today), child, parent, other)


def _cared(state: State, kind: str, child: int, carer: int) -> bool:
    return any(c.kind == kind and c.child == child and c.carer == carer for c in state.block.cares)


def adopt(state: State, day: int, child: Person, mother: int, father: int | None) -> None:
    """The child has new legal parents from `day` on; care by others ends."""
    block = state.block
    if any(a.child == child.number for a in block.adoptions):
        return
    block.adoptions.append(Adoption(child.number, mother, father, day))
    for care in block.cares:
        if care.child == child.number and care.end is None:
            care.end = day


def end_responsibility(state: State, day: int, parent: int, children: list[int]) -> None:
    """A court leaves responsibility with the other parent alone: the end is a closed responsibility."""
    for child in children:
        state.block.cares.append(Care("responsibility", child, parent, state.block.people[child].born, day))


def on_removal(state: State, day: int, number: int) -> None:
    """A child is taken out of the family; responsibility of both parents ends; foster care, maybe adoption."""
    block = state.block
    child = block.people[number]
    if not state.alive(number, day) or block.age(child, day) >= ADULT or _adopted(state, number):
        return
    child.removed_on = day
    place(state, day, child, "foster_parent")


def orphan(state: State, day: int, number: int) -> None:
    """A minor whose last parent died: a relative becomes guardian, else a foster family takes the child."""
    child = state.block.people[number]
    if _adopted(state, number) or child.removed_on is not None:
        return
    guardian = _relative(state, day, child)
    if guardian is None:
        place(state, day, child, "foster_parent")
        return
    state.block.cares.append(Care("guardian", number, guardian, day))
    home = homes.of(state.block, guardian)
    if home is not None and number not in home.members:
        homes.join(state, day, number, home)


def place(state: State, day: int, child: Person, kind: str) -> None:
    """A couple of the block that is no kin takes the child in; some adopt it after a year or two."""
    block, rng = state.block, state.rng
    couples = [
        u for u in block.unions
        if u.end is None and u.kind == "marriage" and state.alive(u.wife, day) and state.alive(u.husband, day)
        and 27 < block.age(block.people[u.wife], day) < 58
        and not block.people[u.wife].clans & child.clans and not block.people[u.husband].clans & child.clans
        and homes.of(block, u.wife) is not None
    ]  # fmt: skip
    if not couples:
        return
    union = rng.choice(couples)
    if (home := homes.of(block, union.wife)) is not None:
        homes.join(state, day, child.number, home)
    for carer in (union.wife, union.husband):
        block.cares.append(Care(kind, child.number, carer, day))
    later = day + int(rng.uniform(1, 2) * YEAR)
    if rng.random() < rates.ADOPTED_AFTER_CARE and later <= block.today:
        adopt(state, later, child, union.wife, union.husband)


def _relative(state: State, day: int, child: Person) -> int | None:
    """A living grandparent under 75, else an adult brother, sister, uncle or aunt, who has a home."""
    people = state.block.people
    grand = [g for p in (child.mother, child.father) if p for g in (people[p].mother, people[p].father) if g]
    uncles = [u for g in grand for u in people[g].children]
    siblings = [s for p in (child.mother, child.father) if p for s in people[p].children]
    for number in (*grand, *uncles, *siblings):
        age = state.block.age(people[number], day)
        if number != child.number and state.alive(number, day) and 21 <= age < 75 and people[number].open_stays():
            return number
    return None


def _adopted(state: State, number: int) -> bool:
    return any(a.child == number for a in state.block.adoptions)


def on_death(state: State, day: int, number: int) -> None:
    """A death: the union ends, the home gets another head, orphans get someone, the widowed may join a child."""
    block, rng = state.block, state.rng
    person = block.people[number]
    union = person.union_on(day)
    if union is not None:
        union.end, union.end_by = day, "death"
    homes.leave(state, day, number)
    for care in block.cares:
        if care.carer == number and care.end is None:
            care.end = day
    for child in person.children:
        other = block.people[child].father if person.sex == "F" else block.people[child].mother
        minor = state.alive(child, day) and block.age(block.people[child], day) < ADULT
        if minor and (other is None or not state.alive(other, day)):
            orphan(state, day, child)
        elif minor and other is not None:
            _to_other_parent(state, day, child, other)
    if union is not None:
        _widowed(state, day, union.other(number), rng.random())


def _to_other_parent(state: State, day: int, child: int, other: int) -> None:
    home, theirs = homes.of(state.block, child), homes.of(state.block, other)
    adults = home is not None and any(state.block.age(state.block.people[m], day) >= ADULT for m in home.members)
    if theirs is not None and not adults and state.block.people[child].removed_on is None:
        homes.join(state, day, child, theirs)


def _widowed(state: State, day: int, number: int, draw: float) -> None:
    block = state.block
    age = block.age(block.people[number], day)
    if age > 66 and draw < rates.WIDOWED_JOINS_CHILD:
        for child in block.people[number].children:
            home = homes.of(block, child)
            if state.alive(child, day) and home is not None and home.head == child:
                homes.join(state, day, number, home)
                return
    elif age < 55 and draw < rates.SEEKS_AGAIN[block.people[number].sex] * 0.6:
        state.plan(day + 2 * YEAR, "seek", number)
