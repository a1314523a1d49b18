"""What a person can be found by: two names and the full birth date together, never a name alone.

A compound is clear text that goes straight into a keyed hash (`vault.hashing`), so it never rests anywhere. The two
names stand in alphabetical order: that makes "Name Surname" and "Surname Name" one key instead of two.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations

from identity.agreement import Stated
from identity.names import normalise

#: More words than these are not taken for one name; it bounds what one query can try.
MAX_WORDS = 5


def compounds(statements: Iterable[Stated], birth_date: str | None) -> tuple[str, ...]:
    """All compounds of a person, sorted: surname and name at birth, each with the given name and a birth date.

    A statement without a birth date takes `birth_date`, the one in the person's record; if that is missing too, the
    statement gives nothing.
    """
    found = set()
    for one in statements:
        born = one.birth_date or birth_date
        if not born or not one.given_name:
            continue
        for surname in (one.surname, one.birth_surname):
            if surname:
                found.add(_compound(surname, one.given_name, born))
    return tuple(sorted(found))


def candidates(name: str, birth_date: str) -> tuple[str, ...]:
    """The compounds that a query "Name Surname [Patronymic]", in any order and alphabet, may be stored under.

    Every pair of its words is tried, and every cut of the whole into two (names of several words); at most 14. A query
    of fewer than two words, or of more than `MAX_WORDS`, gives none.
    """
    words = [w for w in (normalise(part) for part in name.split()) if w]
    if not 2 <= len(words) <= MAX_WORDS:
        return ()
    pairs = {_compound(a, b, birth_date) for a, b in combinations(words, 2)}
    for cut in range(1, len(words)):
        first, second = normalise("".join(words[:cut])), normalise("".join(words[cut:]))
        pairs.add(_compound(first, second, birth_date))
    return tuple(sorted(pairs))


def _compound(one: str, other: str, birth_date: str) -> str:
    low, high = sorted((one, other))
    return f"{low}|{high}|{birth_date}"
