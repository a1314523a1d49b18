"""Upkeep.dump and load: one graph carried into another store, whole or not at all."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from domain.errors import Invalid, Unavailable
from domain.ids import HouseholdId
from domain.links import LinkKind
from graph.dumping import TABLES
from graph.opening import GraphStore
from graph.shapes import DumpPage
from tests.conformance.graph.factories import Factory, sqlite
from tests.conformance.graph.making import again, away, batch, claim, decided, hashed, ids, link, move, person

ALL = frozenset(LinkKind)


async def _filled(store: GraphStore) -> None:
    """Something in every table."""
    await store.writer.write(
        batch(
            person(1, records={0: b"a"}, homes=[5], searches=["s"], nationals=["n"]),
            person(2, records={0: b"b"}, links=[link(2, 3, LinkKind.PARTNER_CIVIL, "k2")], homes=[5]),
            person(3, links=[link(3, 2, LinkKind.PARENT_BIRTH, "k3")]),
            keys=[decided("k1", 1), decided("k2", 2), decided("k3", 3)],
            claims=[claim("z", "k1"), claim("a", "k2"), claim("early", "undecided")],
            cursor=("population", b"cursor"),
            outbox=["z", "a"],
        )
    )
    await store.writer.write(
        batch(
            away(1, 1),
            person(2, 1, records={0: b"c"}, links=[], homes=[6]),
            person(3, 1, links=[]),
            anew=[again("k1", 1, 2)],
            moves=[move(1, 2), move(4, 1)],
            instant="2026-04-01T00:00:00Z",
        )
    )
    await store.writer.write(
        batch(person(2, 2, links=[link(2, 3, LinkKind.GUARDIAN, "k1")], searches=["s"], nationals=["n"]))
    )
    await store.upkeep.forget([], [hashed("mark")])


async def _dump(store: GraphStore) -> list[DumpPage]:
    return [page async for page in store.upkeep.dump()]


async def _paged(pages: Iterable[DumpPage]) -> AsyncIterator[DumpPage]:
    for page in pages:
        yield page


async def _told(store: GraphStore) -> list[object]:
    reader = store.reader
    told: list[object] = [await reader.sequence(), await reader.facts(ids(1, 2, 3, 4)), await reader.former(ids(2))]
    for at in (0, 1, 2, 3, None):
        told += [
            await reader.records(ids(2, 3), range(16), at),
            await reader.links(ids(2, 3), ALL, at),
            await reader.households([HouseholdId(5), HouseholdId(6)], at),
        ]
    told += [await reader.lineage(ids(1)), await reader.decisions(ids(1)), await reader.suppressed([hashed("mark")])]
    told += [await reader.find([hashed("n")]), await reader.search([hashed("s")], 3), await store.writer.pending(9)]
    told += [await store.writer.claims(ids(1, 3)), await store.writer.cursor("population")]
    return [*told, await reader.sequence_at("2026-03-31T00:00:00Z")]


async def test_a_dump_has_every_table_in_order_and_each_row_of_the_form(store: GraphStore) -> None:
    await _filled(store)
    pages = await _dump(store)
    assert list(dict.fromkeys(page.table for page in pages)) == list(TABLES)
    assert all(len(row) == len(TABLES[page.table]) for page in pages for row in page.rows)
    rows = {page.table: page.rows for page in pages}
    assert [row[0] for row in rows["claim"]] == [hashed(f"claim {name}") for name in ("z", "a", "early")]
    assert [row[0] for row in rows["outbox"]] == [hashed(f"entry {name}") for name in "za"]
    assert rows["parting"] == ((4,),)
    assert rows["moved"] == ((1, 2, 2), (4, 1, 2))
    assert rows["record_past"] == ((2, 0, 1, 2, b"b"),)
    assert rows["decision_past"] == ((hashed("k1"), 1, 1, "new"),)
    assert rows["mark"] == ((hashed("mark"),),)
    assert rows["link_past"][0][:6] == (2, 1, 0, 2, 3, "partner_civil")
    assert [row[:5] for row in rows["membership_past"]] == [(1, 1, 0, 2, 5), (2, 1, 0, 2, 5)]


async def test_an_empty_graph_has_no_pages(store: GraphStore) -> None:
    assert await _dump(store) == []
    assert await store.upkeep.load(_paged([])) == 0


async def test_what_one_store_dumps_another_loads(store: GraphStore, tmp_path: Path) -> None:
    """Into the embedded store, which every hub has, and back from it: the same answers and the same dump."""
    await _filled(store)
    (tmp_path / "other").mkdir()
    async with sqlite(tmp_path / "other") as other:
        pages = await _dump(store)
        assert await other.upkeep.load(store.upkeep.dump()) == sum(len(page.rows) for page in pages)
        assert await _told(other) == await _told(store)
        assert await _dump(other) == pages


async def test_a_store_loads_what_the_embedded_one_dumps(store: GraphStore, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    async with sqlite(tmp_path / "other") as other:
        await _filled(other)
        await store.upkeep.load(other.upkeep.dump())
        assert await _told(store) == await _told(other)
        assert await _dump(store) == await _dump(other)
        # It is written on as if it had grown there.
        for one in (store, other):
            await one.writer.write(batch(person(2, 3, records={0: b"d"}), claims=[claim("late", "k1")], read_at=4))
        assert await _told(store) == await _told(other)


async def test_a_store_that_is_not_empty_takes_nothing(store: GraphStore) -> None:
    await _filled(store)
    pages, told = await _dump(store), await _told(store)
    with pytest.raises(Invalid):
        await store.upkeep.load(_paged(pages))
    assert await _told(store) == told


def _changed(pages: list[DumpPage], table: str, column: int, value: object) -> list[DumpPage]:
    """The last row of a table with another value in one column."""
    found = []
    for page in pages:
        if page.table == table:
            row = list(page.rows[-1])
            row[column] = value  # type: ignore[call-overload]
            page = replace(page, rows=(*page.rows[:-1], tuple(row)))
        found.append(page)
    return found


BAD: dict[str, object] = {
    "another table": lambda pages: [*pages, DumpPage("users", ())],
    "tables out of order": lambda pages: [pages[-1], *pages[:-1]],
    "a table in two places": lambda pages: [*pages, pages[0]],
    "a short row": lambda pages: [*pages[:-1], DumpPage("outbox", ((b"e", 1),))],
    "a row twice": lambda pages: [*pages[:-1], DumpPage("outbox", pages[-1].rows * 2)],
    "text for bytes": lambda pages: _changed(pages, "claim", 5, "sealed"),
    "bytes for text": lambda pages: _changed(pages, "claim", 3, b"population"),
    "nothing": lambda pages: _changed(pages, "person", 3, None),
    "text for a number": lambda pages: _changed(pages, "person", 1, "2"),
    "a truth for a number": lambda pages: _changed(pages, "person", 1, True),
    "a person that no one can be": lambda pages: _changed(pages, "person", 0, 2**58),
    "nobody": lambda pages: _changed(pages, "record", 0, 0),
    "a sequence to come": lambda pages: _changed(pages, "record", 2, 5),
    "a category that is none": lambda pages: _changed(pages, "record", 1, 16),
    "a link of no kind": lambda pages: _changed(pages, "link", 3, "cousin"),
    "a claim of no kind": lambda pages: _changed(pages, "claim", 2, "gossip"),
    "a gap in the sequence": lambda pages: _changed(pages, "batch", 0, 9),
    "an instant that is none": lambda pages: _changed(pages, "batch", 1, "now"),
    "an instant before the last": lambda pages: _changed(pages, "batch", 1, "2026-03-01T10:00:00.000Z"),
    "a link under a key that nobody decided": lambda pages: _changed(pages, "link", 5, b"other"),
    "a past link under a key that nobody decided": lambda pages: _changed(pages, "link_past", 7, b"other"),
    "an id that names itself": lambda pages: _changed(pages, "moved", 1, 4),
}


@pytest.mark.parametrize("why", BAD)
async def test_what_is_not_of_the_form_is_invalid_and_taken_back(factory: Factory, tmp_path: Path, why: str) -> None:
    (tmp_path / "one").mkdir()
    async with sqlite(tmp_path / "one") as one:
        await _filled(one)
        pages = await _dump(one)
    bad = BAD[why](pages)  # type: ignore[operator]
    assert bad != pages
    (tmp_path / "two").mkdir()
    async with factory(tmp_path / "two") as store:
        with pytest.raises(Invalid):
            await store.upkeep.load(_paged(bad))
        assert await store.reader.sequence() == 0
        assert await _dump(store) == []
        # The control: without the fault it is taken.
        await store.upkeep.load(_paged(pages))
        assert await _dump(store) == pages


async def test_a_dump_that_breaks_off_is_taken_back(store: GraphStore, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    async with sqlite(tmp_path / "other") as other:
        await _filled(other)
        pages = await _dump(other)

    async def broken() -> AsyncIterator[DumpPage]:
        for page in pages[:-1]:
            yield page
        raise Unavailable(cause="the disk is gone")

    with pytest.raises(Unavailable):
        await store.upkeep.load(broken())
    assert await _dump(store) == []
    assert (await store.writer.write(batch(person(1)))).sequence == 1


async def test_a_dump_is_of_one_moment(store: GraphStore) -> None:
    """Whatever is written meanwhile, by a writer who waits or does not: reads never do."""
    await store.writer.write(batch(*(person(i, records={0: b"before"}) for i in range(1, 1200))))
    dump = store.upkeep.dump()
    first = await anext(dump)
    assert first.table == "batch"
    after = batch(*(person(i, 1, records={0: b"after"}) for i in range(1, 1200)))
    writing = asyncio.ensure_future(store.writer.write(after))
    pages = [first]
    async for page in dump:
        pages.append(page)
        assert len(await store.reader.records(ids(1), [0])) == 1
    assert (await writing).sequence == 2
    assert [row for page in pages if page.table == "batch" for row in page.rows] == [first.rows[0]]
    assert {row[3] for page in pages if page.table == "record" for row in page.rows} == {b"before"}
    assert sum(len(page.rows) for page in pages if page.table == "record") == 1199


async def test_a_dump_that_is_given_up_holds_nothing_up(store: GraphStore) -> None:
    await _filled(store)
    dump = store.upkeep.dump()
    await anext(dump)
    await dump.aclose()  # type: ignore[attr-defined]
    assert await store.upkeep.forget(ids(3), []) == 1
