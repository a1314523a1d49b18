"""Full disks, kills, locks, and other processes at the same file."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from domain.errors import Unavailable
from domain.ids import PersonId
from graph.opening import GraphStore
from graph.sqlite_store import writing
from tests.conformance.graph.making import batch, decided, ids, person
from tests.graph.sqlite_store.children import PEOPLE, numbered
from tests.graph.sqlite_store.inside import at, on_writer

_ROOT = Path(__file__).parents[3]


def _start(*arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.graph.sqlite_store.children", *map(str, arguments)],
        cwd=_ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _run(*arguments: object) -> tuple[int, list[str]]:
    with _start(*arguments) as child:
        output, errors = child.communicate(timeout=60)
    assert not errors, errors
    return child.returncode, output.split("\n")[:-1]


async def _whole(path: Path) -> int:
    """How many numbered batches the file holds, after checking that each of them is there whole."""
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    store = at(path)
    count = await store.reader.sequence()
    assert [i for [i] in [page async for page in store.reader.scan(size=1)]] == list(range(1, count * PEOPLE + 1))
    everyone = [PersonId(i) for i in range(1, count * PEOPLE + 1)]
    assert len(await store.reader.records(everyone, [0, 1])) == 2 * len(everyone)
    assert len(await store.reader.lineage(everyone)) == len(everyone)
    assert len(await store.writer.pending(10_000)) == count
    assert await store.writer.cursor("population") == (b"%d" % count if count else None)
    await store.upkeep.close()
    return count


async def _first(path: Path) -> None:
    store = at(path)
    await store.upkeep.migrate()
    await store.writer.write(numbered(1))
    await store.upkeep.close()


async def test_a_full_disk_refuses_and_keeps_what_was_committed(path: Path) -> None:
    await _first(path)
    code, said = _run("fill_the_disk", path, 1_500_000)
    assert code == 0
    acknowledged, seen, causes = said[0].split(" ")
    assert acknowledged == seen, "what was refused is not there, what was acknowledged is"
    assert int(acknowledged) > 3
    assert all(cause.startswith(("SQLITE_FULL", "SQLITE_IOERR")) for cause in causes.split(","))
    assert await _whole(path) == int(acknowledged)
    again = at(path)
    await again.writer.write(numbered(int(acknowledged) + 1))
    await again.upkeep.close()


async def test_a_full_file_heals_without_reopening(store: GraphStore) -> None:
    await store.writer.write(numbered(1))
    await on_writer(store, lambda connection: connection.execute("PRAGMA max_page_count = 1").fetchone())
    with pytest.raises(Unavailable) as full:
        await store.writer.write(batch(person(9000, records={0: b"r" * 100_000})))
    assert full.value.cause == "SQLITE_FULL"
    assert (await store.reader.facts(ids(9000))).people == {}
    # The connection that failed was thrown away, and its limit with it: the disk has room again.
    assert (await store.writer.write(numbered(2))).sequence == 2


async def _statements_of_a_batch(path: Path) -> int:
    store = at(path)
    seen: list[str] = []
    connections: list[sqlite3.Connection] = []
    await on_writer(store, connections.append)
    connections[0].set_trace_callback(seen.append)
    await store.writer.write(numbered(2))
    connections[0].set_trace_callback(None)
    await store.upkeep.close()
    return len(seen)


@pytest.mark.parametrize("spill", ["spill", "keep"])
async def test_killed_inside_a_transaction_nothing_of_it_is_left(tmp_path: Path, spill: str) -> None:
    count_in = tmp_path / "count.db"
    await _first(count_in)
    statements = await _statements_of_a_batch(count_in)
    spilled = False
    for part in (0.2, 0.6, 0.9, 1.0):
        path = tmp_path / f"{part}.db"
        await _first(path)
        code, said = _run("die_at", path, round(statements * part), spill)
        assert code == -9
        inside, log, statement = said[0].split(" ", 2)
        # The control: the blow fell inside a transaction, the last one at its commit.
        assert inside == "True"
        assert statement.startswith("COMMIT" if part == 1.0 else ("INSERT", "UPDATE", "DELETE", "SELECT"))
        spilled |= int(log) > 0
        assert await _whole(path) == 1
        store = at(path)
        assert (await store.writer.write(numbered(2))).sequence == 2
        await store.upkeep.close()
        assert await _whole(path) == 2
    assert spilled == (spill == "spill"), "the control: unfinished pages did reach the log"


async def test_killed_at_any_moment_every_acknowledged_batch_is_there(path: Path) -> None:
    await _first(path)
    known = 1
    for blow in range(4):
        with _start("write_on", path) as child:
            assert child.stdout is not None
            for _ in range(3 + 5 * blow):
                known = int(child.stdout.readline())
            child.kill()
            rest = child.stdout.read().split("\n")
        known = int(([str(known)] + [line for line in rest if line])[-1])
        there = await _whole(path)
        assert known <= there <= known + 1, "at most the one that was committed and not yet acknowledged"


async def test_two_processes_fold_one_person_and_lose_nothing(path: Path) -> None:
    store = at(path)
    await store.upkeep.migrate()
    await store.writer.write(batch(person(1), keys=[decided("k", 1)]))
    children = [_start("fold", path, name, 40) for name in ("one", "two")]
    for child in children:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
    for child in children:
        assert child.stdin is not None
        child.stdin.write("go\n")
        child.stdin.flush()
    ends = [child.communicate(timeout=60) for child in children]
    assert [errors for _, errors in ends] == ["", ""]
    assert sum(int(output) for output, _ in ends) > 0, "the control: they did meet"
    assert len(await store.reader.lineage(ids(1))) == 80
    assert (await store.reader.records(ids(1), [0]))[0].sealed == b"80"
    await store.upkeep.close()


async def test_a_file_held_by_another_process_is_unavailable(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "_WAIT_SECONDS", 0.05)
    await _first(path)
    store = at(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Unavailable) as busy:
            await store.writer.write(numbered(2))
        assert busy.value.cause == "SQLITE_BUSY"
        assert await store.reader.sequence() == 1, "reads wait for no writer"
        other.execute("ROLLBACK")
    assert (await store.writer.write(numbered(2))).sequence == 2
    await store.upkeep.close()


async def test_no_more_than_a_bounded_number_of_writes_wait(store: GraphStore) -> None:
    tasks = [asyncio.ensure_future(store.writer.write(batch())) for _ in range(200)]
    answers = await asyncio.gather(*tasks, return_exceptions=True)
    refused = [answer for answer in answers if isinstance(answer, Unavailable)]
    assert refused
    assert len(answers) - len(refused) >= 64
    assert await store.reader.sequence() == len(answers) - len(refused)


async def test_reads_see_one_state_while_another_commits(store: GraphStore) -> None:
    """A snapshot that has begun does not see a commit that comes between its statements."""
    await store.writer.write(numbered(1))
    file = vars(store.reader)["_file"]
    with file as connection:
        before = connection.execute("SELECT count(*) FROM person").fetchone()
        await store.writer.write(numbered(2))
        assert connection.execute("SELECT count(*) FROM person").fetchone() == before
    assert await store.reader.sequence() == 2
