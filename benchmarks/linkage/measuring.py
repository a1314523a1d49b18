"""Both linkage measures, as sections of the report: FEBRL against Splink, and the synthetic country's claims."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.linkage import ours, splink_baseline
from benchmarks.linkage.febrl import Febrl, febrl3, febrl4
from benchmarks.report import Section
from tests.linkage.pulled import Linked, linked

SEEDS = (7101, 7102, 7103)
PEOPLE = 2000

_Score = tuple[float, float, float]


def febrl_scores(data: Febrl) -> dict[str, _Score]:
    """Precision, recall and F1 of ours at a half, of Splink at a half, and of Splink at its best threshold."""
    theirs = splink_baseline.predict(data)
    return {
        "ours, from a half on": splink_baseline.at_threshold(data, ours.found(data)),
        "ours by the fields that Splink's settings compare": splink_baseline.at_threshold(
            data, ours.found(data, ours.SPLINKS)
        ),
        "Splink's published settings, from a half on": splink_baseline.at_threshold(data, theirs),
        "Splink's, at the threshold that the truth says is best": splink_baseline.at_best(data, theirs),
    }


def febrl_section() -> Section:
    """FEBRL 3 and 4 without the national number."""
    rows = []
    for data in (febrl3(), febrl4()):
        for who, score in febrl_scores(data).items():
            rows.append((f"{data.name}: {who}", *(f"{one:.4f}" for one in score)))
    text = (
        "Pairs of records of one person, national numbers left out (FEBRL 3: 5,000 records in one file; FEBRL 4: two "
        "files of 5,000). Splink's settings are those of its documentation, committed before ours were made. Ours "
        "look at suburb, streets and state too. Neither is shown the truth."
    )
    return Section("Linkage: FEBRL", text, ("", "precision", "recall", "F1"), tuple(rows))


async def country_section(folder: Path) -> Section:
    """Claims without national ids through the real way in, at seeds that nothing was trained on."""
    found = Linked()
    for seed in SEEDS:
        with pytest.MonkeyPatch.context() as patched:
            found += await linked(folder / str(seed), PEOPLE, seed, patched)
    rows = (
        ("matched without a human: precision (at least 0.999)", f"{found.precision:.4f}"),
        ("matched without a human: recall (at least 0.97)", f"{found.recall:.4f}"),
        ("recall of exact names and birth date, normalised (at most 0.80)", f"{found.exact_recall:.4f}"),
        ("claims with one corruption (at least 0.15)", f"{found.errors[1] / found.claims:.3f}"),
        ("claims with two (at least 0.03)", f"{found.errors[2] / found.claims:.3f}"),
        ("about people of the register: matched rightly", f"{found.right:,} of {found.known:,}"),
        ("… matched with somebody else", _part(found.mistaken, found.known)),
        ("… held for a human", _part(found.asked, found.known)),
        ("… taken for somebody new, nobody asked (at most 0.001)", _part(found.unasked, found.known)),
        ("about others: taken for somebody new", f"{found.new:,} of {found.others:,}"),
        ("… matched with somebody", _part(found.wrong - found.mistaken, found.others)),
        ("… held for a human", _part(found.bothered, found.others)),
    )
    text = (
        f"{found.claims:,} claims of a clinic, {found.known:,} of them about people of the register, the rest about "
        f"others; {len(SEEDS)} countries of {PEOPLE:,}, twins and namesakes among them, pulled through the real "
        "way in, keyed blocking included."
    )
    return Section("Linkage: claims without a national id", text, ("", "figure"), rows)


def _part(count: int, of: int) -> str:
    return f"{count} ({count / of:.4f})"
