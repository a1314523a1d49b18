"""A file of the first layout, filled, is brought up: nothing changes today, and what its past is is said."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from domain.ids import HouseholdId, PersonId
from domain.links import LinkKind
from graph.opening import GraphStore
from graph.shapes import DecisionRow
from graph.sqlite_store.layout import APPLICATION_ID, NEWEST, STEPS
from tests.conformance.graph.making import again, batch, claim, decided, hashed, ids, link, person
from tests.graph.sqlite_store.inside import at

ALL = frozenset(LinkKind)

# As the hub wrote it under the first layout: 1 was written in batches 1 and 3, 2 in batch 1 without a claim, 3 in
# batch 2 without a key, 4 is a key alone.
_ROWS = (
    ("batch", [(n, f"2026-03-0{n}T10:00:00.000Z") for n in range(1, 6)]),
    (
        "source_key",
        [
            (hashed(f"k{i}"), "population", f"wrapped k{i}".encode(), i, "new", seq)
            for i, seq in ((1, 1), (2, 2), (4, 4))
        ],
    ),
    (
        "claim",
        [
            (n, hashed(f"claim c{n}"), hashed("k1"), "record", "population", seq, b"sealed")
            for n, seq in ((1, 1), (2, 3))
        ],
    ),
    ("person", [(i, 2, f"wrapped person {i}".encode(), b"facts") for i in (1, 2, 3)]),
    ("national", [(hashed("n"), 1, 1, 0)]),
    ("search", [(hashed("s"), 1)]),
    ("record", [(i * 16 + c, b"record %d/%d" % (i, c)) for i in (1, 2, 3) for c in (0, 15)]),
    ("link", [(1, 0, 2, "parent_birth", 2001, hashed("k1"), b"link")]),
    ("membership", [(2, 0, 7, b"member")]),
    ("cursor", [("population", b"cursor")]),
    ("outbox", [(1, hashed("entry"), b"entry", 5)]),
)


@pytest.fixture
def old(path: Path) -> Path:
    """A filled file of the first layout."""
    with closing(sqlite3.connect(path)) as connection:
        for statement in STEPS[0]:
            connection.execute(statement)
        connection.execute("UPDATE meta SET layout = 1")
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        for table, rows in _ROWS:
            connection.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)
        connection.commit()
    return path


async def _open(path: Path) -> GraphStore:
    store = at(path)
    assert not await store.upkeep.ready()
    assert await store.upkeep.migrate() == NEWEST
    assert await store.upkeep.ready()
    return store


async def test_today_is_as_it_was(old: Path) -> None:
    store = await _open(old)
    reader = store.reader
    assert [row.sealed for row in await reader.records(ids(1, 2, 3), [0])] == [b"record %d/0" % i for i in (1, 2, 3)]
    assert [one.sealed for one in (await reader.links(ids(2), ALL)).links] == [b"link"]
    assert [row.sealed for row in await reader.households([HouseholdId(7)])] == [b"member"]
    assert await reader.find([hashed("n")]) == {hashed("n"): (1,)}
    assert await reader.search([hashed("s")], 1) == (1,)
    assert (await store.writer.claims(ids(1)))[PersonId(1)].version == 2
    assert await reader.decisions(ids(1)) == (DecisionRow(hashed("k1"), PersonId(1), "new", 1),)
    assert await reader.sequence() == 5
    assert await reader.sequence_at("2026-03-03T12:00:00Z") == 3
    assert await store.writer.cursor("population") == b"cursor"
    assert len(await store.writer.pending(5)) == 1
    await store.upkeep.close()


async def test_the_past_begins_with_the_last_claim_the_last_key_or_the_newest_batch(old: Path) -> None:
    store = await _open(old)

    async def first(person: int) -> int:
        stood = [bool(await store.reader.records(ids(person), [0, 15], n)) for n in range(7)]
        assert stood == sorted(stood), "from then on it stands"
        return stood.index(True)

    assert [await first(i) for i in (1, 2, 3)] == [3, 2, 5]
    assert [len((await store.reader.links(ids(1), ALL, n)).links) for n in (2, 3)] == [0, 1]
    assert [len(await store.reader.memberships(ids(2), n)) for n in (1, 2)] == [0, 1]
    await store.upkeep.close()


async def test_it_is_written_on_with_a_past_from_now_on(old: Path) -> None:
    store = await _open(old)
    anew = again("k1", 1, 2, "reviewed")
    late = batch(person(1, 2, records={0: b"new"}, links=[]), person(2, 2), anew=[anew], claims=[claim("late", "k1")])
    await store.writer.write(late)
    sealed = [[row.sealed for row in await store.reader.records(ids(1), [0], n)] for n in (2, 3, 5, 6, None)]
    assert sealed == [[], [b"record 1/0"], [b"record 1/0"], [b"new"], [b"new"]]
    assert [one.sealed for one in (await store.reader.links(ids(1), ALL, 5)).links] == [b"link"]
    assert (await store.reader.links(ids(1), ALL)).links == ()
    assert len(await store.reader.decisions(ids(1))) == 2
    assert await store.upkeep.forget(ids(2), []) == 1
    other = at(old.with_name("other.db"))
    await other.upkeep.migrate()
    assert await other.upkeep.load(store.upkeep.dump()) > 0
    await other.upkeep.close()
    await store.upkeep.close()


async def test_a_key_that_is_decided_keeps_its_links(old: Path) -> None:
    """The first layout's promise still holds: no link stands under a key that nobody decided."""
    store = await _open(old)
    await store.writer.write(batch(person(9, links=[link(9, 1, LinkKind.GUARDIAN, "k9")]), keys=[decided("k9", 9)]))
    with closing(sqlite3.connect(old)) as connection:
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    await store.upkeep.close()
