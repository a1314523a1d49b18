"""What a way amounts to: blood or not, in which line, how near by law. Worked out from the names of its links alone.

A way is written as a chain of letters: U up to a parent, D down to a child, S across to a partner, G a tie of law. A
stated step-parent is a parent's partner (US), a stated stepchild a partner's child (SD), with nobody in between known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from resolvers.kin.ties import CARE_NAMES, Way


class Kind(StrEnum):
    """What ties two people. Of a mixed way the last of these that occurs in it: it is no nearer than its farthest part.

    CO_PARENT: over a common child, with whom nobody becomes kin of the other. IN_LAW: over a marriage or partnership
    that makes no step-family. GUARDIANSHIP: over a tie of law, which is no kinship at all.
    """

    BLOOD = "blood"
    ADOPTIVE = "adoptive"
    FOSTER = "foster"
    PARTNER = "partner"
    STEP = "step"
    IN_LAW = "in_law"
    CO_PARENT = "co_parent"
    GUARDIANSHIP = "guardianship"


RANK = {kind: place for place, kind in enumerate(Kind)}
"""Nearest first."""


class Line(StrEnum):
    """Where the far one stands: above, below, or beside over a common ancestor (of the spouse's, for affinity)."""

    ASCENDING = "ascending"
    DESCENDING = "descending"
    COLLATERAL = "collateral"


_STEP = re.compile(r"U+SU*D*|SD+")
_BLOOD = re.compile(r"U*D*")
_AFFINITY = re.compile(r"S(U*D*)|(U*D*)S")
_LINES = (
    (re.compile(r"U+"), Line.ASCENDING),
    (re.compile(r"D+"), Line.DESCENDING),
    (re.compile(r"U+D+"), Line.COLLATERAL),
)


@dataclass(frozen=True, slots=True)
class Chain:
    """A way as letters. `people[i]` stands after the i-th letter (`people[0]` is the start), None where nobody known
    stands; `flavours`: the sorts of parentage in it; `married`: whether all its partners are married."""

    letters: str
    people: tuple[int | None, ...]
    flavours: frozenset[str]
    married: bool
    way: Way

    @staticmethod
    def of(way: Way) -> Chain:
        """The chain of a way."""
        letters, flavours, married = "", set[str](), True
        people: list[int | None] = [way.start]
        for person, name in zip(way.people, way.names, strict=True):
            side, _, sort = name.partition("_")
            if name in CARE_NAMES:
                letters += "G"
            elif side == "partner":
                letters += "S"
                married &= sort == "marriage"
            elif sort == "step":
                letters += "US" if side == "parent" else "SD"
                people.append(None)
            else:
                letters += "U" if side == "parent" else "D"
                flavours.add(sort)
            people.append(person)
        return Chain(letters, tuple(people), frozenset(flavours), married, way)

    @property
    def kind(self) -> Kind:
        """What ties the two ends."""
        if "G" in self.letters:
            return Kind.GUARDIANSHIP
        if "DU" in self.letters:
            return Kind.CO_PARENT
        if self.letters == "S":
            return Kind.PARTNER
        if "S" in self.letters:
            return Kind.STEP if _STEP.fullmatch(self.letters) else Kind.IN_LAW
        return next((Kind(sort) for sort in ("foster", "adoptive") if sort in self.flavours), Kind.BLOOD)

    @property
    def civil_degree(self) -> int | None:
        """Degree by the civil-law count: the births between the two, up to the common ancestor and down again.

        Of relatives by blood and adoption (German Civil Code, section 1589; French Civil Code, articles 741 to 743),
        and of the spouse's relatives or a relative's spouse as that relative's own (German Civil Code, section 1590).
        None for whom the law counts none: spouses, foster kin, ties over two marriages or over a cohabitation.
        """
        births = self._births()
        counted = births and self.married and "foster" not in self.flavours
        return len(births) if births is not None and counted else None

    @property
    def line(self) -> Line | None:
        """In which line the far one stands; None where there is none."""
        births = self._births()
        return next((line for shape, line in _LINES if births and shape.fullmatch(births)), None)

    def _births(self) -> str | None:
        """The letters of descent of a way that is descent alone, or descent and one marriage at its end."""
        if _BLOOD.fullmatch(self.letters):
            return self.letters
        over = _AFFINITY.fullmatch(self.letters)
        return None if over is None else over[1] if over[1] is not None else over[2]

    @property
    def side_parent(self) -> int | None:
        """The parent over whom the way goes up and on: whose side it is. None where it does not."""
        return self.people[1] if len(self.letters) > 1 and self.letters[0] == "U" and self.kind in _SIDED else None


_SIDED = frozenset({Kind.BLOOD, Kind.ADOPTIVE, Kind.FOSTER})
