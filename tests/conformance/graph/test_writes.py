"""Writer.write: whole or not at all, idempotent, stale folds refused, instants monotone, cancellation."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace

import pytest

from domain.claims import ClaimKind
from domain.errors import Invalid, KindredError
from domain.ids import KeyHash, PersonId
from domain.links import LinkKind
from graph.opening import GraphStore
from graph.port import Stale
from graph.shapes import Batch, PersonWrite
from tests.conformance.graph.making import batch, claim, decided, hashed, ids, link, member, person


async def test_a_write_counts_what_is_new(store: GraphStore) -> None:
    first = batch(keys=[decided("k", 1)], claims=[claim("a", "k"), claim("b", "k"), claim("a", "k")])
    written = await store.writer.write(first)
    assert (written.sequence, written.claims_new, written.claims_repeated) == (1, 2, 1)


async def test_writing_again_changes_nothing_that_was_there(store: GraphStore) -> None:
    first = batch(person(1), keys=[decided("k", 1)], claims=[claim("a", "k"), claim("b", "k")])
    await store.writer.write(first)
    before = await store.writer.claims(ids(1))
    other = replace(claim("a", "k"), sealed=b"sealed anew", source="civil", kind=ClaimKind.LINK)
    again = batch(keys=[replace(decided("k", 1), wrapped=b"anew", reason="matched")], claims=[other, claim("b", "k")])
    written = await store.writer.write(again)
    assert (written.claims_new, written.claims_repeated) == (0, 2)
    assert await store.writer.claims(ids(1)) == before


async def test_versions_go_up_by_one(store: GraphStore) -> None:
    for base in range(3):
        await store.writer.write(batch(person(1, base)))
        shape = (await store.reader.facts(ids(1))).people[PersonId(1)]
        assert (shape.version, shape.facts) == (base + 1, f"facts 1 after {base}".encode())
        assert shape.wrapped == b"wrapped person 1", "kept when a write brings none"
    await store.writer.write(batch(replace(person(1, 3), wrapped=b"anew")))
    assert (await store.reader.facts(ids(1))).people[PersonId(1)].wrapped == b"anew"


@pytest.mark.parametrize("base", [0, 1, 3])
async def test_a_fold_from_another_version_is_stale(store: GraphStore, base: int) -> None:
    await store.writer.write(batch(person(1), person(2)))
    await store.writer.write(batch(person(1, 1)))
    with pytest.raises(Stale) as refused:
        await store.writer.write(batch(person(2, 1), person(1, base), person(3)))
    assert refused.value.persons == {1}


async def test_a_fold_of_someone_who_is_not_there_is_stale(store: GraphStore) -> None:
    with pytest.raises(Stale) as refused:
        await store.writer.write(batch(person(1, 1), person(2, 4), person(3)))
    assert refused.value.persons == {1, 2}


async def test_a_key_decided_to_be_someone_else_is_stale(store: GraphStore) -> None:
    await store.writer.write(batch(keys=[decided("k", 1)]))
    with pytest.raises(Stale) as refused:
        await store.writer.write(batch(keys=[decided("k", 2), decided("fresh", 3)]))
    assert refused.value.persons == {1, 2}
    assert await store.reader.owners([hashed("k"), hashed("fresh")]) == {hashed("k"): 1}


def _full(*people: PersonWrite) -> Batch:
    """A batch that leaves a trace in every place a batch can."""
    rich = person(
        7,
        records={0: b"r"},
        links=[link(7, 1, LinkKind.GUARDIAN, "k7")],
        homes=[70],
        searches=["s7"],
        nationals=["n7"],
    )
    return batch(
        rich,
        *people,
        keys=[decided("k7", 7)],
        claims=[claim("c7", "k7")],
        cursor=("population", b"moved"),
        outbox=["e7"],
    )


async def _traces(store: GraphStore) -> list[object]:
    reader = store.reader
    return [
        await reader.sequence(),
        (await reader.facts(ids(7))).people,
        await reader.records(ids(7), [0]),
        (await reader.links(ids(1), frozenset(LinkKind))).links,
        await reader.search([hashed("s7")], 1),
        await reader.find([hashed("n7")]),
        await reader.owners([hashed("k7")]),
        await reader.lineage(ids(7)),
        await store.writer.cursor("population"),
        await store.writer.pending(9),
    ]


async def test_a_refused_batch_leaves_no_trace(store: GraphStore) -> None:
    await store.writer.write(batch(person(1), keys=[decided("k", 1)]))
    before = await _traces(store)
    undecided = person(2, links=[link(2, 1, LinkKind.GUARDIAN, "nobody decided")])
    for bad in (_full(person(1, 5)), _full(undecided)):
        with pytest.raises(KindredError):
            await store.writer.write(bad)
        assert await _traces(store) == before
    # The control: the same batch without its fault changes every one of them.
    await store.writer.write(_full())
    assert all(now != then for now, then in zip(await _traces(store), before, strict=True))


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        (batch(instant="yesterday"), "instant"),
        (batch(instant="2026-03-01T10:00:00"), "instant"),
        (batch(person(1), person(1)), "people"),
        (batch(person(0)), "people"),
        (batch(person(2**58)), "people"),
        (batch(replace(person(1), wrapped=None)), "people"),
        (batch(person(1, -1)), "people"),
        (batch(person(1, records={16: b""})), "records"),
        (batch(person(1, records={-1: b""})), "records"),
        (batch(person(1, links=[link(2, 1, LinkKind.GUARDIAN, "k")])), "links"),
        (batch(person(1, links=[link(1, 2**60, LinkKind.GUARDIAN, "k")])), "links"),
        (batch(replace(person(1), memberships=(member(2, 5),))), "memberships"),
        (batch(person(1, homes=[0])), "memberships"),
        (batch(keys=[decided("k", 1), decided("k", 2)]), "keys"),
        (batch(keys=[decided("k", 2**58)]), "keys"),
    ],
)
async def test_what_no_store_can_write_is_invalid(store: GraphStore, bad: Batch, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        await store.writer.write(bad)
    assert refused.value.field == field
    assert await store.reader.sequence() == 0


async def test_instants_never_go_back(store: GraphStore) -> None:
    given = ["2026-03-01T10:00:00Z", "2026-03-01T09:00:00.5Z", "2026-03-01T15:00:00.500+05:00", "2026-03-01T10:00:01Z"]
    for n, instant in enumerate(given):
        await store.writer.write(batch(keys=[decided("k", 1)], claims=[claim(str(n), "k")], instant=instant))
    rows = await store.reader.lineage(ids(1))
    assert [row.instant[11:] for row in rows] == ["10:00:00.000Z", "10:00:00.000Z", "10:00:00.500Z", "10:00:01.000Z"]


async def test_claims_of_a_key_decided_later_come_with_it(store: GraphStore) -> None:
    await store.writer.write(batch(person(1), claims=[claim("early", "k")]))
    assert (await store.writer.claims(ids(1)))[PersonId(1)].claims == ()
    await store.writer.write(batch(keys=[decided("k", 1, reason="reviewed")]))
    assert [row.sequence for row in (await store.writer.claims(ids(1)))[PersonId(1)].claims] == [1]


async def test_claims_give_a_fold_all_it_starts_from(store: GraphStore) -> None:
    await store.writer.write(
        batch(
            person(2, nationals=["later", "first"]),
            person(1),
            keys=[decided("b", 2), decided("a", 2, "civil")],
            claims=[claim("z", "b"), claim("y", "a", ClaimKind.MEMBERSHIP, "civil")],
        )
    )
    await store.writer.write(batch(person(2, 1, nationals=["later", "first", "added"]), claims=[claim("x", "b")]))
    answer = await store.writer.claims([PersonId(2), PersonId(99), PersonId(2**70), PersonId(1)])
    assert list(answer) == [2, 1]
    whole = answer[PersonId(2)]
    assert (whole.person, whole.version, whole.wrapped) == (2, 2, b"wrapped person 2")
    assert whole.keys == {hashed("a"): b"wrapped a", hashed("b"): b"wrapped b"}
    assert [(row.claim, row.key, row.kind, row.source, row.sequence, row.sealed) for row in whole.claims] == [
        (hashed("claim z"), hashed("b"), ClaimKind.RECORD, "population", 1, b"sealed claim z"),
        (hashed("claim y"), hashed("a"), ClaimKind.MEMBERSHIP, "civil", 1, b"sealed claim y"),
        (hashed("claim x"), hashed("b"), ClaimKind.RECORD, "population", 2, b"sealed claim x"),
    ]
    assert whole.nationals == (*sorted([hashed("first"), hashed("later")]), hashed("added"))
    assert await store.writer.claims([]) == {}


async def test_parallel_folds_of_one_person_lose_nothing(store: GraphStore) -> None:
    """Twenty tasks add a claim each and fold: every claim arrives, and the last fold has seen all of them."""
    await store.writer.write(batch(person(1), keys=[decided("k", 1)]))
    refusals = 0

    async def pull(n: int) -> None:
        nonlocal refusals
        while True:
            known = (await store.writer.claims(ids(1)))[PersonId(1)]
            await asyncio.sleep(0)
            folded = person(1, known.version, records={0: b"%d" % (len(known.claims) + 1)})
            try:
                await store.writer.write(batch(folded, claims=[claim(str(n), "k")]))
            except Stale:
                refusals += 1
            else:
                return

    await asyncio.gather(*(pull(n) for n in range(20)))
    assert len(await store.reader.lineage(ids(1))) == 20
    assert (await store.reader.records(ids(1), [0]))[0].sealed == b"20"
    assert refusals > 0, "else nothing ran in parallel and the test shows nothing"


async def test_a_cancelled_write_is_whole_or_absent(store: GraphStore) -> None:
    keys = [decided(f"k{i}", i) for i in range(1, 301)]
    outcomes = set()
    for n in range(30):
        people = [person(1 + i + n * 300, records={0: b"r"}) for i in range(300)]
        task = asyncio.ensure_future(store.writer.write(batch(*people, keys=keys)))
        for _ in range(n % 3):
            await asyncio.sleep(0)
        if n % 3 == 2:
            await asyncio.sleep(0.001)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        # A write that follows comes after whatever became of the cancelled one.
        await store.writer.write(batch())
        there = len((await store.reader.facts([row.person for row in people])).people)
        assert there in {0, 300}
        outcomes.add(there)
    assert outcomes == {0, 300}, "some before they began, some in their midst: else the test shows nothing"


async def test_a_fold_of_claims_names_only_the_persons_keys(store: GraphStore) -> None:
    await store.writer.write(batch(person(1), person(2), keys=[decided("a", 1), decided("b", 2)]))
    answer = await store.writer.claims(ids(1, 2))
    assert [set(answer[PersonId(i)].keys) for i in (1, 2)] == [{hashed("a")}, {KeyHash(hashed("b"))}]
