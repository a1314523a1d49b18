"""An alteration that is cancelled between docket and ledger: its entry is in the ledger before the next one happens."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from docket.dossiers import OutboxRow
from domain.entries import Act, Entry
from domain.errors import Unavailable
from domain.packing import packed
from domain.records.payload import outbox_label
from tests.faults.ledgers import Standing
from tests.policy.ledger.making import entry
from tests.worlds.copies import Made
from tests.worlds.hub import Hub
from tests.worlds.reviews import family, listed, resolve, steward, under_review


class Cut(Standing):
    """Does not come back from the first alteration; tells that it was asked."""

    def __init__(self, ledger: Any) -> None:
        super().__init__(ledger)
        self.asked = asyncio.Event()

    async def append(self, entry: Entry) -> Any:
        """Wait for what never comes."""
        if entry.act is Act.ALTERATION:
            self.asked.set()
            await asyncio.Event().wait()
        return await super().append(entry)


async def _cancelled(here: Hub, who: Any, review: dict[str, Any], decision: str) -> None:
    """A choice whose request is cancelled when docket has it and the ledger has not."""
    ledger = Cut(here.parts.ledger)
    task = asyncio.create_task(resolve(here.with_parts(ledger=ledger), who, review, decision))
    await ledger.asked.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def _acts(here: Hub) -> list[str]:
    """Which reviews were altered, newest first."""
    return [
        str(one.asked["review"]) for one in await here.parts.ledger.entries(50) if one.asked and "grounds" in one.asked
    ]


async def _pulled(here: Hub) -> None:
    """A pull, which settles first; that no agency answers it comes after."""
    with pytest.raises(Unavailable):
        await here.pull()


@pytest.mark.parametrize("then", ["pull", "another alteration", "the same again"])
async def test_its_entry_does_not_wait_for_a_restart(here: Hub, made: Made, then: str) -> None:
    (one, other) = await family(here, made, 2)
    await under_review(here, 1, [one])
    await under_review(here, 2, [other])
    first, second = await listed(here, steward(here))
    await _cancelled(here, steward(here), first, "NEW")
    assert len(await here.parts.docket.pending(10)) == 1, "what the test is about: saved and not told"
    assert await _acts(here) == []
    if then == "pull":
        await _pulled(here)
    elif then == "another alteration":
        assert (await resolve(here, steward(here, 2), second, "NEW")).status == 200
    else:
        assert (await resolve(here, steward(here), first, "NEW")).status == 200
        assert (await resolve(here, steward(here, 2), second, "NEW")).status == 200
    assert await here.parts.docket.pending(10) == ()
    assert len(await _acts(here)) == (1 if then == "pull" else 2)
    assert len(set(await _acts(here))) == len(await _acts(here)), "none twice"


async def test_it_is_told_before_the_next_one(here: Hub, made: Made) -> None:
    (one, other) = await family(here, made, 2)
    await under_review(here, 1, [one])
    await under_review(here, 2, [other])
    first, second = await listed(here, steward(here))
    await _cancelled(here, steward(here), first, "NEW")
    (waiting,) = await here.parts.docket.pending(10)
    await _cancelled(here, steward(here, 2), second, "NEW")
    (left,) = await here.parts.docket.pending(10)
    assert left.entry != waiting.entry
    assert len(await _acts(here)) == 1


async def test_no_request_carries_more_than_a_hundred_for_others(here: Hub, made: Made) -> None:
    (one,) = await family(here, made, 1)
    await under_review(here, 1, [one])
    (review,) = await listed(here, steward(here))
    rows = []
    for number in range(230):
        key = here.parts.ring.hasher.label("entry", str(number)) * 2
        body = packed(entry(number))
        rows.append(OutboxRow(key, here.parts.ring.sealer.seal_compartment("outbox", body, outbox_label(key))))
    await here.parts.docket.intake((), rows)
    assert (await resolve(here, steward(here), review, "NEW")).status == 200
    assert len(await here.parts.docket.pending(500)) == 130
    await _pulled(here)
    assert await here.parts.docket.pending(500) == ()
