"""What a kin term may rest on besides the way: of each person, what the caller may read of sex and birth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Trait(StrEnum):
    """What a term can tell of somebody. BIRTH_ORDER: who of two was born first, and nothing else of the date."""

    SEX = "sex"
    BIRTH_ORDER = "birth_order"


class Told(NamedTuple):
    """A term that was told tells this of a person."""

    person: int
    trait: Trait


@dataclass(frozen=True, slots=True)
class Traits:
    """As far as the caller may read them. `sex`: F or M; `born`: ISO date, or the year alone."""

    sex: str | None = None
    born: str | None = None


Known = Mapping[int, Traits]
"""Traits of the people of a way. Who is absent, of them nothing may be read."""

NOTHING = Traits()


def elder(one: Traits, other: Traits) -> bool | None:
    """Whether the one was born before the other; None if that cannot be told from what may be read, or of twins."""
    if one.born is None or other.born is None:
        return None
    length = min(len(one.born), len(other.born))
    first, second = one.born[:length], other.born[:length]
    return None if first == second else first < second
