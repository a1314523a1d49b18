"""Writer: cursors and the outbox."""

from __future__ import annotations

import pytest

from domain.errors import Invalid
from graph.opening import GraphStore
from tests.conformance.graph.making import batch, entry, hashed


async def test_cursors_are_apart_and_the_last_one_counts(store: GraphStore) -> None:
    assert await store.writer.cursor("population") is None
    await store.writer.write(batch(cursor=("population", b"p1")))
    await store.writer.write(batch(cursor=("civil", b"c1")))
    await store.writer.write(batch(cursor=("population", b"p2")))
    await store.writer.write(batch())
    assert [await store.writer.cursor(name) for name in ("population", "civil", "tax")] == [b"p2", b"c1", None]


async def test_pending_comes_oldest_first(store: GraphStore) -> None:
    await store.writer.write(batch(outbox=["z", "a"]))
    await store.writer.write(batch(outbox=["m", "a"]))
    assert await store.writer.pending(10) == (entry("z"), entry("a"), entry("m"))
    assert await store.writer.pending(2) == (entry("z"), entry("a"))
    assert await store.writer.pending(0) == ()
    with pytest.raises(Invalid):
        await store.writer.pending(-1)


async def test_settled_rows_are_gone_and_stay_gone(store: GraphStore) -> None:
    await store.writer.write(batch(outbox=["a", "b", "c"]))
    await store.writer.settle([hashed("entry a"), hashed("entry c"), hashed("entry unknown")])
    assert await store.writer.pending(10) == (entry("b"),)
    await store.writer.settle([hashed("entry a")])
    await store.writer.settle([])
    assert await store.writer.pending(10) == (entry("b"),)
    await store.writer.write(batch(outbox=["d"]))
    assert await store.writer.pending(10) == (entry("b"), entry("d"))


async def test_many_rows_are_settled_at_once(store: GraphStore) -> None:
    names = [f"e{n}" for n in range(1200)]
    await store.writer.write(batch(outbox=names))
    await store.writer.settle([hashed(f"entry {name}") for name in names[:-1]])
    assert await store.writer.pending(10) == (entry(names[-1]),)
