"""Rule 4 from its text: compounds, levels, weights and the decision. The numbers are the model file's, read as data."""

from __future__ import annotations

import json
import math
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from tests.oracle.names import distance, normalised
from tests.oracle.said import Item, SourceNumber

MODEL: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "identity" / "models" / "kz-synthetic.json").read_text("utf-8")
)
LISTED = {one["name"]: one.get("frequencies", {}) for one in MODEL["comparisons"]}
ENDINGS = (
    *("инична", "ович", "евич", "овна", "евна", "вич", "вна", "ич", "ұлы", "улы", "қызы", "кызы"),
    *("inichna", "ovich", "evich", "ovna", "evna", "vich", "vna", "ich", "ūly", "uly", "uli"),
    *("qyzy", "kyzy", "qızı", "kizi"),
)
SOUNDS = ("shch", "sh", "zh", "ch", "ts", "iu", "ia")
Spot = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Told:
    """A statement in comparable spelling."""

    surname: str
    surnames: tuple[str, ...]
    given: str
    patronymic: str
    father: str
    born: str
    sex: str


@dataclass(slots=True)
class Person:
    """All that was ever stated of a person."""

    told: set[Told] = field(default_factory=set)
    spots: set[Spot] = field(default_factory=set)


def told(item: Item) -> Told:
    """A statement of the fields that say who somebody is."""
    text = {name: str(value) for name, value in item.items()}
    surnames = [normalised(text.get(name)) for name in ("surname", "birth_surname")]
    patronymic = text.get("patronymic", "")
    return Told(
        surnames[0],
        tuple(name for name in surnames if name),
        normalised(text.get("given_name")),
        normalised(patronymic),
        _father(patronymic),
        text.get("birth_date", ""),
        text.get("sex", ""),
    )


def _father(patronymic: str) -> str:
    text = unicodedata.normalize("NFKC", patronymic).lower().strip()
    ending = max((one for one in ENDINGS if text.endswith(one)), key=len, default="")
    stem = normalised(text[: len(text) - len(ending)])
    return stem if len(stem) > 1 else normalised(patronymic)


def spot(address: Item | None) -> set[Spot]:
    """An address in comparable spelling."""
    if not address:
        return set()
    street = normalised(str(address.get("street") or ""))
    house = "".join(c for c in str(address.get("house") or "").casefold() if c.isalnum())
    where = f"{street} {house}" if street and house else ""
    return {(str(address.get("region") or ""), normalised(str(address.get("locality") or "")), where)}


def weighable(one: Told) -> bool:
    """Whether it can be weighed: a surname, a given name and a birth date."""
    return bool(one.surname and one.given and one.born)


def compounds(one: Told) -> set[tuple[str, ...]]:
    """The compounds of a statement."""
    if not one.born:
        return set()
    year, month, day = one.born.split("-")
    surnames = {_skeleton(name) for name in one.surnames}
    given = {_skeleton(one.given)} if one.given else set()
    found: set[tuple[str, ...]] = {("nd", name, one.born) for name in surnames | given}
    for surname in surnames:
        for name in given:
            pair = tuple(sorted((surname, name)))
            found |= {("ny", *pair, year), ("nm", *pair, *sorted((month, day)))}
    if one.father:
        found |= {("fy", name, _skeleton(one.father), year) for name in surnames | given}
        found.add(("fd", _skeleton(one.father), one.born))
    return found | {("ni", *pair, one.born) for pair in _initialled(one)}


def _initialled(one: Told) -> set[tuple[str, str]]:
    """One of two names with the other's initial."""
    pairs = [pair for name in one.surnames if one.given for pair in ((name, one.given), (one.given, name))]
    return {(_skeleton(name), other[0]) for name, other in pairs}


def meet(claim: Told, other: Told) -> bool:
    """Whether a claim is compared with somebody of whom the other was stated."""
    if not other.born:
        return False
    if compounds(claim) & compounds(other):
        return True
    if not all("1800" <= born[:4] <= "2099" for born in (claim.born, other.born)):
        return False
    names, others = ({_skeleton(name) for name in (*one.surnames, one.given) if name} for one in (claim, other))
    initialled = bool(_initialled(claim) & _initialled(other)) and _like(claim.born, other.born)
    return initialled or (bool(names & others) and _commonly(claim.born, other.born))


def _like(one: str, other: str) -> bool:
    days = abs((date.fromisoformat(one) - date.fromisoformat(other)).days)
    return days <= 10 or _commonly(one, other) or distance(one, other) <= 1


def _commonly(one: str, other: str) -> bool:
    (year, *day), (year2, *day2) = one.split("-"), other.split("-")
    swapped = year == year2 and day == day2[::-1]
    return swapped or (day == day2 and abs(int(year) - int(year2)) == 1)


def _skeleton(name: str) -> str:
    bones = "".join(c for c in name if c not in "aeiou")
    return bones if len(bones) > 1 else name


@lru_cache(maxsize=100_000)
def _nearness(one: str, other: str) -> int:
    """0 the same, 1 a slip, 2 neither."""
    if one == other:
        return 0
    return 1 if any(distance(a, b) <= (2 if min(len(a), len(b)) >= 7 else 1) for a, b in _both(one, other)) else 2


def _both(one: str, other: str) -> Iterable[tuple[str, str]]:
    yield one, other
    for number, letters in enumerate(SOUNDS):
        one, other = one.replace(letters, str(number)), other.replace(letters, str(number))
    yield one, other


def _nearest(names: Iterable[str], others: Iterable[str]) -> int:
    others = list(others)
    return min((_nearness(a, b) for a in names for b in others if a and b), default=2)


def _crossed(one: Told, other: Told) -> tuple[int, int] | None:
    """The two crossed comparisons where names are swapped, else None."""
    straight = _nearest(one.surnames, other.surnames) + _nearest([one.given], [other.given])
    crossed = _nearest(one.surnames, [other.given]), _nearest([one.given], other.surnames)
    return crossed if max(crossed) < 2 and sum(crossed) < straight else None


def levels(one: Told, spots: set[Spot], other: Told, others: set[Spot]) -> dict[str, int | None]:
    """Comparison → the level reached, None where a side states nothing."""
    names, crossed = LISTED["given_name"], _crossed(one, other)
    found: dict[str, int | None] = dict.fromkeys(LISTED)
    if one.surnames and other.surnames:
        found["surname"] = 2 if crossed else (0, 1, 3)[_nearest(one.surnames, other.surnames)]
    if one.given and other.given:
        near = max(crossed) if crossed else _nearness(one.given, other.given)
        two_names = near == 1 and not crossed and one.given in names and other.given in names
        found["given_name"] = 2 if two_names else near
    if one.patronymic and other.patronymic:
        both = one.father in names and other.father in names
        near = 2 if both else min(_nearness(one.father, other.father), _nearness(one.patronymic, other.patronymic))
        found["patronymic"] = 0 if one.father == other.father else near
    if one.born and other.born:
        found["birth_date"] = _days(one.born, other.born)
    if one.sex and other.sex:
        found["sex"] = int(one.sex != other.sex)
    if spots and others:
        found["place"] = min(_apart(a, b) for a in spots for b in others)
    return found


def _days(one: str, other: str) -> int:
    (year, month, day), (year2, month2, day2) = one.split("-"), other.split("-")
    apart = abs((date.fromisoformat(one) - date.fromisoformat(other)).days)
    yearly = abs(int(year) - int(year2)) == 1 and (month, day) == (month2, day2)
    fits = (
        one == other,
        year == year2 and (month, day) == (day2, month2),
        distance(one, other) <= 1,
        apart <= 31 or yearly or (year, month) == (year2, month2),
    )
    return fits.index(True) if True in fits else 4


def _apart(one: Spot, other: Spot) -> int:
    if one[0] != other[0]:
        return 3
    if not one[1] or one[1] != other[1]:
        return 2
    return 0 if one[2] and one[2] == other[2] else 1


def weight(one: Told, spots: set[Spot], other: Told, others: set[Spot]) -> tuple[float, bool]:
    """The sum in bits, and whether a decisive comparison says other."""
    total = math.log2(MODEL["prior"] / (1 - MODEL["prior"]))
    reached, contradicted = levels(one, spots, other, others), False
    for comparison in MODEL["comparisons"]:
        name, at = comparison["name"], reached[comparison["name"]]
        if at is None:
            continue
        level = comparison["levels"][at]
        coincidence = level["u"]
        if at == 0 and LISTED[name]:
            shares = LISTED[name]
            terms = [one.given, other.given] if name == "given_name" else [_common(one, other)]
            coincidence = max(shares.get(term, comparison["floor"]) for term in terms)
        total += math.log2(level["m"] / coincidence)
        contradicted |= name != "place" and at == len(comparison["levels"]) - 1
    return total, contradicted


def _common(one: Told, other: Told) -> str:
    return next(name for name in one.surnames if name in other.surnames)


@dataclass(frozen=True, slots=True)
class Weighed:
    """What weighing came to: `plausible` people, best first; `sure` of the first; `crowded`: too many to tell."""

    plausible: tuple[SourceNumber, ...]
    sure: bool
    crowded: bool = False


def weigh(claim: Told, spots: set[Spot], people: dict[SourceNumber, Person]) -> Weighed:
    """Whom a claim may be about, of those who share a compound with it."""
    near = {who: one for who, one in people.items() if any(meet(claim, told) for told in one.told)}
    if len(near) > 64:
        return Weighed((), False, True)
    sums = {who: max(weight(claim, spots, told, one.spots) for told in one.told) for who, one in near.items()}
    ranked = sorted(sums, key=lambda who: sums[who][0], reverse=True)
    limits = MODEL["thresholds"]
    plausible = tuple(who for who in ranked if sums[who][0] >= limits["review"])
    if not plausible:
        return Weighed((), False)
    best, contradicted = sums[plausible[0]]
    ahead = len(ranked) == 1 or best - sums[ranked[1]][0] >= limits["margin"]
    return Weighed(plausible, best >= limits["match"] and ahead and not contradicted)
