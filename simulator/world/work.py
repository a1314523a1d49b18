"""Jobs, incomes, schools, dwellings of the living."""

from __future__ import annotations

import random
from datetime import date
from functools import cache

from simulator.chance import stream
from simulator.texts import places
from simulator.world import homes, rates
from simulator.world.model import Block, Job, Person

_WHAT = ("Құрылыс", "Сервис", "Мұнай", "Сауда", "Транс", "Агро", "Мед", "Энерго", "Байланыс", "Білім")
_WHOSE = ("Астана", "Дала", "Алтын", "Береке", "Сарыарқа", "Тұлпар", "Жетісу", "Мирас", "Шаңырақ", "Көктем")
_POSITIONS = (
    "бухгалтер", "мұғалім", "жүргізуші", "сатушы", "дәрігер", "инженер", "медбике", "оператор", "аспаз", "менеджер",
    "слесарь", "сварщик", "экономист", "программист", "повар", "охранник", "воспитатель", "электрик",
)  # fmt: skip


@cache
def _employers(seed: int, region: str) -> tuple[tuple[str, str], ...]:
    """Forty employers of a region: (name, BIN). A BIN is 12 digits: year, month, kind, serial, check digit."""
    rng = stream(seed, "employers", region)
    found = []
    for _ in range(40):
        name = f"{rng.choice(_WHOSE)} {rng.choice(_WHAT)} {rng.randrange(1, 99)}"
        kind = rng.choice(("ЖШС", "АҚ", "КММ", "ТОО"))
        digits = f"{rng.randrange(0, 25):02d}{rng.randrange(1, 13):02d}{rng.choice('46')}0{rng.randrange(10**5):05d}"
        found.append((f"{kind} «{name}»", digits + str(sum(map(int, digits)) % 10)))
    return tuple(found)


def give_work(block: Block, rng: random.Random, seed: int) -> None:
    """Fill jobs, the last months' incomes, schools and dwellings."""
    months = _last_months(block.today)
    for person in block.people.values():
        if not block.lives(person):
            continue
        home = homes.of(block, person.number)
        region = home.address.region if home else block.home_region
        age = block.age(person)
        if 6 <= age < 18:
            person.school = f"№{rng.randrange(1, 200)} мектеп, {region}"
        elif 18 <= age < 63 and rng.random() < rates.EMPLOYED:
            _employ(block, rng, seed, person, region, months)
        if home is not None and home.head == person.number and rng.random() < rates.OWNS_DWELLING:
            person.owns.append("dwelling")


def _employ(block: Block, rng: random.Random, seed: int, person: Person, region: str, months: tuple[str, ...]) -> None:
    if rng.random() < 0.04:
        region = places.region(rng)
    start = block.today - int(min(rng.expovariate(1 / 1900), (block.age(person) - 18) * 365.25)) - 30
    name, number = rng.choice(_employers(seed, region))
    if rng.random() < rates.EARLIER_JOB:
        was, bin_ = rng.choice(_employers(seed, region))
        ended = start - rng.randrange(1, 200)
        began = max(person.born + 6575, ended - rng.randrange(100, 2500))
        if began < ended:
            person.jobs.append(Job(was, bin_, region, rng.choice(_POSITIONS), began, ended))
    person.jobs.append(Job(name, number, region, rng.choice(_POSITIONS), start, None))
    wage = min(rng.lognormvariate(0, rates.INCOME_SIGMA), 20) * rates.INCOME_MEDIAN_TENGE
    for month in months:
        amount = int(wage * rng.uniform(0.92, 1.12)) // 100 * 100
        person.income.append((month, amount, amount // 10))


def _last_months(today: int) -> tuple[str, ...]:
    """The last whole months before today, oldest first, as YYYY-MM."""
    now = date.fromordinal(today)
    count = now.year * 12 + now.month - 1
    return tuple(f"{m // 12}-{m % 12 + 1:02d}" for m in range(count - rates.INCOME_MONTHS, count))
