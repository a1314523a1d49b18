"""Who finds whom: seeking, marrying or living together, divorce, and seeking again."""

from __future__ import annotations

from simulator.texts import names, places
from simulator.world import care, homes, rates
from simulator.world.model import Home, Person, Union
from simulator.world.state import YEAR, State


def on_seek(state: State, day: int, number: int) -> None:
    """Look for a partner among those who seek; now and then one comes from outside; else wait two years."""
    block, rng = state.block, state.rng
    person = block.people[number]
    taken = any(union.end is None or union.end > day for union in person.unions)
    if taken or not state.alive(number, day) or block.age(person, day) > 62:
        return
    match = _match(state, day, person)
    if match is None and rng.random() < 0.16:
        match = _outsider(state, day, person)
    if match is not None:
        woman, man = (person, match) if person.sex == "F" else (match, person)
        unite(state, day, woman, man)
        return
    if number not in state.seeking[person.sex]:
        state.seeking[person.sex].append(number)
    if person.sex == "F" and block.age(person, day) < 42 and rng.random() < rates.BIRTH_ALONE:
        state.plan(day + 300, "birth_alone", number)
    state.plan(day + 2 * YEAR, "seek", number)


def _match(state: State, day: int, person: Person) -> Person | None:
    pool = state.seeking["M" if person.sex == "F" else "F"]
    best: Person | None = None
    for number in list(pool):
        other = state.block.people[number]
        if not state.alive(number, day) or other.union_on(day):
            pool.remove(number)
            continue
        gap = (person.born - other.born) if person.sex == "F" else (other.born - person.born)
        if not -3 * YEAR < gap < 10 * YEAR or person.clans & other.clans:
            continue
        if other.custom != person.custom and state.rng.random() > rates.MIXED_COUPLES:
            continue
        best = other
        break
    if best is not None:
        pool.remove(best.number)
    return best


def _outsider(state: State, day: int, person: Person) -> Person:
    """Somebody of about the same age from elsewhere, whose parents the country does not know."""
    rng = state.rng
    custom = person.custom if rng.random() > rates.MIXED_COUPLES else ("ru" if person.custom == "kk" else "kk")
    sex = "M" if person.sex == "F" else "F"
    born = min(person.born + int(rng.gauss(-2 if sex == "M" else 2, 2) * YEAR), day - int(18 * YEAR))
    other = state.person(sex, born, custom, state.new_clan(), None, None, names.surname(rng, custom))
    state.live_to(other, day + int(3 * YEAR))
    return other


def unite(state: State, day: int, woman: Person, man: Person) -> Union:
    """A union begins: home, surname, children to come, maybe an end, step parents for children at home."""
    block, rng = state.block, state.rng
    for one in (woman, man):
        if one.number in state.seeking[one.sex]:
            state.seeking[one.sex].remove(one.number)
    kind = "marriage" if rng.random() < rates.MARRIED else "cohabiting"
    union = Union(len(block.unions) + 1, woman.number, man.number, kind, day)
    block.unions.append(union)
    woman.unions.append(union)
    man.unions.append(union)
    if kind == "marriage" and rng.random() < rates.WIFE_TAKES_SURNAME:
        woman.surnames.append((day, names.gendered(man.surname_on(day), "F")))
    _settle(state, day, woman, man)
    care.step_parents(state, day, union)
    _plan_children(state, day, union, woman)
    if rng.random() < rates.DIVORCE[kind]:
        state.plan(day + 200 + rng.expovariate(1 / (rates.DIVORCE_MEAN_YEARS * YEAR)), "divorce", union.number)
    return union


def _settle(state: State, day: int, woman: Person, man: Person) -> None:
    block, rng = state.block, state.rng
    his, hers = homes.of(block, man.number), homes.of(block, woman.number)
    draw = rng.random()
    if his is not None and (his.head == man.number or draw < rates.COUPLE_AT_HUSBANDS_PARENTS):
        home = his
    elif hers is not None and draw > 1 - rates.COUPLE_AT_WIFES_PARENTS:
        home = hers
    else:
        region = his.address.region if his else hers.address.region if hers else block.home_region
        if rng.random() < rates.COUPLE_MOVES_REGION:
            region = places.region(rng)
        home = homes.found(state, day, man.number, region)
    children = _minors_at(state, day, hers, woman.number)
    for number in (woman.number, man.number, *children):
        if number not in home.members:
            homes.join(state, day, number, home)
    homes.renew_roles(state, day, home)


def _minors_at(state: State, day: int, home: Home | None, parent: int) -> list[int]:
    if home is None:
        return []
    people = state.block.people
    return [
        n for n in people[parent].children
        if n in home.members and state.block.age(people[n], day) < 18 and len(people[n].open_stays()) == 1
    ]  # fmt: skip


def _plan_children(state: State, day: int, union: Union, woman: Person) -> None:
    age = state.block.age(woman, day)
    weights = rates.CHILDREN[woman.custom]
    wanted = state.rng.choices(range(len(weights)), weights)[0] if age < 30 else state.rng.choice((0, 0, 1, 1, 2))
    had = len(woman.children)
    left = max(0, wanted - had // 2)
    if age < 44 and left:
        state.plan(day + state.rng.uniform(200, 900), "birth", union.number, left)


def on_divorce(state: State, day: int, number: int) -> None:
    """One leaves; children stay with one parent or are shared; surnames stay as they are."""
    block, rng = state.block, state.rng
    union = block.unions[number - 1]
    if union.end is not None or not (state.alive(union.wife, day) and state.alive(union.husband, day)):
        return
    union.end, union.end_by = day, "divorce" if union.kind == "marriage" else "separation"
    home = homes.of(block, union.wife)
    together = home is not None and union.husband in home.members
    if home is not None and together:
        _part(state, day, union, home)
    for parent in (union.wife, union.husband):
        if rng.random() < rates.SEEKS_AGAIN[block.people[parent].sex]:
            state.plan(day + rng.uniform(1, 5) * YEAR, "seek", parent)


def _part(state: State, day: int, union: Union, home: Home) -> None:
    block, rng = state.block, state.rng
    at_his_parents = home.head not in (union.wife, union.husband) and block.people[union.husband].father == home.head
    leaver = union.husband if rng.random() < rates.MAN_LEAVES_AT_DIVORCE and not at_his_parents else union.wife
    children = [
        n for n in home.members
        if {union.wife, union.husband} == {block.people[n].mother, block.people[n].father}
        and block.age(block.people[n], day) < 18
    ]  # fmt: skip
    new = leave_for(state, day, leaver)
    with_whom = rng.choices(tuple(rates.CHILDREN_STAY_WITH), tuple(rates.CHILDREN_STAY_WITH.values()))[0]
    goes = (with_whom == "mother") == (leaver == union.wife)
    for child in children:
        if with_whom == "shared":
            homes.join(state, day, child, new, also=True)
        elif goes:
            homes.join(state, day, child, new)
    homes.renew_roles(state, day, home)
    if children and rng.random() < rates.RESPONSIBILITY_TO_ONE_AT_DIVORCE:
        loser = union.husband if with_whom == "mother" else union.wife
        care.end_responsibility(state, day, loser, children)


def leave_for(state: State, day: int, leaver: int) -> Home:
    """The leaver goes back to living parents, or founds a home in the same or another region."""
    block, rng = state.block, state.rng
    person = block.people[leaver]
    now = homes.of(block, leaver)
    for parent in (person.father, person.mother):
        if parent is None or not state.alive(parent, day) or rng.random() > rates.LEAVER_TO_PARENTS:
            continue
        home = homes.of(block, parent)
        if home is not None and home is not now:
            homes.join(state, day, leaver, home)
            return home
    region = now.address.region if now else block.home_region
    if rng.random() < rates.MOVES_REGION:
        region = places.region(rng)
    return homes.found(state, day, leaver, region)
