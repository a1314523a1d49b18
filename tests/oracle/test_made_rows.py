"""Rows made up so densely that every clause of the rules decides something: the graph equals the Oracle here too."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, cast

import pytest

from tests.oracle.authority import written
from tests.oracle.clauses import AS_WRITTEN, Clauses
from tests.oracle.comparing import Expected, differences, expect, highest
from tests.oracle.listed import Lists, Row, listed
from tests.oracle.made import Made
from tests.oracle.seen import look

AUTHORITY = written()
SEEDS = range(4)
ROUNDS, ROWS = 24, 12
PAGE = 7
"""Pages are smaller than rounds and no divisor of them, so that what a row sees lies on both sides of a page's end."""


@pytest.mark.parametrize("seed", SEEDS)
async def test_the_graph_is_what_the_rules_make_of_the_rows(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Agencies in any order, again and again, page by page."""
    lists = Lists(PAGE)
    async with listed(lists, tmp_path, monkeypatch) as made:
        for agency, rows in Made(seed).rounds(ROUNDS, ROWS):
            await lists.pull(made, agency, rows)
        expected = expect(lists.taken, _signed, AUTHORITY, pages=lists.pages)
        seen = await look(made, expected.names())
        assert differences(expected, seen, made.parts.ring.hasher.row) == []
    assert {outcome for _, outcome, _ in expected.outcomes()} == {"accepted", "duplicate", "quarantined", "review"}


@pytest.mark.parametrize("clause", [one.name for one in fields(Clauses)])
def test_each_clause_decides_something_in_these_rows(clause: str) -> None:
    """Control: with any one clause broken the Oracle says something else of the same rows."""
    broken = replace(AS_WRITTEN, **cast("dict[str, Any]", {clause: 0 if clause == "tolerance" else False}))
    for seed in SEEDS:
        rows = _rows(seed)
        right, wrong = (expect(rows, _signed, AUTHORITY, clauses) for clauses in (AS_WRITTEN, broken))
        if _all(right) != _all(wrong):
            return
    pytest.fail("nothing hangs on it")


def test_every_reason_and_outcome_is_met() -> None:
    """So that no part of the rule is compared only with its absence."""
    met = Counter(reason for seed in SEEDS for _, _, reason in expect(_rows(seed), _signed, AUTHORITY).outcomes())
    assert met.keys() >= {"BAD_DATE", "BAD_IIN", "NO_ID", "ID_CONFLICT", None}


def _all(expected: Expected) -> tuple[Any, ...]:
    matters = frozenset(highest(expected.decided.matters))
    return expected.outcomes(), expected.clusters, expected.folded, matters


def _rows(seed: int) -> list[tuple[str, Row]]:
    return [(agency, row) for agency, rows in Made(seed).rounds(ROUNDS, ROWS) for row in rows]


def _signed(row: Row) -> bool:
    return False
