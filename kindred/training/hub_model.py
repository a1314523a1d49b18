"""The hub's own model: which records to link, on what to block while training, and the file that comes out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from importlib.metadata import version

from identity.comparisons import (
    BIRTH_DATE,
    DECISIVE,
    GIVEN_NAME,
    LEVELS,
    PATRONYMIC,
    PLACE,
    SEX,
    SURNAME,
    comparisons,
)
from identity.describing import Described
from identity.model import ComparisonFigures, Figures, LevelFigures, Thresholds
from identity.weighing import Weights
from kindred.training.splink_training import Task, Trained, train
from kindred.training.statements import Lists

THRESHOLDS = Thresholds(match=7.0, review=-4.0, margin=6.0)
FEWEST = 20
"""A name stands in a model only if so many bear it: rarer ones would tell of people."""
RECALL = 0.6
"""About how many true pairs agree in names and birth date: from it Splink works out how many pairs there are."""


def task(lists: Lists, pairs: int = 1_000_000, seed: int = 1, fewest: int = FEWEST) -> Task[Described]:
    """The task of linking claims with the known."""
    return Task(
        (lists.known, lists.claims),
        comparisons(_common(lists, fewest)),
        LEVELS,
        _COLUMNS,
        _USES,
        (("day", "father"), ("day", "given"), ("day", "family"), ("family", "given", "father")),
        ("family", "given", "day"),
        RECALL,
        {SURNAME: lambda one: one.surname or None, GIVEN_NAME: lambda one: one.given_name or None},
        fewest,
        DECISIVE,
        pairs,
        seed,
    )


def model_of(
    lists: Lists, name: str, people: int, today: date, pairs: int = 1_000_000, seed: int = 1, source: str = ""
) -> Figures:
    """Train a model for a hub that is to know `people`: the prior is that a claim's person is any one of them."""
    trained = train(task(lists, pairs, seed))
    return figures(trained, name, people, {
        "on": source, "known": len(lists.known), "claims": len(lists.claims), "pairs_for_u": pairs, "seed": seed,
        "date": today.isoformat(), "splink": version("splink"), "duckdb": version("duckdb"), "for_people": people,
        "prior_found": trained.prior,
    })  # fmt: skip


def figures(trained: Trained, name: str, people: int, told: dict[str, str | int | float]) -> Figures:
    """The content of a model file."""
    return Figures(name, 1.0 / people, THRESHOLDS, tuple(_figures(one) for one in trained.weights), told)


def _figures(one: Weights) -> ComparisonFigures:
    levels = tuple(LevelFigures(level.label, _short(level.m), _short(level.u)) for level in one.levels)
    return ComparisonFigures(one.name, levels, dict(one.frequencies), _short(one.floor))


def _short(value: float) -> float:
    return float(f"{value:.8g}")


def _common(lists: Lists, fewest: int) -> frozenset[str]:
    counts: dict[str, int] = {}
    for one in (*lists.known, *lists.claims):
        if one.given_name:
            counts[one.given_name] = counts.get(one.given_name, 0) + 1
    return frozenset(name for name, count in counts.items() if count >= fewest)


_COLUMNS: dict[str, Callable[[Described], str | None]] = {
    "day": lambda one: one.birth_date or None,
    "family": lambda one: one.surname or None,
    "given": lambda one: one.given_name or None,
    "father": lambda one: one.father or None,
}
_USES: dict[str, tuple[str, ...]] = {
    SURNAME: ("family",),
    GIVEN_NAME: ("given",),
    PATRONYMIC: ("father",),
    BIRTH_DATE: ("day",),
    SEX: (),
    PLACE: (),
}
