"""Which people are worth comparing with a claim: those who share a compound with it. None is made of a name alone.

Each compound survives some corruption: a name's skeleton (its consonants, and nothing of a Slavic woman's ending)
stands for its spellings, and no compound needs all of the parts. Two corruptions at once are survived by the father's
name with the date, and by a name, with the other's initial or not, and a date that is like the one stated: who looks
tries such dates, and they are not stored. Compounds go straight into keyed hashes; their kind, in capitals that no
normalised name has, keeps them apart from those of `search_keys`: a search is no guess.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from identity.alike_dates import alike, commonest
from identity.describing import Described

_VOWELS = str.maketrans("", "", "aeiou")
NAME_AND_DAY, NAMES_AND_YEAR, NAMES_AND_DATE, FATHER_AND_YEAR = "ND", "NY", "NM", "FY"
NAME_AND_INITIAL, FATHER_AND_DAY = "NI", "FD"


@lru_cache(maxsize=65_536)
def skeleton(name: str) -> str:
    """The consonants of a normalised name; of a name with fewer than two the name itself."""
    bones = name.translate(_VOWELS)
    return bones if len(bones) > 1 else name


def compounds(statements: Iterable[Described]) -> frozenset[str]:
    """The compounds of all statements about one person. A statement without a birth date gives none.

    A name (surname, surname at birth, given name) with the day of birth · two names with the year · two names with day
    and month in either order · a name and the father's with the year · a name and another's initial with the day of
    birth · the father's name with it.
    """
    found: set[str] = set()
    for one in statements:
        if one.birth_date:
            _add(found, one)
    return frozenset(found)


def sought(one: Described) -> frozenset[str]:
    """The compounds that people are looked for under whom a statement may be about: its own, and those that it would
    have if it stated another of the dates that are like its own: made of a name and the other's initial with any of
    them, made of a name with one of the commonest."""
    found = set(compounds([one]))
    if one.birth_date:
        for name, initial in _initialled(one):
            found.update([f"{NAME_AND_INITIAL}|{name}|{initial}|{day}" for day in alike(one.birth_date)])
        for name in _skeletons(one):
            found.update([f"{NAME_AND_DAY}|{name}|{day}" for day in commonest(one.birth_date)])
    return frozenset(found)


def _add(found: set[str], one: Described) -> None:
    born, year, month, day = one.birth_date, one.birth_date[:4], one.birth_date[5:7], one.birth_date[8:]
    date = "".join(sorted((month, day)))
    surnames = {skeleton(name) for name in one.surnames}
    given = skeleton(one.given_name) if one.given_name else ""
    father = skeleton(one.father) if one.father else ""
    for name in _skeletons(one):
        found.add(f"{NAME_AND_DAY}|{name}|{born}")
        if father:
            found.add(f"{FATHER_AND_YEAR}|{name}|{father}|{year}")
    if father:
        found.add(f"{FATHER_AND_DAY}|{father}|{born}")
    if given:
        for surname in surnames:
            low, high = sorted((surname, given))
            found.add(f"{NAMES_AND_YEAR}|{low}|{high}|{year}")
            found.add(f"{NAMES_AND_DATE}|{low}|{high}|{date}")
    for name, initial in _initialled(one):
        found.add(f"{NAME_AND_INITIAL}|{name}|{initial}|{born}")


def _skeletons(one: Described) -> set[str]:
    return {skeleton(name) for name in (*one.surnames, one.given_name) if name}


def _initialled(one: Described) -> Iterator[tuple[str, str]]:
    """Each of two names with the initial of the other."""
    if one.given_name:
        for surname in one.surnames:
            yield skeleton(surname), one.given_name[0]
            yield skeleton(one.given_name), surname[0]


__all__ = ["compounds", "skeleton", "sought"]
