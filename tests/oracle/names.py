"""When names and birth dates agree, written from the rule's text; nothing here is taken from the code it judges."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from tests.oracle.clauses import Clauses

_TABLE = """
а a, ә a, б b, в v, г g, ғ g, д d, е e, ё e, ж zh, з z, и i, й i, к k, қ k, л l, м m, н n, ң n, о o, ө o, п p, р r,
с s, т t, у u, ұ u, ү u, ф f, х kh, һ h, ц ts, ч ch, ш sh, щ shch, ъ –, ы y, і i, ь –, э e, ю yu, я ya, ş sh, ı i
"""
_LATIN = {
    cyrillic: "" if latin == "–" else latin
    for cyrillic, latin in (pair.split() for pair in _TABLE.replace("\n", " ").split(","))
}
_THEN = (("x", "ks"), ("w", "v"), ("q", "k"), ("kh", "h"), ("yu", "iu"), ("ya", "ia"), ("y", "i"), ("j", "zh"))


@dataclass(frozen=True, slots=True)
class Statement:
    """What a row states about who somebody is, as the source writes it."""

    surname: str | None
    given_name: str | None
    birth_surname: str | None = None
    birth_date: str | None = None


@lru_cache(maxsize=20_000)
def normalised(name: str | None, transliteration: bool = True) -> str:
    """A name as it is compared: a to z only."""
    text = unicodedata.normalize("NFKC", name or "").lower()
    if not transliteration:
        return text
    latin = unicodedata.normalize("NFKD", "".join(_LATIN.get(c, c) for c in text))
    latin = "".join(c for c in latin if "a" <= c <= "z")
    for old, new in _THEN:
        latin = latin.replace(old, new)
    return "".join(c for at, c in enumerate(latin) if at == 0 or latin[at - 1] != c)


@lru_cache(maxsize=50_000)
def distance(left: str, right: str) -> int:
    """Optimal string alignment: insertions, deletions, substitutions, swaps of neighbours; no letter edited twice."""
    rows = [list(range(len(right) + 1))]
    for i, a in enumerate(left, 1):
        row = [i]
        for j, b in enumerate(right, 1):
            best = min(rows[i - 1][j] + 1, row[j - 1] + 1, rows[i - 1][j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                best = min(best, rows[i - 2][j - 2] + 1)
            row.append(best)
        rows.append(row)
    return rows[-1][-1]


def agree(one: Statement, other: Statement, clauses: Clauses) -> bool:
    """Whether two statements agree by birth date or by names."""
    if clauses.birth_dates and one.birth_date and one.birth_date == other.birth_date:
        return True
    return any(
        _close(a, c, clauses) and _close(b, d, clauses)
        for own in _pairs(one, clauses)
        for far in _pairs(other, clauses)
        for (a, b), (c, d) in _ways(own, far, clauses)
    )


Pair = tuple[str, str]


def _pairs(statement: Statement, clauses: Clauses) -> Iterator[Pair]:
    """(surname, given name), and the same with the birth surname in the surname's place."""
    surnames: Iterable[str | None] = (statement.surname, statement.birth_surname)
    for surname in surnames if clauses.birth_surname else (statement.surname,):
        pair = normalised(surname, clauses.transliteration), normalised(statement.given_name, clauses.transliteration)
        if all(pair):
            yield pair


def _ways(own: Pair, far: Pair, clauses: Clauses) -> Iterator[tuple[Pair, Pair]]:
    yield own, far
    if clauses.swapped:
        yield own, (far[1], far[0])


def _close(one: str, other: str, clauses: Clauses) -> bool:
    return distance(one, other) <= clauses.tolerance
