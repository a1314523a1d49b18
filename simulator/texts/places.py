"""Where people live: the 20 first-level regions (ISO 3166-2:KZ), their weight, towns, streets."""

from __future__ import annotations

import random
from functools import cache


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split("|"))


#: region → (share of population in thousands, rounded; localities, the largest first)
REGIONS: dict[str, tuple[int, tuple[str, ...]]] = {
    "KZ-10": (610, ("Семей", "Аягөз", "Курчатов", "Шар")),
    "KZ-11": (790, ("Көкшетау", "Степногорск", "Щучинск", "Атбасар")),
    "KZ-15": (940, ("Ақтөбе", "Қандыағаш", "Хромтау", "Шалқар")),
    "KZ-19": (1540, ("Талғар", "Қаскелең", "Есік", "Қонаев")),
    "KZ-23": (700, ("Атырау", "Құлсары", "Мақат", "Индербор")),
    "KZ-27": (690, ("Орал", "Ақсай", "Жәнібек", "Тасқала")),
    "KZ-31": (1220, ("Тараз", "Шу", "Қаратау", "Құлан")),
    "KZ-33": (700, ("Талдықорған", "Жаркент", "Текелі", "Үштөбе")),
    "KZ-35": (1130, ("Қарағанды", "Теміртау", "Балқаш", "Шахтинск")),
    "KZ-39": (830, ("Қостанай", "Рудный", "Лисаков", "Арқалық")),
    "KZ-43": (840, ("Қызылорда", "Арал", "Қазалы", "Шиелі")),
    "KZ-47": (790, ("Ақтау", "Жаңаөзен", "Бейнеу", "Құрық")),
    "KZ-55": (750, ("Павлодар", "Екібастұз", "Ақсу", "Ертіс")),
    "KZ-59": (520, ("Петропавл", "Тайынша", "Булаево", "Сергеев")),
    "KZ-61": (2140, ("Түркістан", "Кентау", "Арыс", "Сарыағаш")),
    "KZ-62": (220, ("Жезқазған", "Сәтбаев", "Қаражал", "Ұлытау")),
    "KZ-63": (720, ("Өскемен", "Риддер", "Алтай", "Зайсан")),
    "KZ-71": (1530, ("Астана",)),
    "KZ-75": (2290, ("Алматы",)),
    "KZ-79": (1260, ("Шымкент",)),
}
CODES = tuple(REGIONS)
_WEIGHTS = tuple(weight for weight, _ in REGIONS.values())
_STREETS = _words(
    "Абай даңғылы|Достық даңғылы|Сәтбаев көшесі|Төле би көшесі|Қабанбай батыр көшесі|Бөгенбай батыр көшесі|"
    "Жібек жолы|Назарбаев даңғылы|улица Пушкина|улица Гагарина|улица Ленина|улица Мира|Әуезов көшесі|"
    "Жамбыл көшесі|Райымбек даңғылы|Момышұлы көшесі|Тәуелсіздік даңғылы|улица Школьная|улица Садовая|"
    "Желтоқсан көшесі|Мәметова көшесі|Құрманғазы көшесі|Сейфуллин даңғылы|улица Лесная|Бейбітшілік көшесі"
)


@cache
def _cumulative() -> tuple[int, ...]:
    sums, total = [], 0
    for weight in _WEIGHTS:
        total += weight
        sums.append(total)
    return tuple(sums)


def region(rng: random.Random) -> str:
    """A region, as likely as its share of the population."""
    return rng.choices(CODES, cum_weights=_cumulative())[0]


def locality(rng: random.Random, code: str) -> str:
    """A town of the region; the first is the likeliest."""
    towns = REGIONS[code][1]
    return towns[0] if rng.random() < 0.55 else rng.choice(towns)


def street(rng: random.Random) -> str:
    """A street name."""
    return rng.choice(_STREETS)
