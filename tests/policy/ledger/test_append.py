"""Appending: durable, once, together."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence

import pytest

from domain.errors import Invalid, Unavailable
from domain.ids import PersonId
from policy.ledger.committer import Committer
from policy.ledger.leaves import Prepared
from policy.ledger.ledger import Ledger
from policy.ledger.note import parse
from policy.ledger.opening import open_ledger
from policy.ledger.store import Receipt
from tests.policy.ledger.making import START, entry, opened, request_of, ring, shown
from tests.policy.ledger.test_leaves import prepared
from vault.signing import open_note


async def test_durable_when_told(url: str, ledger: Ledger) -> None:
    """Another connection sees it, and so does who opens the store again."""
    await ledger.append(entry(1, shown(5)))
    beside = opened(url)
    assert [request_of(look.header) for look in await beside.by_subject(PersonId(5), 5)] == ["r-1"]
    await beside.close()


async def test_a_key_is_written_once(ledger: Ledger) -> None:
    """The first receipt again, whatever else stands in the same group and whatever the second entry says."""
    first = await ledger.append(entry(1, shown(5)))
    assert first.at == entry(1).at
    again, fresh, twin, twin_again = await asyncio.gather(
        ledger.append(entry(1, shown(6), at=START)),
        ledger.append(entry(2)),
        ledger.append(entry(3)),
        ledger.append(entry(3)),
    )
    assert again == first
    assert twin == twin_again
    assert len({first.index, fresh.index, twin.index}) == 3
    assert len(await ledger.entries(10)) == 3
    assert await ledger.by_subject(PersonId(6), 5) == ()


async def test_two_hubs_on_one_file(url: str) -> None:
    """Both grow the same tree; the same key through both is one entry."""
    one, two = opened(url), opened(url)
    receipts = await asyncio.gather(
        *(hub.append(entry(number, shown(number + 1))) for number in range(60) for hub in (one, two))
    )
    assert receipts[0::2] == receipts[1::2]
    assert sorted({r.index for r in receipts}) == sorted(r.index for r in receipts[0::2])
    checkpoint = await one.checkpoint()
    assert await two.checkpoint() == checkpoint
    assert parse(checkpoint).size == 120
    await one.close()
    await two.close()


async def test_cancelling_one_wait_spares_the_others(ledger: Ledger) -> None:
    """And the cancelled entry is written all the same: it was asked for."""
    tasks = [asyncio.create_task(ledger.append(entry(number))) for number in range(20)]
    await asyncio.sleep(0)
    tasks[7].cancel()
    done = await asyncio.gather(*tasks, return_exceptions=True)
    assert isinstance(done[7], asyncio.CancelledError)
    assert all(isinstance(one, Receipt) for n, one in enumerate(done) if n != 7)
    assert len(await ledger.entries(50)) == 20


async def test_closed(ledger: Ledger) -> None:
    """What was queued is written and signed; what comes later is refused."""
    waiting = [asyncio.create_task(ledger.append(entry(number))) for number in range(5)]
    await asyncio.sleep(0)
    await ledger.close()
    assert len({(await one).index for one in waiting}) == 5
    with pytest.raises(Unavailable):
        await ledger.append(entry(9))


async def test_text_that_is_no_text_is_refused_alone(ledger: Ledger) -> None:
    """Before it reaches the others' group."""
    with pytest.raises(Invalid):
        await ledger.append(entry(1, reason="\ud800"))
    await ledger.append(entry(2))


async def test_checkpoint_is_a_signed_note_of_the_log(ledger: Ledger) -> None:
    """Signed at once on demand, the same note while nothing is added, newer when something is."""
    verifier = ring().signer().verifier
    empty = await ledger.checkpoint()
    assert parse(open_note(empty, verifier)).size == 0
    await ledger.append(entry(1, shown(5), shown(6)))
    assert await ledger.newest_checkpoint() == empty
    grown = await ledger.checkpoint()
    assert parse(open_note(grown, verifier)).size == 3
    assert grown.split("\n")[0] == "kindred/ledger"
    assert await ledger.checkpoint() == await ledger.newest_checkpoint() == grown


async def test_signed_at_fixed_times_and_at_the_end(url: str) -> None:
    """Without anyone asking."""
    hub = opened(url, checkpoint_seconds=0.02)
    await hub.append(entry(1))
    for _ in range(2000):
        note = await hub.newest_checkpoint()
        if note is not None and parse(note).size == 1:
            break
        await asyncio.sleep(0.005)
    else:
        pytest.fail("nothing was signed within ten seconds")
    await hub.close()
    hub = opened(url)
    await hub.append(entry(2))
    await hub.close()
    hub = opened(url)
    note = await hub.newest_checkpoint()
    assert note is not None and parse(note).size == 2
    await hub.close()


ELSEWHERE = ["postgresql://h/d", "sqlite://", "sqlite:///:memory:", "mysql://x", "", "ledger.db"]


@pytest.mark.parametrize("address", ELSEWHERE)
def test_other_addresses(address: str) -> None:
    """Refused by the setting's name."""
    with pytest.raises(Invalid) as caught:
        open_ledger(address, ring())
    assert caught.value.field == "KINDRED_LEDGER"


class Gate:
    """A store whose commits wait to be let through."""

    def __init__(self) -> None:
        self.groups: list[list[bytes]] = []
        self.entered = threading.Semaphore(0)
        self.leave = threading.Semaphore(0)

    def commit(self, group: Sequence[Prepared]) -> list[Receipt]:
        """Record the group, then wait."""
        self.groups.append([one.position for one in group])
        self.entered.release()
        assert self.leave.acquire(timeout=20)
        return [Receipt(0, START, one.position) for one in group]


async def entered(gate: Gate) -> None:
    """Until the writing thread is inside a commit."""
    assert await asyncio.to_thread(gate.entered.acquire, timeout=20)


async def test_a_group_is_what_queued_meanwhile_and_the_reserved_lane_goes_first() -> None:
    """While the first is on its way to disk, a flood and then a rescue arrive: the rescue leads the next group."""
    gate = Gate()
    committer = Committer(gate.commit, lambda: None, every=3600, limit=300, reserved=2, patience=20)
    tasks = [asyncio.create_task(committer.append(prepared(entry(0)), reserved=False))]
    await entered(gate)
    flood = [prepared(entry(1), seed=n) for n in range(299)]
    tasks += [asyncio.create_task(committer.append(one, reserved=False)) for one in flood]
    await asyncio.sleep(0)
    with pytest.raises(Unavailable, match="UNAVAILABLE") as full:
        await committer.append(prepared(entry(2)), reserved=False)
    assert full.value.cause == "ledger queue full"
    rescue = [prepared(entry(n, quiet=True)) for n in (3, 4)]
    tasks += [asyncio.create_task(committer.append(one, reserved=True)) for one in rescue]
    await asyncio.sleep(0)
    with pytest.raises(Unavailable):
        await committer.append(prepared(entry(5, quiet=True)), reserved=True)
    await asyncio.sleep(0)
    gate.leave.release(10)
    await asyncio.gather(*tasks)
    assert [len(group) for group in gate.groups] == [1, 256, 45]
    assert gate.groups[1][:2] == [one.position for one in rescue]
    tasks = [asyncio.create_task(committer.append(flood[0], reserved=False)) for _ in range(300)]
    await asyncio.gather(*tasks)
    assert await committer.close()
