"""A block while its history runs: the agenda of what happens next, and its own source of chance."""

from __future__ import annotations

import heapq
import math
import random
from dataclasses import dataclass, field
from datetime import date

from simulator.iin import give
from simulator.numbering import PEOPLE_A_BLOCK
from simulator.texts import names
from simulator.world import rates
from simulator.world.model import Block, Person

YEAR = 365.25


@dataclass
class State:
    """The block, its chance, its agenda (day, order, kind, first, second) and who seeks a partner."""

    block: Block
    rng: random.Random
    agenda: list[tuple[int, int, str, int, int]] = field(default_factory=list)
    seeking: dict[str, list[int]] = field(default_factory=lambda: {"F": [], "M": []})
    taken: set[str] = field(default_factory=set)
    clans: int = 0
    order: int = 0
    now: int = 0

    def plan(self, day: float, kind: str, first: int, second: int = 0) -> None:
        """Put something on the agenda; what lies beyond today, or before the day history has come to, is left out."""
        if self.now <= int(day) <= self.block.today:
            self.order += 1
            heapq.heappush(self.agenda, (int(day), self.order, kind, first, second))

    def alive(self, number: int, day: int) -> bool:
        """Whether a person lives on a day."""
        person = self.block.people[number]
        return person.born <= day < person.dies

    def new_clan(self) -> frozenset[int]:
        """A clan that nobody else descends from."""
        self.clans += 1
        return frozenset((self.clans,))

    def person(
        self, sex: str, born: int, custom: str, clans: frozenset[int], mother: Person | None, father: Person | None,
        surname: str,
    ) -> Person:  # fmt: skip
        """A new person of the block with names, number, IIN, and the day of death fixed by chance."""
        rng, number = self.rng, len(self.block.people) + 1
        if number >= PEOPLE_A_BLOCK:
            raise OverflowError("a block grew beyond its numbers")
        given = names.given(rng, custom, sex)
        if father is not None:
            patronymic = names.patronymic(father.given, sex, born < _IN_1990 or rng.random() < 0.35)
        else:
            patronymic = names.patronymic(names.given(rng, custom, "M"), sex, born < _IN_1990)
        person = Person(
            number=number, sex=sex, born=born, dies=born + self._lifespan(sex), custom=custom, clans=clans,
            mother=mother.number if mother else None, father=father.number if father else None,
            given=given, patronymic=patronymic, surnames=[(born, names.gendered(surname, sex))],
            iin=give(date.fromordinal(born), sex, self.block.number, self.taken),
        )  # fmt: skip
        self.block.people[number] = person
        self.plan(person.dies, "death", number)
        if rng.random() >= rates.NEVER_SEEKS:
            mean, spread = rates.SEEK_AGE[sex]
            self.plan(born + max(18.0, rng.gauss(mean, spread)) * YEAR, "seek", number)
        if rng.random() < rates.LEAVES_HOME_SINGLE:
            self.plan(born + rng.uniform(19, 30) * YEAR, "leave", number)
        return person

    def live_to(self, person: Person, day: int) -> None:
        """The person does not die before `day`."""
        if person.dies < day:
            person.dies = day
            self.plan(day, "death", person.number)

    def _lifespan(self, sex: str) -> int:
        """Days from birth to death: the first year apart, then Gompertz."""
        if self.rng.random() < rates.INFANT_DEATH:
            return self.rng.randrange(1, 365)
        slope = rates.GOMPERTZ_SLOPE
        base = math.log(2) * slope / (math.exp(slope * rates.MEDIAN_DEATH_AGE[sex]) - 1)
        years = math.log(1 - slope / base * math.log(1 - self.rng.random())) / slope
        return int(min(years, 106.0) * YEAR) + 1


_IN_1990 = date(1990, 1, 1).toordinal()
