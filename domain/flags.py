"""Flags: what accepted claims say together that can hardly be so. The claims stay, for they are what sources say.

A flag changes no answer and reaches no reader: it waits in the docket for a registrar, and goes when it no longer
holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from domain.ids import KeyHash, PersonId


class Doubt(StrEnum):
    """Why something is flagged. Texts for registrars: `domain/intake_texts.py`."""

    LINK_TO_NOBODY = "LINK_TO_NOBODY"
    LINK_TO_SELF = "LINK_TO_SELF"
    OWN_ANCESTOR = "OWN_ANCESTOR"
    PARENT_YOUNGER = "PARENT_YOUNGER"
    PARENT_TOO_CLOSE = "PARENT_TOO_CLOSE"
    TOO_MANY_PARENTS = "TOO_MANY_PARENTS"
    BORN_AFTER_MOTHERS_DEATH = "BORN_AFTER_MOTHERS_DEATH"
    BORN_IN_FUTURE = "BORN_IN_FUTURE"
    DIED_IN_FUTURE = "DIED_IN_FUTURE"
    DIED_BEFORE_BIRTH = "DIED_BEFORE_BIRTH"
    TWO_DEATHS = "TWO_DEATHS"


BETWEEN = frozenset({Doubt.OWN_ANCESTOR, Doubt.PARENT_YOUNGER, Doubt.PARENT_TOO_CLOSE, Doubt.BORN_AFTER_MOTHERS_DEATH})
"""Doubts that rest on more than one person's claims."""

LOOK_AGAIN = ("flags", "to be struck off")
"""What the label is made of (`Hasher.label`) under which people wait whose flags have to be looked at again: kept among
their keys until that is done."""

LEAST_AGE = 12
"""Years between a parent by birth and a child below which it is flagged. Illustrative: no law or study was taken for
it; it is low on purpose, so that a flag is worth a registrar's time.
"""


@dataclass(frozen=True, slots=True, order=True)
class Flag:
    """A doubt and a source record that it rests on: the agency's name and its own number for the record."""

    doubt: Doubt
    source: str
    record_id: str


@dataclass(frozen=True, slots=True)
class Flagged:
    """All flags of one person; none if what was doubtful was put right.

    `keys`: the source keys (hashed) of everyone whose claims they rest on, and those of links that lead to nobody yet.
    `place`: where they stand among all, once kept.
    """

    person: PersonId
    flags: tuple[Flag, ...]
    keys: tuple[KeyHash, ...] = ()
    place: int = 0
