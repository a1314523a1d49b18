"""The comparisons of the hub's model: which level two statements reach in names, birth date, sex and place.

docs/reference/identity.md, rule 4, is their text. Each is symmetric, and knows nothing of weights.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from rapidfuzz.distance import OSA

from identity.describing import Described, Place
from identity.weighing import NOT_STATED, Compare

SURNAME, GIVEN_NAME, PATRONYMIC, BIRTH_DATE, SEX, PLACE = (
    "surname", "given_name", "patronymic", "birth_date", "sex", "place",
)  # fmt: skip
LEVELS: dict[str, tuple[str, ...]] = {
    SURNAME: ("same", "one or two slips", "stands in the given name's place", "other"),
    GIVEN_NAME: ("same", "one or two slips", "other"),
    PATRONYMIC: ("same father's name", "one or two slips", "other"),
    BIRTH_DATE: ("same", "day and month swapped", "one digit", "near", "other"),
    SEX: ("same", "other"),
    PLACE: ("same house", "same locality", "same region", "elsewhere"),
}
"""The words of the levels, from best to worst."""
DECISIVE = frozenset({SURNAME, GIVEN_NAME, PATRONYMIC, BIRTH_DATE, SEX})
"""Plain disagreement in one of these rules an automatic match out: twins, namesakes, fathers and sons."""
_NEAR_DAYS = 31
_LONG = 7
"""From this length of the shorter name on, two slips count as close."""


_SOUNDS = (("shch", "1"), ("sh", "2"), ("zh", "3"), ("ch", "4"), ("ts", "5"), ("iu", "6"), ("ia", "7"))
"""Latin letters that stand for one letter of the other alphabet, in this order: a slip there is one slip."""


@lru_cache(maxsize=65_536)
def slips(one: str, other: str) -> int:
    """0 for the same, 1 for one edit (two in long names), 2 for anything else.

    Optimal string alignment of letters, or of sounds if that is less.
    """
    if one == other:
        return 0
    return 1 if _close(one, other) or _close(_sounds(one), _sounds(other)) else 2


def _close(one: str, other: str) -> bool:
    most = 2 if min(len(one), len(other)) >= _LONG else 1
    return OSA.distance(one, other, score_cutoff=most) <= most


@lru_cache(maxsize=65_536)
def _sounds(name: str) -> str:
    for letters, sound in _SOUNDS:
        name = name.replace(letters, sound)
    return name


def swapped(one: Described, other: Described) -> bool:
    """Whether surname and given name of one side agree better with the other's when they change places."""
    straight = _apart(one.surnames, other.surnames) + _apart((one.given_name,), (other.given_name,))
    ours, theirs = _apart(one.surnames, (other.given_name,)), _apart((one.given_name,), other.surnames)
    return max(ours, theirs) < 2 and ours + theirs < straight


def _apart(ours: tuple[str, ...], theirs: tuple[str, ...]) -> int:
    return min((slips(a, b) for a in ours for b in theirs if a and b), default=2)


@dataclass(frozen=True, slots=True)
class Surname:
    """The surname, or the one at birth on either side."""

    def level(self, one: Described, other: Described) -> int:
        """Same, close, in the given name's place, other."""
        if not one.surnames or not other.surnames:
            return NOT_STATED
        if swapped(one, other):
            return 2
        return (0, 1, 3)[_apart(one.surnames, other.surnames)]

    def terms(self, one: Described, other: Described) -> tuple[str, str] | None:
        """The surname that both sides bear."""
        common = next((name for name in one.surnames if name in other.surnames), None)
        return (common, common) if common is not None else None


@dataclass(frozen=True, slots=True)
class GivenName:
    """The given name. Two spellings that are both known as names of their own are two names, not a slip."""

    known: Collection[str] = frozenset()

    def level(self, one: Described, other: Described) -> int:
        """Same, close, other."""
        if not one.given_name or not other.given_name:
            return NOT_STATED
        if swapped(one, other):
            apart = max(_apart(one.surnames, (other.given_name,)), _apart((one.given_name,), other.surnames))
            return min(apart, 1)
        apart = slips(one.given_name, other.given_name)
        if apart == 1 and one.given_name in self.known and other.given_name in self.known:
            return 2
        return apart

    def terms(self, one: Described, other: Described) -> tuple[str, str] | None:
        """Both given names."""
        return one.given_name, other.given_name


@dataclass(frozen=True, slots=True)
class Patronymic:
    """The father's name."""

    known: Collection[str] = frozenset()

    def level(self, one: Described, other: Described) -> int:
        """Same, close, other; most rows that state none are no contradiction."""
        if not one.patronymic or not other.patronymic:
            return NOT_STATED
        ours, theirs = one.father, other.father
        if ours == theirs:
            return 0
        if ours in self.known and theirs in self.known:
            return 2
        return min(slips(ours, theirs), slips(one.patronymic, other.patronymic))

    def terms(self, one: Described, other: Described) -> tuple[str, str] | None:
        """None: its frequencies are the given names', of another generation."""
        return None


@dataclass(frozen=True, slots=True)
class BirthDate:
    """The day of birth."""

    def level(self, one: Described, other: Described) -> int:
        """Same, swapped, one digit, near, other."""
        if not one.birth_date or not other.birth_date:
            return NOT_STATED
        return _dates(min(one.birth_date, other.birth_date), max(one.birth_date, other.birth_date))

    def terms(self, one: Described, other: Described) -> tuple[str, str] | None:
        """None."""
        return None


@lru_cache(maxsize=65_536)
def _dates(low: str, high: str) -> int:
    if low == high:
        return 0
    if low[:4] == high[:4] and low[5:7] == high[8:] and low[8:] == high[5:7]:
        return 1
    if OSA.distance(low, high, score_cutoff=1) <= 1:
        return 2
    first, second = date.fromisoformat(low), date.fromisoformat(high)
    near = (second - first).days <= _NEAR_DAYS or (second.year - first.year == 1 and low[5:] == high[5:])
    return 3 if near or low[:7] == high[:7] else 4


@dataclass(frozen=True, slots=True)
class Sex:
    """F or M."""

    def level(self, one: Described, other: Described) -> int:
        """Same or other."""
        if not one.sex or not other.sex:
            return NOT_STATED
        return 0 if one.sex == other.sex else 1

    def terms(self, one: Described, other: Described) -> tuple[str, str] | None:
        """None."""
        return None


@dataclass(frozen=True, slots=True)
class Where:
    """Where they are or were at home: the best of all pairs of addresses."""

    def level(self, one: Described, other: Described) -> int:
        """Same house, locality, region, elsewhere. People move: elsewhere is no contradiction."""
        if not one.places or not other.places:
            return NOT_STATED
        return min(_places(a, b) for a in one.places for b in other.places)

    def terms(self, one: Described, other: Described) -> tuple[str, str] | None:
        """None."""
        return None


def _places(one: Place, other: Place) -> int:
    if one.region != other.region:
        return 3
    if not one.locality or one.locality != other.locality:
        return 2
    return 0 if one.house and one.house == other.house else 1


def comparisons(given_names: Collection[str] = frozenset()) -> dict[str, Compare[Described]]:
    """All comparisons by name, in order. `given_names`: those that are known as names of their own."""
    return {
        SURNAME: Surname(),
        GIVEN_NAME: GivenName(given_names),
        PATRONYMIC: Patronymic(given_names),
        BIRTH_DATE: BirthDate(),
        SEX: Sex(),
        PLACE: Where(),
    }
