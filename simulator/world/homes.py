"""Households: founding, joining, leaving, moving, and who is what to the head."""

from __future__ import annotations

from simulator.texts import places
from simulator.world import rates
from simulator.world.model import Address, Block, Home, Person, Stay
from simulator.world.state import YEAR, State


def address(state: State, region: str) -> Address:
    """A new address in a region."""
    rng = state.rng
    flat = str(rng.randrange(1, 120)) if rng.random() < 0.6 else None
    return Address(region, places.locality(rng, region), places.street(rng), str(rng.randrange(1, 180)), flat)


def found(state: State, day: int, head: int, region: str) -> Home:
    """A new home with `head` as its only member; the head leaves where they lived."""
    home = Home(len(state.block.homes) + 1, head, address(state, region))
    state.block.homes[home.number] = home
    join(state, day, head, home)
    state.plan(day + state.rng.expovariate(1 / (rates.MOVE_MEAN_YEARS * YEAR)), "move", home.number)
    return home


def of(block: Block, number: int) -> Home | None:
    """The (first) home in which a person lives now."""
    for stay in block.people[number].stays:
        if stay.end is None:
            return block.homes[stay.home]
    return None


def role(block: Block, home: Home, person: Person, day: int) -> str:
    """What a member is to the head; unmarried partners are `other`, as registers do not know them."""
    if home.head == person.number:
        return "head"
    head = block.people[home.head]
    union = head.union_on(day)
    couple = {head.number}
    if union is not None:
        if union.other(head.number) == person.number:
            return "spouse" if union.kind == "marriage" else "other"
        couple.add(union.other(head.number))
    parents = {person.mother, person.father}
    if parents & couple:
        return "child"
    if person.number in (head.mother, head.father):
        return "parent"
    for parent in parents:
        if parent is not None and {block.people[parent].mother, block.people[parent].father} & couple:
            return "grandchild"
    return "relative" if person.clans & head.clans or person.unions else "other"


def join(state: State, day: int, number: int, home: Home, also: bool = False) -> None:
    """Register a person in a home; ends their other registrations unless `also` (shared custody)."""
    person = state.block.people[number]
    if not also:
        leave(state, day, number)
    if number in home.members:
        return
    home.members.append(number)
    person.stays.append(Stay(home.number, role(state.block, home, person, day), home.address, day))


def leave(state: State, day: int, number: int) -> None:
    """End all registrations of a person; homes they headed get another head."""
    block = state.block
    person = block.people[number]
    for stay in list(person.stays):
        if stay.end is not None:
            continue
        if stay.start >= day:
            person.stays.remove(stay)
        else:
            stay.end = day
        home = block.homes[stay.home]
        if number in home.members:
            home.members.remove(number)
        if home.head == number and home.members:
            _succeed(state, day, home, person)


def _succeed(state: State, day: int, home: Home, gone: Person) -> None:
    """The head's partner, else the oldest adult, else the oldest member becomes head; roles follow."""
    block = state.block
    union = next((u for u in reversed(gone.unions) if u.other(gone.number) in home.members), None)
    if union is not None:
        home.head = union.other(gone.number)
    else:
        home.head = min(home.members, key=lambda n: (block.people[n].born, n))
    renew_roles(state, day, home)


def renew_roles(state: State, day: int, home: Home) -> None:
    """Close and reopen the registrations whose role has changed."""
    for number in home.members:
        person = state.block.people[number]
        now = role(state.block, home, person, day)
        stay = next(s for s in reversed(person.stays) if s.home == home.number and s.end is None)
        if stay.role != now:
            _reopen(person, stay, Stay(home.number, now, home.address, day))


def move(state: State, day: int, home: Home, region: str) -> None:
    """The whole home goes to a new address."""
    home.address = address(state, region)
    for number in home.members:
        person = state.block.people[number]
        stay = next(s for s in reversed(person.stays) if s.home == home.number and s.end is None)
        _reopen(person, stay, Stay(home.number, stay.role, home.address, day))


def _reopen(person: Person, stay: Stay, new: Stay) -> None:
    if stay.start >= new.start:
        stay.role, stay.address = new.role, new.address
    else:
        stay.end = new.start
        person.stays.append(new)


def on_move(state: State, day: int, number: int) -> None:
    """A planned move of a home, and the plan of the next."""
    home = state.block.homes[number]
    if not home.members:
        return
    region = home.address.region
    if state.rng.random() < rates.MOVES_REGION:
        region = places.region(state.rng)
    move(state, day, home, region)
    state.plan(day + state.rng.expovariate(1 / (rates.MOVE_MEAN_YEARS * YEAR)), "move", number)


def on_leave(state: State, day: int, number: int) -> None:
    """A single adult who still lives as a child of the home founds one alone."""
    person = state.block.people[number]
    home = of(state.block, number)
    if home is None or home.head == number or not state.alive(number, day) or person.union_on(day):
        return
    region = home.address.region if state.rng.random() > rates.MOVES_REGION else places.region(state.rng)
    found(state, day, number, region)
