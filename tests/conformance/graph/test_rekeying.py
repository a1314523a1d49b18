"""Upkeep.rekey: every wrapped key anew, a page at a time, beside reads and writes."""

from __future__ import annotations

import pytest

from domain.errors import Invalid, Unavailable
from domain.ids import PersonId
from domain.links import LinkKind
from graph.opening import GraphStore
from tests.conformance.graph.making import batch, claim, decided, hashed, ids, link, person

PEOPLE = 7


def rewrap(wrapped: bytes) -> bytes:
    return wrapped if wrapped.startswith(b"anew ") else b"anew " + wrapped


async def _filled(store: GraphStore) -> None:
    people = [person(i, links=[link(i, 1, LinkKind.GUARDIAN, f"k{i}")]) for i in range(1, PEOPLE + 1)]
    keys = [decided(f"k{i}", i) for i in range(1, PEOPLE + 1)]
    await store.writer.write(batch(*people, keys=keys, claims=[claim("c", "k1")]))


async def _wrapped(store: GraphStore) -> set[bytes]:
    claims = await store.writer.claims(ids(*range(1, PEOPLE + 1)))
    return {one.wrapped for one in claims.values()} | {key for one in claims.values() for key in one.keys.values()}


@pytest.mark.parametrize("size", [1, 2, 3, PEOPLE, 2 * PEOPLE, 500])
async def test_every_key_is_wrapped_anew_once(store: GraphStore, size: int) -> None:
    await _filled(store)
    before = await _wrapped(store)
    seen = [count async for count in store.upkeep.rekey(rewrap, size)]
    assert seen[-1] == 2 * PEOPLE
    assert seen == sorted(set(seen))
    assert all(now - then <= size for then, now in zip([0, *seen], seen, strict=False))
    assert await _wrapped(store) == {b"anew " + wrapped for wrapped in before}
    assert (await store.reader.facts(ids(2))).people[PersonId(2)].wrapped == b"anew wrapped person 2"
    assert (await store.reader.links(ids(2), frozenset(LinkKind))).links[0].wrapped == b"anew wrapped k2"
    assert (await store.reader.origins([hashed("claim c")]))[0].wrapped == b"anew wrapped k1"
    assert [count async for count in store.upkeep.rekey(rewrap, size)] == seen
    assert await _wrapped(store) == {b"anew " + wrapped for wrapped in before}


async def test_versions_and_sequences_stay(store: GraphStore) -> None:
    """The same data key in another wrapping is no news of anybody: a fold that is under way stays good."""
    await _filled(store)
    _ = [count async for count in store.upkeep.rekey(rewrap)]
    assert await store.reader.sequence() == 1
    await store.writer.write(batch(person(1, 1), read_at=1))
    assert (await store.reader.facts(ids(1))).people[PersonId(1)].wrapped == b"anew wrapped person 1"


async def test_an_empty_graph_has_no_keys(store: GraphStore) -> None:
    assert [count async for count in store.upkeep.rekey(rewrap)] == []
    for size in (0, -1):
        with pytest.raises(Invalid):
            _ = [count async for count in store.upkeep.rekey(rewrap, size)]


async def test_a_run_that_was_cut_off_is_started_again(store: GraphStore) -> None:
    await _filled(store)
    asked = 0

    def fails(wrapped: bytes) -> bytes:
        nonlocal asked
        asked += 1
        if asked == 6:
            raise Unavailable(cause="no provider")
        return rewrap(wrapped)

    seen = []
    with pytest.raises(Unavailable):
        async for count in store.upkeep.rekey(fails, 2):
            seen.append(count)
    assert seen == [2, 4], "the page in which it failed is as it was"
    assert sum(wrapped.startswith(b"anew ") for wrapped in await _wrapped(store)) == 4
    assert [count async for count in store.upkeep.rekey(rewrap, 2)][-1] == 2 * PEOPLE
    assert all(wrapped.startswith(b"anew ") for wrapped in await _wrapped(store))


async def test_reads_and_writes_go_on_between_its_pages(store: GraphStore) -> None:
    await _filled(store)
    written = 100
    async for _ in store.upkeep.rekey(rewrap, 3):
        await store.writer.write(batch(person(written), keys=[decided(f"k{written}", written)]))
        assert PersonId(written) in (await store.reader.facts(ids(written))).people
        written += 1
    assert written > 104
    assert all(wrapped.startswith(b"anew ") for wrapped in await _wrapped(store))
