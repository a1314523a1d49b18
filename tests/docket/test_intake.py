"""The way in's record: each position counted once, outcomes that stand, rows held with their content."""

from __future__ import annotations

import pytest

from docket.dossiers import OutboxRow, Outcome
from docket.store import DocketStore
from domain.errors import Broken, Invalid
from tests.docket.making import HASHER, grade, row


async def test_a_position_is_counted_once_whatever_comes_again(docket: DocketStore) -> None:
    rows = [row(n) for n in range(5)] + [row(5, Outcome.REVIEW, reason="NO_ID", raw=b"{}")]
    await docket.intake(rows)
    await docket.intake(rows)
    await docket.intake([row(0, Outcome.QUARANTINED, reason="BAD_IIN"), *rows, *rows])
    assert await docket.counts() == {("population", Outcome.ACCEPTED): 5, ("population", Outcome.REVIEW): 1}


async def test_the_outcome_first_given_stands(docket: DocketStore) -> None:
    await docket.intake([row(0, Outcome.REVIEW, reason="NO_ID")])
    await docket.intake([row(0, Outcome.ACCEPTED)])
    asked = [row(0).position, row(1).position]
    assert await docket.standing(asked) == {row(0).position: Outcome.REVIEW}
    assert await docket.standing([]) == {}


async def test_a_digest_is_known_by_its_first_position(docket: DocketStore) -> None:
    await docket.intake([row(7), row(3, Outcome.DUPLICATE, content=7)])
    await docket.intake([row(1, Outcome.DUPLICATE, content=7)])
    assert await docket.seen([row(7).digest, row(8).digest]) == {row(7).digest: row(7).position}
    assert await docket.seen([]) == {}


async def test_many_are_asked_at_once(docket: DocketStore) -> None:
    rows = [row(n) for n in range(1203)]
    await docket.intake(rows)
    assert len(await docket.seen([each.digest for each in rows])) == 1203
    assert len(await docket.standing([each.position for each in rows] * 2)) == 1203


async def test_held_rows_come_with_reason_and_content_oldest_first(docket: DocketStore) -> None:
    await docket.intake([row(n, Outcome.QUARANTINED, reason=f"R{n}", raw=f"raw {n}".encode()) for n in (4, 2, 9)])
    await docket.intake([row(5, Outcome.REVIEW, reason="NO_ID", raw=b"held", protective=(grade("strict", 1),))])
    held = await docket.quarantined(2)
    assert [(each.source, each.outcome, each.reason) for each in held] == [
        ("population", Outcome.QUARANTINED, "R4"),
        ("population", Outcome.QUARANTINED, "R2"),
    ]
    assert [docket.opener.raw(each) for each in held] == [b"raw 4", b"raw 2"]
    (review,) = await docket.reviews(10)
    assert (review.reason, review.restricted, docket.opener.raw(review)) == ("NO_ID", True, b"held")


async def test_content_that_may_hold_protective_matter_is_under_the_compartments_own_key(docket: DocketStore) -> None:
    await docket.intake([row(0, Outcome.QUARANTINED, source="police", raw=b"told", restricted=True)])
    (held,) = await docket.quarantined(1)
    opener = docket.opener
    assert held.sealed is not None
    with pytest.raises(Broken):
        opener._unsealer.unseal_compartment("docket", held.sealed, b"raw" + held.position)
    assert opener._unsealer.unseal_compartment("protective", held.sealed, b"raw" + held.position) == b"told"


async def test_a_document_that_cannot_be_read_stores_nothing_of_its_batch(docket: DocketStore) -> None:
    with pytest.raises(Invalid) as told:
        await docket.intake([row(0), row(1, document={"type": "case", "case": "CASE-1"})])
    assert told.value.field == "document"
    assert await docket.counts() == {}


async def test_the_outbox_keeps_order_and_forgets_nothing_before_it_is_settled(docket: DocketStore) -> None:
    entries = [OutboxRow(HASHER.label("entry", str(n)), f"sealed {n}".encode()) for n in range(4)]
    await docket.intake([row(0)], entries[:3])
    await docket.intake([row(0)], entries)
    assert await docket.pending(10) == tuple(entries)
    assert await docket.pending(2) == tuple(entries[:2])
    await docket.settle([entries[1].entry, b"unknown"])
    await docket.settle([entries[1].entry])
    await docket.settle([])
    await docket.intake([row(0)], entries)
    assert await docket.pending(10) == (entries[0], entries[2], entries[3])
