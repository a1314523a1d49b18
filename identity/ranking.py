"""How well a name that somebody searched with agrees with one that is known: what search results are ordered by."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from identity.distance import within_one_edit
from identity.names import normalise


def agreement(searched: str, known: Iterable[str | None]) -> tuple[int, int, int]:
    """The greater the better: words that are equal, words that are one edit apart, and (negative) parts of the known
    name that were not searched with. Words are compared in one spelling, in any order, each used once.
    """
    words = [word for part in searched.split() if (word := normalise(part))]
    left = [name for part in known if (name := normalise(part))]
    equal = _taken(words, left, lambda one, other: one == other)
    near = _taken(words, left, within_one_edit)
    return equal, near, -len(left)


def _taken(words: list[str], names: list[str], alike: Callable[[str, str], bool]) -> int:
    """How many words have a name that is alike; both are taken out."""
    count = 0
    for word in list(words):
        found = next((name for name in names if alike(word, name)), None)
        if found is not None:
            words.remove(word)
            names.remove(found)
            count += 1
    return count
