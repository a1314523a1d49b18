"""A dump of the file holds nobody up: writers commit while it is read."""

from __future__ import annotations

from graph.opening import GraphStore
from tests.conformance.graph.making import batch, ids, person


async def test_writers_do_not_wait_for_a_dump(store: GraphStore) -> None:
    await store.writer.write(batch(*(person(i, records={0: b"before"}) for i in range(1, 1200))))
    dump = store.upkeep.dump()
    pages = [await anext(dump)]
    assert (await store.writer.write(batch(person(1, 1, records={0: b"after"})))).sequence == 2
    assert (await store.reader.records(ids(1), [0]))[0].sealed == b"after", "the control: it is written"
    pages += [page async for page in dump]
    assert {row[3] for page in pages if page.table == "record" for row in page.rows} == {b"before"}
