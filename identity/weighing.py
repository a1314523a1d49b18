"""Weights of a match, after Fellegi and Sunter (1969): pure arithmetic on the levels that comparisons reached.

A level's weight is log2(m / u): how much likelier it is for two statements about one person than for two about two
people. Where a comparison keeps frequencies of terms, agreement on a common name weighs less than on a rare one, as
Splink has it: u is replaced by the greater of both terms' frequencies.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import exp2, log2
from typing import Generic, Protocol, TypeVar

from domain.matching import Comparison

NOT_STATED = -1
"""The level of a comparison to which one side says nothing: it weighs nothing."""

R = TypeVar("R")
R_contra = TypeVar("R_contra", contravariant=True)


@dataclass(frozen=True, slots=True)
class Level:
    """One level: `m` is its share among pairs of one person, `u` among pairs of two."""

    label: str
    m: float
    u: float

    @property
    def weight(self) -> float:
        """log2(m / u), bits."""
        return log2(self.m / self.u)


@dataclass(frozen=True, slots=True)
class Weights:
    """One comparison of a model: levels from best to worst; the last is plain disagreement.

    `frequencies`: term → its share among all people, for level 0; a term that is missing has the share `floor`.
    `decisive`: plain disagreement here rules an automatic match out, whatever else agrees.
    """

    name: str
    levels: tuple[Level, ...]
    frequencies: Mapping[str, float] = field(default_factory=dict)
    floor: float = 0.0
    decisive: bool = False

    def frequency(self, terms: tuple[str, str]) -> float:
        """The greater of both terms' shares."""
        return max(self.frequencies.get(term, self.floor) for term in terms)


class Compare(Protocol[R_contra]):
    """How one comparison looks at two records."""

    def level(self, one: R_contra, other: R_contra) -> int:
        """The level reached, or NOT_STATED. Symmetric."""
        ...

    def terms(self, one: R_contra, other: R_contra) -> tuple[str, str] | None:
        """The terms whose frequency counts at level 0; None where the comparison keeps none."""
        ...


@dataclass(frozen=True, slots=True)
class Weighed:
    """A pair weighed: `weight` the prior's and all comparisons' bits together. `contradicted`: a decisive comparison
    is in plain disagreement."""

    weight: float
    comparisons: tuple[Comparison, ...]
    contradicted: bool

    @property
    def probability(self) -> float:
        """What the weight says of the pair being one person."""
        return 1.0 / (1.0 + exp2(-self.weight))


@dataclass(frozen=True, slots=True)
class Scale(Generic[R]):
    """Weighs pairs of records. `prior`: the probability that two records at random are of one person."""

    prior: float
    weights: tuple[Weights, ...]
    compare: Sequence[Compare[R]]

    def weigh(self, one: R, other: R) -> Weighed:
        """The pair's weight, comparison by comparison. Symmetric."""
        total = log2(self.prior / (1.0 - self.prior))
        comparisons = []
        contradicted = False
        for weights, compare in zip(self.weights, self.compare, strict=True):
            level = compare.level(one, other)
            label, weight = _told(weights, compare, level, one, other)
            total += weight
            contradicted |= weights.decisive and level == len(weights.levels) - 1
            comparisons.append(Comparison(weights.name, label, weight))
        return Weighed(total, tuple(comparisons), contradicted)


def _told(weights: Weights, compare: Compare[R], level: int, one: R, other: R) -> tuple[str, float]:
    if level == NOT_STATED:
        return "not stated", 0.0
    reached = weights.levels[level]
    weight = reached.weight
    if level == 0 and weights.frequencies:
        terms = compare.terms(one, other)
        if terms is not None:
            weight += log2(reached.u / weights.frequency(terms))
    return reached.label, weight
