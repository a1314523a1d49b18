"""Naming kin: of the shortest ways the nearest in kind, its term in a language, and what that term tells of whom.

A language has several forms of most terms: which one fits may depend on the sex of either end or of somebody on the
way, and on who was born first. The form that needs most of what may be read is taken; what may not be read does not
exist, and the form without it is used.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from resolvers.kin.chain import RANK, Chain, Kind
from resolvers.kin.concepts import Concept, concept_of
from resolvers.kin.ties import Ties, Way, Ways
from resolvers.kin.traits import NOTHING, Known, Told, Trait, elder

Forms = Mapping[str, str]
"""Form of a term → text. `any` needs nothing; the others are conditions joined by hyphens."""

ANY = "any"
CONDITIONS = frozenset(
    {"male", "female", "of_man", "of_woman", "by_man", "by_woman", "over_man", "over_woman", "elder", "younger"}
)
"""male, female: the far one. of_: the one whose kin they are. by_, over_: somebody on the way. elder, younger: of two
people whom the term names (`Concept.elder`)."""


class Side(StrEnum):
    """Over which parent a way goes up."""

    MATERNAL = "maternal"
    PATERNAL = "paternal"


@dataclass(frozen=True, slots=True)
class Kinship:
    """What somebody is to the start: the shortest ways of the nearest kind, all of one shape."""

    chains: tuple[Chain, ...]
    full: bool | None

    @property
    def chain(self) -> Chain:
        """The first of them, which stands for all."""
        return self.chains[0]

    @property
    def kind(self) -> Kind:
        """Of what kind they are kin."""
        return self.chain.kind

    def side(self, known: Known) -> tuple[Side | None, tuple[Told, ...]]:
        """Whose side it is, and what that tells; None of both sides, and where sex may not be read."""
        parents = {chain.side_parent for chain in self.chains}
        parent = next(iter(parents)) if len(parents) == 1 else None
        sex = known.get(parent, NOTHING).sex if parent is not None else None
        if parent is None or sex not in ("F", "M"):
            return None, ()
        return (Side.MATERNAL if sex == "F" else Side.PATERNAL), (Told(parent, Trait.SEX),)

    def term(self, texts: Mapping[str, Forms], known: Known) -> tuple[str, tuple[Told, ...]]:
        """The term in the language of `texts`, and what it tells of whom."""
        concept = concept_of(self.chain, self.full)
        holds = _conditions(concept, self.chains, known)
        forms = texts[concept.key]
        fitting = [form for form in forms if form == ANY or holds.keys() >= set(form.split("-"))]
        form = max(fitting, key=lambda name: 0 if name == ANY else len(name.split("-")))
        told = [one for condition in form.split("-") if condition != ANY for one in holds[condition]]
        return forms[form], tuple(dict.fromkeys(told))


def kinship(way: Way) -> Kinship:
    """What the end of one way is to its start, by that way alone."""
    return Kinship((Chain.of(way),), None)


@dataclass(frozen=True, slots=True)
class Relatives:
    """Everyone around one start, as a walk met them. `kin`: ways over kinship alone; `any`: over ties of law too."""

    start: int
    ties: Ties
    kin: Ways
    any: Ways

    @staticmethod
    def around(start: int, ties: Ties, depth: int) -> Relatives:
        """Everyone within `depth` links of a start."""
        return Relatives(start, ties, ties.ways(start, depth, care=False), ties.ways(start, depth, care=True))

    def of(self, person: int) -> Kinship | None:
        """What somebody is to the start: kin, if there is a way of kinship at all within the walk, however much shorter
        a tie of law may be. None for whom the walk did not reach."""
        ways = self.kin.to(person) or self.any.to(person)
        if not ways:
            return None
        chains = [Chain.of(way) for way in ways]
        first = min(chains, key=lambda chain: (RANK[chain.kind], chain.letters))
        alike = [c for c in chains if c.letters == first.letters and c.kind is first.kind]
        full = self._full(person) if first.letters == "UD" and first.kind is Kind.BLOOD else None
        return Kinship(tuple(alike), full)

    def _full(self, sibling: int) -> bool | None:
        """Whether siblings share both birth parents; None unless two of each are known and one or both shared."""
        own, theirs = (self.ties.named(person, "parent_birth") for person in (self.start, sibling))
        shared = len(own & theirs)
        if shared >= 2:
            return True
        return False if shared == 1 and len(own) >= 2 and len(theirs) >= 2 else None


def _conditions(concept: Concept, chains: Sequence[Chain], known: Known) -> dict[str, tuple[Told, ...]]:
    """What holds of all the chains alike, and what each condition tells of whom."""
    found: dict[str, tuple[Told, ...]] = {}
    for place, names in ((-1, ("male", "female")), (0, ("of_man", "of_woman"))):
        _by_sex(found, chains, place, names, known)
    if concept.by is not None:
        _by_sex(found, chains, concept.by, ("by_man", "by_woman"), known)
    if concept.over is not None:
        _by_sex(found, chains, concept.over, ("over_man", "over_woman"), known)
    if concept.elder is not None:
        pairs = {(chain.people[concept.elder[0]], chain.people[concept.elder[1]]) for chain in chains}
        one, other = next(iter(pairs)) if len(pairs) == 1 else (None, None)
        if one is not None and other is not None:
            first = elder(known.get(one, NOTHING), known.get(other, NOTHING))
            if first is not None:
                tells = (Told(one, Trait.BIRTH_ORDER), Told(other, Trait.BIRTH_ORDER))
                found["elder" if first else "younger"] = tells
    return found


def _by_sex(
    found: dict[str, tuple[Told, ...]], chains: Sequence[Chain], place: int, names: tuple[str, str], known: Known
) -> None:
    people = {chain.people[place] for chain in chains}
    person = next(iter(people)) if len(people) == 1 else None
    sex = known.get(person, NOTHING).sex if person is not None else None
    if person is not None and sex in ("F", "M"):
        found[names[0] if sex == "M" else names[1]] = (Told(person, Trait.SEX),)
