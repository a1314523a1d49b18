"""What hubs of other sizes match and mistake: compounds and weights alone, without stores, so that many people fit.

Each country is weighed twice: for as many people as the shipped model was trained for, and for as many as there are.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.report import Section
from connectors.parts import shipped_model
from identity.blocking import compounds, sought
from identity.describing import Described
from identity.model import Model
from identity.weighing import Weighed
from kindred.training.statements import read_statements
from simulator.linkage.writing import write

SEEDS = {2_000: tuple(range(7201, 7211)), 60_000: (7301,)}
"""How many people live in a country → the countries: small ones several times, or there is nothing to count."""
_TODAY = date(2026, 11, 22)


def sizes_section(folder: Path) -> Section:
    """Outcomes by size of the register and by how many people the model weighs for."""
    rows = []
    for living, seeds in SEEDS.items():
        model, found, people = shipped_model(), defaultdict[int, Counter[str]](Counter), 0
        for seed in seeds:
            pairs, there = _pairs(folder / f"size-{living}-{seed}", living, seed, model)
            people += there // len(seeds)
            for weighed_for in (model.people, there):
                own = weighed_for if weighed_for == model.people else 0
                _count(found[own], pairs, model.weighing_for(weighed_for), model)
        for own, counts in found.items():
            rows.append(_row(people, own or people, counts))
    text = (
        "Compounds and weights alone, over register rows and claims as above, at seeds that nothing was trained on: "
        f"{len(SEEDS[2_000])} countries of 2,000 living people and one of 60,000. The model as shipped weighs for "
        "20,000; `KINDRED_IDENTITY_PEOPLE` tells how many there are."
    )
    columns = ("register", "weighed for", "precision", "recall", "wrong", "new unasked", "held", "others held")
    return Section("Linkage by size of the hub", text, columns, tuple(rows))


def _row(people: int, weighed_for: int, counts: Counter[str]) -> tuple[str, ...]:
    known, others = counts["known"], counts["others"]
    return (
        f"{people:,}", f"{weighed_for:,}", f"{counts['right'] / (counts['right'] + counts['wrong']):.4f}",
        f"{counts['right'] / known:.4f}", f"{counts['wrong']} of {known + others:,}",
        f"{counts['unasked'] / known:.5f}", f"{counts['asked'] / known:.4f}", f"{counts['bothered'] / others:.4f}",
    )  # fmt: skip


Pair = tuple[str | None, list[tuple[str, Weighed]]]
"""A claim: whose it is in the register (None: nobody's), and whom it was compared with, best first."""


def _pairs(folder: Path, people: int, seed: int, model: Model) -> tuple[list[Pair], int]:
    write(folder, people, seed, _TODAY)
    lists = read_statements([folder / "statements.ndjson"])
    ids = [row["recordId"] for row in _lines(folder / "register.ndjson")]
    known = dict(zip(ids, lists.known, strict=True))
    sharing = defaultdict[str, list[str]](list)
    for record, one in known.items():
        for compound in compounds([one]):
            sharing[compound].append(record)
    truth = [true["register"] for true in _lines(folder / "truth.ndjson")]
    pairs: list[Pair] = []
    for claim, true in zip(lists.claims, truth, strict=True):
        near = {record for compound in sought(claim) for record in sharing.get(compound, ())}
        pairs.append((true if true in known else None, _ranked(claim, [(one, known[one]) for one in near], model)))
    return pairs, len(known)


def _ranked(claim: Described, near: Sequence[tuple[str, Described]], model: Model) -> list[tuple[str, Weighed]]:
    weighed = [(record, model.scale.weigh(claim, one)) for record, one in near]
    return sorted(weighed, key=lambda one: (-one[1].weight, one[0]))


def _count(counts: Counter[str], pairs: Sequence[Pair], model: Model, by: Model) -> None:
    """Rule 4's decision, with the prior of `model`, on pairs that were weighed with that of `by`."""
    nothing = Described()
    shift = model.scale.weigh(nothing, nothing).weight - by.scale.weigh(nothing, nothing).weight
    limits = model.thresholds
    for true, ranked in pairs:
        counts["known" if true is not None else "others"] += 1
        plausible = [
            (one, replace(w, weight=w.weight + shift)) for one, w in ranked if w.weight + shift >= limits.review
        ]
        if not plausible:
            counts["unasked" if true is not None else "new"] += 1
            continue
        (who, best), ahead = plausible[0], len(ranked) < 2 or ranked[0][1].weight - ranked[1][1].weight >= limits.margin
        if best.weight >= limits.match and ahead and not best.contradicted:
            counts["right" if who == true else "wrong"] += 1
        else:
            counts["asked" if true is not None else "bothered"] += 1


def _lines(path: Path) -> Iterator[Any]:
    with path.open("rb") as file:
        yield from map(json.loads, file)
