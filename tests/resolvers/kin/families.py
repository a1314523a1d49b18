"""Random families, and an oracle of walks over them: plain recursion over links, with the hidden removed beforehand."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from hypothesis import strategies as st

from domain.links import PARENTS, LinkKind
from tests.worlds.planted import Born, Tie

MOST = 11


@dataclass(frozen=True)
class Family:
    """People, ties, and who is graded: hidden, as are those whose parent or guardian is."""

    people: tuple[Born, ...]
    ties: tuple[Tie, ...]
    graded: frozenset[int]

    @property
    def hidden(self) -> frozenset[int]:
        """Whom an officer may not know who is on a case of the first member, and is not cleared."""
        above = {tie.one for tie in self.ties if tie.kind not in _PARTNERS and tie.other in self.graded}
        return (self.graded | above) - {0}


_PARTNERS = frozenset(kind for kind in LinkKind if kind.value.startswith("partner"))
_KINDS = [*LinkKind, *[LinkKind.PARENT_BIRTH] * 8, *[LinkKind.PARTNER_MARRIAGE] * 3]


@st.composite
def families(draw: st.DrawFn) -> Family:
    """Up to MOST people and any links between them: good data, bad data, cycles, two sets of parents.

    Drawn from a seed, for lists drawn one by one come out too thin to hold several ways or long ones.
    """
    dice = Random(draw(st.integers(0, 2**48)))  # spread evenly; the family is printed if it fails
    count = draw(st.integers(3, MOST))
    people = [Born(dice.choice(["F", "M", None]), dice.choice(_DAYS)) for _ in range(count)]
    seen: dict[tuple[int, int, LinkKind], Tie] = {}
    for _ in range(dice.randint(count - 1, 2 * count - 2)):
        kind = dice.choice(_KINDS)
        one, other = dice.sample(range(count), 2)
        if kind in _PARTNERS and one > other:
            one, other = other, one
        seen[one, other, kind] = Tie(one, other, kind, dice.choice([None, None, None, "2020-01-01"]))
    graded = frozenset(dice.sample(range(1, count), dice.choice([0, 0, 1, 1, 2])))
    return Family(tuple(people), tuple(seen.values()), graded)


_DAYS = ("1950-05-05", "1980-01-01", "1980-01-02", "2001-09-09", None)


def neighbours(family: Family, person: int, hidden: frozenset[int] | None = None) -> set[int]:
    """Everyone one link away who is not hidden. Parentage lasts; what ended is no link."""
    found = set()
    for tie in family.ties:
        if tie.until is not None and tie.kind not in PARENTS:
            continue
        if person in (tie.one, tie.other):
            found.add(tie.other if person == tie.one else tie.one)
    return found - (family.hidden if hidden is None else hidden) - {person}


def all_ways(
    family: Family, start: int, depth: int, hidden: frozenset[int] | None = None
) -> dict[int, set[tuple[int, ...]]]:
    """Goal → all shortest ways to it of at most `depth` links, as the people after the start; by trying every way.

    `hidden`: who is, if not those who are by the family's own links.
    """
    best: dict[int, set[tuple[int, ...]]] = {}

    def go(way: tuple[int, ...]) -> None:
        person = way[-1] if way else start
        if way:
            known = best.get(person, set())
            length = min((len(w) for w in known), default=depth + 1)
            if len(way) < length:
                best[person] = {way}
            elif len(way) == length:
                known.add(way)
            else:
                return
        if len(way) < depth:
            for other in sorted(neighbours(family, person, hidden)):
                if other not in way and other != start:
                    go((*way, other))

    go(())
    return best
