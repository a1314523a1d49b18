"""Kills, full disks, hung stores: nothing half, nobody left waiting, and the same key tells what became of it."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from domain.errors import Unavailable
from domain.ids import PersonId
from policy.ledger.auditing import verify_store
from policy.ledger.committer import Committer
from policy.ledger.leaves import Prepared
from policy.ledger.store import Receipt
from tests.policy.ledger.making import entry, opened, request_of, ring, shown
from tests.policy.ledger.test_leaves import prepared

KEY = ring().signer().verifier
ROOT = Path(__file__).parents[3]

WRITER = """
import asyncio, sys
from tests.policy.ledger.making import entry, opened, shown

async def one(hub, number):
    receipt = await hub.append(entry(number, shown(number + 1), shown(2)))
    print(number, receipt.index, flush=True)

async def main():
    hub = opened(sys.argv[1])
    if len(sys.argv) > 2:
        await one(hub, -1)
        import resource, signal
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])))
    for start in range(0, 100_000, 16):
        await asyncio.gather(*(one(hub, number) for number in range(start, start + 16)))

asyncio.run(main())
"""


def child(url: str, *more: str) -> subprocess.Popen[str]:
    """A hub that appends until it is stopped, telling each receipt."""
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, url, *more],
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


def told(lines: list[str]) -> dict[int, int]:
    """Entry number to header index, of whole lines."""
    return dict(map(int, line.split()) for line in lines if line.endswith("\n"))  # type: ignore[misc]


async def in_store(url: str) -> dict[int, int]:
    """What the log holds, by entry number."""
    hub = opened(url)
    found: dict[int, int] = {}
    after: bytes | None = None
    while page := await hub.entries(200, after):
        found |= {int(one.request_id[2:]): one.index for one in page}
        after = page[-1].position
    await hub.checkpoint()
    await hub.close()
    return found


@pytest.mark.parametrize("lines", [1, 37, 300])
async def test_killed_in_the_middle(url: str, lines: int) -> None:
    """Everything that was told is there; what is there is whole; appending goes on."""
    writer = child(url)
    assert writer.stdout is not None and writer.stderr is not None
    got = [writer.stdout.readline() for _ in range(lines)]
    writer.send_signal(signal.SIGKILL)
    # Through the same reader to the end: what it holds already, communicate() would drop.
    receipts = told(got + writer.stdout.readlines())
    writer.communicate(timeout=20)
    assert len(receipts) >= lines
    held = await in_store(url)
    assert receipts.items() <= held.items()
    assert verify_store(url, KEY, ring=ring()).outcome == 0
    hub = opened(url)
    again = await hub.append(entry(0, shown(1), shown(2)))
    assert again.index == receipts[0]
    await hub.close()


async def test_a_store_that_does_not_persist_would_be_found(url: str) -> None:
    """Positive control: drop the newest entry that was told, and the comparison above fails."""
    hub = opened(url)
    receipts = {number: (await hub.append(entry(number))).index for number in range(5)}
    await hub.close()
    assert receipts.items() <= (await in_store(url)).items()
    connection = sqlite3.connect(url.removeprefix("sqlite:///"))
    connection.execute("DELETE FROM entries WHERE number = 5")
    connection.commit()
    connection.close()
    assert not receipts.items() <= (await in_store(url)).items()
    assert verify_store(url, KEY, ring=ring()).outcome == 1


async def test_full_disk(url: str) -> None:
    """The append that does not fit is refused; what was told before stands, and the log is whole."""
    writer = child(url, str(200_000))
    output, errors = writer.communicate(timeout=60)
    assert writer.returncode != 0
    assert "Unavailable" in errors and "domain.errors" in errors
    for leaked in ("INSERT", "officer-7", "sqlite3.OperationalError"):
        assert leaked not in errors
    receipts = told(output.splitlines(keepends=True))
    assert len(receipts) > 5
    assert receipts.items() <= (await in_store(url)).items()
    assert verify_store(url, KEY, ring=ring()).outcome == 0


async def test_hung_store(url: str) -> None:
    """The wait is bounded; a closed door meanwhile; afterwards the same key is one entry."""
    hub = opened(url, patience_seconds=0.3, busy_seconds=30.0, queue=8)
    await hub.append(entry(0))
    stuck = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    stuck.execute("BEGIN IMMEDIATE")
    waits = [hub.append(entry(number, shown(5))) for number in range(1, 12)]
    started = asyncio.get_running_loop().time()
    results = await asyncio.gather(*waits, return_exceptions=True)
    assert all(isinstance(one, Unavailable) for one in results)
    assert asyncio.get_running_loop().time() - started < 5
    assert {one.cause for one in results if isinstance(one, Unavailable)} == {
        "ledger queue full",
        "ledger did not answer in time",
    }
    stuck.execute("ROLLBACK")
    stuck.close()
    async with asyncio.timeout(20):
        while True:
            try:
                first = await hub.append(entry(1, shown(5)))
                break
            except Unavailable:
                continue
    assert await hub.append(entry(1, shown(5))) == first
    assert [request_of(one.header) for one in await hub.by_subject(PersonId(5), 50)].count("r-1") == 1
    await hub.close()
    assert verify_store(url, KEY, ring=ring()).outcome == 0


class Failing:
    """A store that fails as told: before writing, after it, or not."""

    def __init__(self) -> None:
        self.how = "well"
        self.written: dict[bytes, Receipt] = {}

    def commit(self, group: Sequence[Prepared]) -> list[Receipt]:
        """As the real one: all or nothing, first receipt for a known key."""
        if self.how == "failed":
            raise Unavailable(cause="store")
        if self.how == "odd":
            raise RuntimeError("details of the inside")
        receipts = []
        for one in group:
            receipt = Receipt(len(self.written), entry(1).at, one.position)
            receipts.append(self.written.setdefault(one.position, receipt))
        if self.how == "failed but persisted":
            raise Unavailable(cause="store")
        return receipts


@pytest.mark.parametrize("how", ["failed", "failed but persisted", "odd"])
async def test_failing_store(how: str) -> None:
    """Everyone in the group is told; the next group is tried afresh; each waiter has an error of their own."""
    store = Failing()
    committer = Committer(store.commit, lambda: None, every=3600, limit=50, reserved=5, patience=20)
    entries = [prepared(entry(number)) for number in range(10)]
    store.how = how
    results = await asyncio.gather(*(committer.append(one, reserved=False) for one in entries), return_exceptions=True)
    assert all(isinstance(one, Unavailable) for one in results)
    assert len({id(one) for one in results}) == 10
    faults = [committer.fault]
    assert "inside" not in "".join(map(repr, results))
    store.how = "well"
    receipts = await asyncio.gather(*(committer.append(one, reserved=False) for one in entries))
    assert sorted(one.index for one in receipts) == list(range(10))
    assert len(store.written) == 10
    faults.append(committer.fault)
    assert faults[0] is not None and faults[1] is None
    assert await committer.close()


async def test_persisted_before_the_failure(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The real store: the commit is done, then the connection breaks. The same key gives that entry's receipt."""
    hub = opened(url)
    whole = hub._store.commit

    def broken(group: Sequence[Prepared]) -> list[Receipt]:
        whole(group)
        raise Unavailable(cause="connection lost")

    monkeypatch.setattr(hub._committer, "_commit", broken)
    with pytest.raises(Unavailable):
        await hub.append(entry(1, shown(5)))
    assert not await hub.ready()
    monkeypatch.undo()
    receipt = await hub.append(entry(1, shown(5)))
    assert [one.index for one in await hub.entries(10)] == [receipt.index]
    await hub.append(entry(2))
    assert await hub.ready()
    await hub.close()


async def test_the_files_are_their_owners_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        hub = opened(f"sqlite:///{tmp_path / 'ledger.db'}")
        await hub.append(entry(1, shown(2)))
    finally:
        os.umask(before)
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()}
    assert set(modes) >= {"ledger.db", "ledger.db-wal"}
    assert set(modes.values()) == {0o600}
    await hub.close()


def test_a_file_that_cannot_be_made_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        opened(f"sqlite:///{tmp_path / 'nowhere' / 'ledger.db'}")
