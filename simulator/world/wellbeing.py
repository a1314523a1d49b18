"""Health of the living: clinic, insurance cover, chronic conditions, disability."""

from __future__ import annotations

import random

from simulator.world import homes, rates
from simulator.world.model import Block, Condition, Cover, Person

_CHRONIC = (
    "Артериялық гипертензия", "Қант диабеті, 2 тип", "Бронхиальная астма", "Ишемиялық жүрек ауруы",
    "Гипотиреоз", "Хронический бронхит", "Ревматоидный артрит", "Эпилепсия", "Псориаз", "Хронический гастрит",
)  # fmt: skip
_DISABLING = (
    "Последствия инсульта", "Балалар церебральды салдануы", "Снижение слуха", "Көру қабілетінің төмендеуі",
    "Ампутация нижней конечности", "Даун синдромы", "Рассеянный склероз", "Травма спинного мозга",
)  # fmt: skip
_GROUPS = (("group-1", 0.15), ("group-2", 0.45), ("group-3", 0.40))
_PAYOR = "Әлеуметтік медициналық сақтандыру қоры"


def give_health(block: Block, rng: random.Random) -> None:
    """Fill clinic, cover and conditions; the dead keep their clinic, as the health register knows them."""
    for person in block.people.values():
        if rng.random() >= rates.PATIENT or person.dies <= block.today - 3650:
            continue
        home = homes.of(block, person.number)
        person.clinic = clinic(rng, home.address.region if home else block.home_region)
        if not block.lives(person):
            continue
        draw = rng.random()
        start = max(person.born, block.today - rng.randrange(60, 2200))
        if draw < rates.COVER_ACTIVE:
            person.cover = Cover(_PAYOR, "active", start, None)
        elif draw < rates.COVER_ACTIVE + rates.COVER_CANCELLED and start < block.today - 61:
            person.cover = Cover(_PAYOR, "cancelled", start, block.today - rng.randrange(1, 60))
        _conditions(block, rng, person)


def clinic(rng: random.Random, region: str) -> str:
    """A clinic of a region."""
    return f"№{rng.randrange(1, 40)} емхана, {region}"


def _conditions(block: Block, rng: random.Random, person: Person) -> None:
    age = block.age(person)
    band = "young" if age < 30 else "adult" if age < 60 else "old"
    if rng.random() < rates.CHRONIC[band]:
        onset = _onset(block, rng, person)
        abated = block.today - rng.randrange(1, 900) if rng.random() < 0.08 else None
        if abated is not None and abated <= onset:
            abated = None
        person.conditions.append(Condition("chronic", rng.choice(_CHRONIC), None, onset, abated))
    kind = "child" if age < 18 else "adult" if age < 65 else "old"
    if rng.random() < rates.DISABILITY[kind]:
        group = "child" if kind == "child" else rng.choices([g for g, _ in _GROUPS], [w for _, w in _GROUPS])[0]
        person.conditions.append(
            Condition("disability", rng.choice(_DISABLING), group, _onset(block, rng, person), None)
        )


def _onset(block: Block, rng: random.Random, person: Person) -> int:
    return max(person.born, block.today - rng.randrange(30, 5500))
