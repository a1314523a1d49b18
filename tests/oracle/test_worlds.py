"""Whole countries pulled over HTTP: graph and docket equal the Oracle, mistakes included, before and after events."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.oracle.authority import written
from tests.oracle.clauses import AS_WRITTEN
from tests.oracle.comparing import differences, expect, expect_given
from tests.oracle.deciding import decide
from tests.oracle.disagreement import disagreement
from tests.oracle.dumps import dump
from tests.oracle.rounds import Rounds
from tests.oracle.seen import look
from tests.worlds.country import Country, country
from tests.worlds.hub import hub

PEOPLE = 600
AUTHORITY = written()
WORLDS = [
    pytest.param(11, "1", {"check_digit": False}, id="seed-11"),
    pytest.param(5, "1", {"newest_version": False}, id="seed-5"),
    pytest.param(11, "3", {"tolerance": 0}, id="seed-11-thrice"),
]


@pytest.mark.parametrize(("seed", "rate", "broken"), WORLDS)
async def test_the_graph_is_what_the_rules_make_of_the_rows(
    seed: int,
    rate: str,
    broken: dict[str, Any],
    tmp_path: Path,
    record_property: Callable[[str, object], None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Pulled, changed by events, pulled again: equal. Pulled once more: the stores are the same, byte for byte.

    Control: the Oracle with a clause broken disagrees with this graph; how far the rules are from the truth is told.
    """
    with country(tmp_path / "country", people=PEOPLE, seed=seed, options=("--error-rate", rate)) as land:
        rounds = Rounds(land)
        async with hub(land, tmp_path / "hub") as made:
            first = rounds.pulled()
            await made.pull()
            _play(land, first)
            later = rounds.pulled()
            assert {line["agency"] for line in later} >= {"population", "civil", "tax", "health"}
            await made.pull()
            expected = expect(rounds.rows, rounds.signed, AUTHORITY)
            seen = await look(made, expected.names())
            assert differences(expected, seen, made.parts.ring.hasher.row) == []
            before = dump(made.folder)
            again = await made.pull()
            assert sum(summary.rows for summary in again.values()) == 0
            assert dump(made.folder) == before
            for clause, value in broken.items():
                wrong = expect(rounds.rows, rounds.signed, AUTHORITY, replace(AS_WRITTEN, **{clause: value}))
                assert differences(wrong, seen, made.parts.ring.hasher.row), f"nothing hangs on {clause}"
    figures = disagreement(expected.decided, rounds.lines)
    trusting = decide(rounds.rows, rounds.signed, replace(AS_WRITTEN, agreement=False))
    worse = disagreement(trusting, rounds.lines)["keys wrongly matched"]
    assert worse > figures["keys wrongly matched"], "the figure counts nothing"
    for name, figure in figures.items():
        record_property(name, figure)
    with capsys.disabled():
        told = ", ".join(f"{name} {figure}" for name, figure in figures.items())
        sys.stdout.write(f"\n  seed {seed}, errors ×{rate}: {told}\n")


async def test_agencies_pulled_at_once_lose_nothing(tmp_path: Path) -> None:
    """Who came first is chance; given that, each row is counted once, no claim is lost and every fold is whole."""
    with country(tmp_path / "country", people=PEOPLE, seed=7) as land:
        rounds = Rounds(land)
        rounds.pulled()
        rows = [(agency, row) for agency, row in rounds.rows if agency in ("population", "civil", "tax")]
        async with hub(land, tmp_path / "hub") as made:
            await made.pull("population")
            summaries = await asyncio.gather(made.pull("civil"), made.pull("tax"))
            assert sum(one.refolded for summary in summaries for one in summary.values()), "they never met"
            seen = await look(made, expect(rows, rounds.signed, AUTHORITY).names())
            expected = expect_given(rows, rounds.signed, AUTHORITY, seen)
            assert differences(expected, seen, made.parts.ring.hasher.row) == []
            before = dump(made.folder)
            await asyncio.gather(*(made.pull(name) for name in ("population", "civil", "tax")))
            assert dump(made.folder) == before


def _play(land: Country, lines: list[dict[str, Any]]) -> None:
    """A move, a separation, a report, a late grade, a death heard of late; some mistakes of every agency put right."""
    family, people = land.sample["family"], land.sample["people"]
    whole = [family["head"], family["spouse"], *family["children"]]
    land.play("move", recordIds=[one["recordId"] for one in whole], region="KZ-10", household="existing")
    children = [child["recordId"] for child in family["children"][:1]]
    land.play("separation", recordId=family["spouse"]["recordId"], children=children)
    land.play("report", reporter=family["spouse"]["recordId"], alleged=family["head"]["recordId"])
    land.play("grade", recordId=family["spouse"]["recordId"], grade="strict")
    land.play("grade", recordId=people["other_region"]["recordId"], grade="confidential")
    land.play("correction", recordId=people["own_region"]["recordId"], set={"deathDate": "2026-11-20"})
    land.play("correction", recordId=people["other_region"]["recordId"], set={"iin": people["nobody"]["iin"]})
    for agency, number in (("population", "recordId"), ("civil", "act_no"), ("tax", "id"), ("health", "id")):
        wrong = [line["row"][number] for line in lines if line["agency"] == agency and line["errors"]]
        for record in list(dict.fromkeys(wrong))[:4]:
            land.play("correction", recordId=record)
