"""One block's whole history, from its founding couples to today."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from datetime import date

from simulator.chance import stream
from simulator.texts import names, places
from simulator.texts.markers import mark
from simulator.world import births, care, harm, homes, rates, unions, wellbeing, work
from simulator.world.model import Block
from simulator.world.state import YEAR, State

#: Blocks whose people live in the sample officers' region; see `simulator.country.sample`.
SAMPLE_REGION = "KZ-75"
SAMPLE_BLOCKS = (0, 1)
OTHER_REGION = "KZ-39"


def make(seed: int, number: int, today: int, markers: bool, attempt: int = 0) -> Block:
    """The block `number` of the country `seed` on the day `today`; the same arguments give the same block.

    Another `attempt` gives another history; LookupError if a block of the sample has nobody to protect.
    """
    rng = stream(seed, "block", number, attempt)
    region = places.region(rng)
    if number in SAMPLE_BLOCKS:
        region = SAMPLE_REGION
    elif number == 2:
        region = OTHER_REGION
    block = Block(number, today, region)
    state = State(block, rng)
    _found(state)
    _run(state)
    if number == 1:
        _sample_protected(state)
    harm.give_harm(state)
    work.give_work(block, rng, seed)
    wellbeing.give_health(block, rng)
    if markers:
        mark(block)
    return block


def _found(state: State) -> None:
    """Founding couples, married in the years after the war; each of the two is a clan of its own."""
    rng = state.rng
    custom = "kk" if rng.random() < rates.KAZAKH_BLOCKS else "ru"
    for _ in range(rates.FOUNDER_COUPLES):
        year = rng.randrange(*rates.FOUNDER_BIRTH_YEARS)
        born = date(year, 1, 1).toordinal() + rng.randrange(365)
        man = state.person("M", born, custom, state.new_clan(), None, None, names.surname(rng, custom))
        later = born + int(rng.uniform(-1, 6) * YEAR)
        woman = state.person("F", later, custom, state.new_clan(), None, None, names.surname(rng, custom))
        day = max(born, later) + int(rng.uniform(19, 25) * YEAR)
        for one in (man, woman):
            state.live_to(one, day + int(rng.uniform(10, 45) * YEAR))
        homes.found(state, day, man.number, state.block.home_region)
        unions.unite(state, day, woman, man)


def _run(state: State) -> None:
    """Everything on the agenda in order of day, until today."""
    happens: dict[str, Callable[[State, int, int], None]] = {
        "seek": unions.on_seek,
        "divorce": unions.on_divorce,
        "birth_alone": births.on_birth_alone,
        "death": care.on_death,
        "leave": homes.on_leave,
        "move": homes.on_move,
        "removal": care.on_removal,
    }
    while state.agenda:
        day, _, kind, first, second = heapq.heappop(state.agenda)
        state.now = day
        if kind == "birth":
            births.on_birth(state, day, first, second)
        elif kind != "death" or state.block.people[first].dies == day:
            happens[kind](state, day, first)


def _sample_protected(state: State) -> None:
    """One mother in the sample region is always under a strict grade, so that the sample can name her."""
    block = state.block
    for union in block.unions:
        wife, husband = block.people[union.wife], block.people[union.husband]
        home = homes.of(block, wife.number)
        minors = [n for n in wife.children if block.lives(block.people[n]) and block.age(block.people[n]) < 18]
        fits = block.lives(wife) and block.lives(husband) and home is not None and husband.number in home.members
        if fits and home is not None and minors and union.end is None and home.address.region == SAMPLE_REGION:
            new = homes.found(state, block.today - 90, wife.number, SAMPLE_REGION)
            for child in minors:
                if child in home.members:
                    homes.join(state, block.today - 90, child, new)
            for each in (wife.number, *new.members):
                harm._grade(block.people[each], "strict", block.today - 90)
            return
    raise LookupError("no family fits the protected sample")
