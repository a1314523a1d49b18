"""What the fault tests run in child processes: `python -m tests.graph.sqlite_store.children NAME FILE …`."""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import sqlite3
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from domain.errors import Unavailable
from graph.port import Stale
from graph.shapes import Batch
from tests.conformance.graph.making import batch, claim, decided, ids, person
from tests.graph.sqlite_store.inside import at, on_writer

PEOPLE = 40


def numbered(n: int) -> Batch:
    """The n-th batch (from 1): it writes 40 new people, moves the cursor, hands over an entry."""
    first = (n - 1) * PEOPLE + 1
    people = [person(i, records={0: os.urandom(300), 1: b"r"}, homes=[n]) for i in range(first, first + PEOPLE)]
    keys = [decided(f"k{i}", i) for i in range(first, first + PEOPLE)]
    claims = [claim(f"c{i}", f"k{i}") for i in range(first, first + PEOPLE)]
    return batch(*people, keys=keys, claims=claims, cursor=("population", b"%d" % n), outbox=[f"e{n}"])


def _say(text: str) -> None:
    os.write(1, f"{text}\n".encode())


async def fill_the_disk(path: Path, limit: str) -> None:
    """Write until the disk (a limit on file size) is full; then say how often it was refused and what is there."""
    store = at(path)
    await store.reader.sequence()
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), resource.RLIM_INFINITY))
    n = await store.reader.sequence()
    causes: list[str | None] = []
    while len(causes) < 3:
        try:
            await store.writer.write(numbered(n + 1))
            n += 1
        except Unavailable as full:
            causes.append(full.cause)
    _say(f"{n} {await store.reader.sequence()} {','.join(str(cause) for cause in causes)}")
    os._exit(0)


async def die_at(path: Path, statement: str, spill: str) -> None:
    """Write batch 2 and be killed at its n-th statement, having said where that was."""
    store = at(path)
    left = int(statement)

    def strike(text: str) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            log = path.with_name(path.name + "-wal").stat().st_size
            _say(f"{connections[0].in_transaction} {log} {text.split('(')[0].strip()}")
            os.kill(os.getpid(), signal.SIGKILL)

    connections: list[sqlite3.Connection] = []

    def prepare(connection: sqlite3.Connection) -> None:
        connections.append(connection)
        if spill == "spill":
            # So small a cache that an unfinished transaction reaches the file.
            connection.execute("PRAGMA cache_size = 2")

    await on_writer(store, prepare)
    connections[0].set_trace_callback(strike)
    await store.writer.write(numbered(2))
    _say("survived")
    os._exit(0)


async def write_on(path: Path) -> None:
    """Write batch after batch, saying the number of each that was committed, until killed."""
    store = at(path)
    n = await store.reader.sequence()
    while True:
        n += 1
        await store.writer.write(numbered(n))
        _say(str(n))


async def fold(path: Path, name: str, times: str) -> None:
    """Add claims to person 1, folding each time; say how often the fold was stale."""
    store = at(path)
    stale = 0
    _say("ready")
    sys.stdin.readline()
    for n in range(int(times)):
        while True:
            known = (await store.writer.claims(ids(1)))[ids(1)[0]]
            folded = person(1, known.version, records={0: b"%d" % (len(known.claims) + 1)})
            try:
                await store.writer.write(batch(folded, claims=[claim(f"{name} {n}", "k")]))
                break
            except Stale:
                stale += 1
    _say(str(stale))
    await store.upkeep.close()


_CHILDREN: dict[str, Callable[..., Coroutine[Any, Any, None]]] = {
    "fill_the_disk": fill_the_disk,
    "die_at": die_at,
    "write_on": write_on,
    "fold": fold,
}

if __name__ == "__main__":
    asyncio.run(_CHILDREN[sys.argv[1]](Path(sys.argv[2]), *sys.argv[3:]))
