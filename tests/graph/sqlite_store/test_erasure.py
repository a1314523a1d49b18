"""What was erased is in no byte of the file or its logs: no ciphertext, no wrapped key, whatever came after it."""

from __future__ import annotations

import os
import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from domain.errors import Unavailable
from domain.ids import PersonId
from domain.links import LinkKind
from graph.opening import GraphStore
from graph.shapes import Batch, ClaimRow, LinkRow, MemberRow, NewKey, PersonWrite
from graph.sqlite_store import writing
from tests.conformance.graph.making import INSTANT, batch, claim, hashed, ids, person
from tests.graph.sqlite_store.inside import on_writer

PEOPLE = 120
ROUNDS = 4


class Traces:
    """Bytes that stand for one person's ciphertext and wrapped keys, each of them unique."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self.of: dict[int, list[bytes]] = {}

    def new(self, person: int, length: int) -> bytes:
        made = self._chance.randbytes(length)
        self.of.setdefault(person, []).append(made)
        return made


def _written(traces: Traces, chance: random.Random, people: list[int], base: int) -> Batch:
    """Everything of some people: new at first, then replaced, in rows of all sizes, some over several pages."""
    keys = [NewKey(hashed(f"k{i}"), "population", traces.new(i, 60), PersonId(i), "new") for i in people if base == 0]
    claims = [
        ClaimRow(
            hashed(f"c{i} {base} {n}"),
            hashed(f"k{i}"),
            claim("", "").kind,
            "population",
            traces.new(i, chance.choice([40, 300, 9000])),
        )
        for i in people
        for n in range(2)
    ]
    writes = [
        PersonWrite(
            PersonId(i),
            base,
            traces.new(i, 60) if base == 0 else None,
            traces.new(i, 120),
            {category: traces.new(i, chance.choice([30, 250, 5000])) for category in range(3)},
            tuple(
                LinkRow(PersonId(i), PersonId(other), LinkKind.GUARDIAN, 0, hashed(f"k{i}"), traces.new(i, 50))
                for other in chance.sample(range(1, PEOPLE), 2)
            ),
            tuple(MemberRow(PersonId(i), 1 + i // 4, traces.new(i, 50)) for _ in range(1 + base % 2)),  # type: ignore[arg-type]
            (hashed(f"s{i} {base}"),),
            (hashed(f"n{i}"),),
        )
        for i in people
    ]
    return Batch(INSTANT, tuple(keys), tuple(claims), tuple(writes))


def _bytes(path: Path) -> bytes:
    """The file and everything that SQLite keeps beside it."""
    return b"".join(file.read_bytes() for file in sorted(path.parent.iterdir()) if file.name.startswith(path.name))


def _left(path: Path, traces: list[bytes]) -> list[bytes]:
    """Those of them that are in the file or its logs: any 15 bytes in a row hold one whole word of the raw bytes."""
    raw = _bytes(path)
    words = {raw[at : at + 8] for at in range(0, len(raw) - 7, 8)}
    return [trace for trace in traces if any(trace[at : at + 8] in words for at in range(len(trace) - 7))]


async def _filled(store: GraphStore, seed: int) -> Traces:
    chance = random.Random(seed)
    traces = Traces(chance)
    everyone = list(range(1, PEOPLE + 1))
    for base in range(ROUNDS):
        chance.shuffle(everyone)
        for start in range(0, PEOPLE, 40):
            await store.writer.write(_written(traces, chance, everyone[start : start + 40], base))
    return traces


@pytest.mark.parametrize("seed", [1, 2])
async def test_no_byte_of_an_erased_person_is_left(store: GraphStore, path: Path, seed: int) -> None:
    traces = await _filled(store, seed)
    gone = random.Random(seed).sample(range(1, PEOPLE + 1), 25)
    current = [trace for i in gone for trace in traces.of[i]]
    # The control: before, all that was kept is found, what was replaced too.
    assert len(_left(path, current)) > 0.8 * len(current)
    assert await store.upkeep.forget(ids(*gone), []) == len(gone)
    assert _left(path, current) == []
    assert path.with_name(path.name + "-wal").stat().st_size == 0
    # Of the others, links to those who are gone went with them, and replaced facts are kept for nobody.
    others = [trace for i in traces.of if i not in gone for trace in traces.of[i] if len(trace) not in {50, 120}]
    assert _left(path, others) == others
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


async def test_deleted_without_building_anew_it_would_be_left(
    store: GraphStore, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control of the control: overwriting what is deleted leaves copies, and the search finds them."""
    traces = await _filled(store, 1)
    gone = random.Random(1).sample(range(1, PEOPLE + 1), 25)

    def only_the_log(thread: writing.WriteThread) -> None:
        vars(thread)["_connection"].execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()

    monkeypatch.setattr(writing.WriteThread, "_rebuild", only_the_log)
    await store.upkeep.forget(ids(*gone), [])
    assert _left(path, [trace for i in gone for trace in traces.of[i]])


async def test_no_byte_of_a_replaced_wrapping_is_left(store: GraphStore, path: Path) -> None:
    traces = await _filled(store, 4)
    keys = [trace for i in traces.of for trace in traces.of[i] if len(trace) == 60]
    assert _left(path, keys) == keys
    fresh: dict[bytes, bytes] = {}

    def rewrap(wrapped: bytes) -> bytes:
        return fresh.setdefault(wrapped, os.urandom(60))

    assert [seen async for seen in store.upkeep.rekey(rewrap, 50)][-1] == len(keys) == 2 * PEOPLE
    assert _left(path, keys) == []
    assert len(_left(path, list(fresh.values()))) == len(keys)


async def test_a_log_that_is_read_is_emptied_by_a_second_call(store: GraphStore, path: Path) -> None:
    await on_writer(store, lambda connection: connection.execute("PRAGMA busy_timeout = 50").fetchone())
    await store.writer.write(batch(person(1, records={0: b"the ciphertext of person 1 " * 3})))
    dump = store.upkeep.dump()
    await anext(dump)
    with pytest.raises(Unavailable):
        await store.upkeep.forget(ids(1), [])
    assert (await store.reader.facts(ids(1))).people == {}
    assert b"ciphertext of person 1" in _bytes(path), "the control: the reader still sees it"
    await dump.aclose()  # type: ignore[attr-defined]
    assert await store.upkeep.forget(ids(1), []) == 0
    assert b"ciphertext of person 1" not in _bytes(path)
