"""Which people are worth comparing with a claim: those who share a compound with it. None is made of a name alone.

Each compound survives some corruption: a name's skeleton (its consonants, and nothing of a Slavic woman's ending)
stands for its spellings, and no compound needs all of the parts. Compounds go straight into keyed hashes; their kind,
in capitals that no normalised name has, keeps them apart from those of `search_keys`: a search is no guess.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from identity.describing import Described

_VOWELS = str.maketrans("", "", "aeiou")
NAME_AND_DAY, NAMES_AND_YEAR, NAMES_AND_DATE, FATHER_AND_YEAR = "ND", "NY", "NM", "FY"


@lru_cache(maxsize=65_536)
def skeleton(name: str) -> str:
    """The consonants of a normalised name; of a name with fewer than two the name itself."""
    bones = name.translate(_VOWELS)
    return bones if len(bones) > 1 else name


def compounds(statements: Iterable[Described]) -> frozenset[str]:
    """The compounds of all statements about one person. A statement without a birth date gives none.

    A name (surname, surname at birth, given name) with the day of birth · two names with the year · two names with day
    and month in either order · a name and the father's with the year.
    """
    found: set[str] = set()
    for one in statements:
        if one.birth_date:
            _add(found, one)
    return frozenset(found)


def _add(found: set[str], one: Described) -> None:
    born, year, month, day = one.birth_date, one.birth_date[:4], one.birth_date[5:7], one.birth_date[8:]
    date = "".join(sorted((month, day)))
    surnames = {skeleton(name) for name in one.surnames}
    given = skeleton(one.given_name) if one.given_name else ""
    names = surnames | {given} if given else surnames
    father = skeleton(one.father) if one.father else ""
    for name in names:
        found.add(f"{NAME_AND_DAY}|{name}|{born}")
        if father:
            found.add(f"{FATHER_AND_YEAR}|{name}|{father}|{year}")
    if given:
        for surname in surnames:
            low, high = sorted((surname, given))
            found.add(f"{NAMES_AND_YEAR}|{low}|{high}|{year}")
            found.add(f"{NAMES_AND_DATE}|{low}|{high}|{date}")


__all__ = ["compounds", "skeleton"]
