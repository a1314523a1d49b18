"""A row before it is served: which record it is of, whom it names, and how it is built from an agency's cards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Protocol

Body = dict[str, Any]


@dataclass(slots=True)
class Card:
    """What one agency holds of a person's identity, right or wrong; `errors` says what is wrong."""

    number: str
    iin: str | None
    surname: str
    given: str
    patronymic: str | None
    birth_surname: str | None
    born: str
    sex: str
    errors: list[dict[str, Any]]


class Cards(Protocol):
    """An agency's cards of the people of a block."""

    def card(self, person: int) -> Card:
        """The card of a person by number in the block."""
        ...


@dataclass(slots=True)
class Draft:
    """One record: `make` builds its body (without version and instant) from cards; `people` are all it names.

    `evidence` is false where people are named by the agency's number alone, so that no error of a card shows.
    """

    stream: str
    record: str
    people: tuple[int, ...]
    make: Callable[[Cards], Body]
    evidence: bool = True


@lru_cache(maxsize=65_536)
def day(ordinal: int) -> str:
    """A day as YYYY-MM-DD."""
    return date.fromordinal(ordinal).isoformat()


def day_or_none(ordinal: int | None) -> str | None:
    """A day as YYYY-MM-DD, or `None`."""
    return None if ordinal is None else day(ordinal)
