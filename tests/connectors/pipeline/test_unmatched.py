"""Reports that protect nobody yet are told apart by their count; each row is counted once all the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from connectors.agencies.police import AGENCY
from connectors.parts import shipped_model
from connectors.pipeline.candidates import Known
from connectors.pipeline.deciding import Deciding
from connectors.pipeline.entries import outcomes, unmatched
from connectors.pipeline.validate import validate
from connectors.pipeline.weighing import Weighing
from connectors.protocols.page import Page
from connectors.protocols.signed import Keys
from docket.dossiers import Outcome
from tests.connectors.rows import iin
from tests.vault.rings import ring

SAMPLE = Path(__file__).parents[1] / "agencies" / "police" / "report.json"


def report(number: int, reporter: str | None, alleged: str | None, other: str | None = None) -> dict[str, Any]:
    row: dict[str, Any] = json.loads(SAMPLE.read_text("utf-8"))["row"]
    row["recordId"] = f"DV-{number}"
    row["reporter"]["iin"], row["alleged"]["iin"] = reporter, alleged
    row["others"] = [row["alleged"] | {"personNo": "PO-9", "iin": other}]
    return row


async def test_a_report_that_names_a_side_without_an_id_is_counted_once() -> None:
    """Others than the two sides are not kept from anybody, so their ids are not missed."""
    rows = (
        report(1, iin(1), iin(2)),
        report(2, None, iin(2)),
        report(3, iin(1), None),
        report(4, None, None),
        report(5, iin(1), iin(2), iin(3)),
        report(4, None, None),  # byte for byte what came before
        report(6, None, "123456789012"),
    )
    checked = await validate(AGENCY, Page(rows, "", "1"), ring().hasher, Keys(None).document)
    verdict = await Deciding(Known(), ring().hasher.founding, Weighing(shipped_model())).judge(AGENCY, checked, {}, {})
    assert unmatched(verdict) == 2, "the alleged can be weighed: whoever is found or not, it is not counted"
    counted = {outcome: count for outcome, count in outcomes(verdict).items() if count}
    assert counted == {Outcome.PROTECTIVE: 5, Outcome.DUPLICATE: 1, Outcome.QUARANTINED: 1}
