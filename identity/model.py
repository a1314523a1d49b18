"""A model: the numbers that weigh, the thresholds that decide, and where they come from. One JSON file, one version.

The version is the name and the first digits of the content's SHA-256: what was decided under it can be told for good.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cached_property
from typing import Any

import msgspec

from domain.errors import Invalid
from identity.comparisons import DECISIVE, LEVELS, comparisons
from identity.describing import Described
from identity.weighing import Level, Scale, Weights

_DIGITS = 12


class LevelFigures(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What training found of one level."""

    label: str
    m: float
    u: float


class ComparisonFigures(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What training found of one comparison. `frequencies` hold only terms that many bear; `floor` is every other's."""

    name: str
    levels: tuple[LevelFigures, ...]
    frequencies: dict[str, float] = {}
    floor: float = 0.0


class Thresholds(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """In bits. From `match` on, and `margin` ahead of the next, somebody is matched without a human; below `review`
    nobody is asked about; between them a human is."""

    match: float
    review: float
    margin: float


class Figures(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The content of a model file. `prior`: the probability that two records at random are of one person. `trained`:
    on what, when, with what."""

    name: str
    prior: float
    thresholds: Thresholds
    comparisons: tuple[ComparisonFigures, ...]
    trained: dict[str, str | int | float]


class Model:
    """A model ready to weigh. Immutable, without I/O."""

    def __init__(self, figures: Figures) -> None:
        self.figures = figures
        self.thresholds = figures.thresholds
        self.scale: Scale[Described] = _scale(figures)

    @property
    def people(self) -> int:
        """How many people a claim's person may be one of, by the prior."""
        return round(1.0 / self.figures.prior)

    def weighing_for(self, people: int) -> Model:
        """The same model for a store that holds so many people (at least 2): another prior, another version."""
        return Model(msgspec.structs.replace(self.figures, prior=1.0 / people))

    @cached_property
    def version(self) -> str:
        """Name and digest of the content."""
        return f"{self.figures.name}-{hashlib.sha256(packed(self.figures)).hexdigest()[:_DIGITS]}"


def packed(figures: Figures) -> bytes:
    """A model file: canonical JSON, the same bytes for the same figures."""
    return msgspec.json.format(msgspec.json.encode(figures, order="deterministic"), indent=1) + b"\n"


def read_model(content: bytes) -> Model:
    """The model of a file. Raises Invalid if it is none, or lacks a comparison, a level or a number that can weigh."""
    try:
        figures = msgspec.json.decode(content, type=Figures)
    except msgspec.MsgspecError:
        raise _bad("not a model file") from None
    if not 0.0 < figures.prior < 1.0:
        raise _bad("prior")
    if {one.name: tuple(level.label for level in one.levels) for one in figures.comparisons} != LEVELS:
        raise _bad("comparisons")
    if any(not (0.0 < p <= 1.0) for one in figures.comparisons for level in one.levels for p in (level.m, level.u)):
        raise _bad("probabilities")
    if any(one.frequencies and not all(0.0 < p <= 1.0 for p in _shares(one)) for one in figures.comparisons):
        raise _bad("frequencies")
    return Model(figures)


def _shares(one: ComparisonFigures) -> list[float]:
    return [one.floor, *one.frequencies.values()]


def _bad(what: str) -> Invalid:
    return Invalid(field="model", fix="identity.model", cause=what)


def _scale(figures: Figures) -> Scale[Described]:
    given: Mapping[str, Any] = next((one.frequencies for one in figures.comparisons if one.name == "given_name"), {})
    weights = tuple(
        Weights(
            one.name,
            tuple(Level(level.label, level.m, level.u) for level in one.levels),
            one.frequencies,
            one.floor,
            one.name in DECISIVE,
        )
        for one in figures.comparisons
    )
    how = comparisons(frozenset(given))
    return Scale(figures.prior, weights, [how[one.name] for one in figures.comparisons])
