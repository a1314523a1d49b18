"""Reader: sequence, find, owners, search, records, households, scan, lineage."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.claims import ClaimKind
from domain.errors import Invalid
from domain.ids import HouseholdId, PersonId
from graph.opening import GraphStore
from graph.shapes import LineageRow, RecordRow
from tests.conformance.graph.making import batch, claim, decided, hashed, ids, member, person

_UNHEARD_OF = [PersonId(0), PersonId(-4), PersonId(77), PersonId(2**58), PersonId(2**63), PersonId(2**200)]


async def test_an_empty_graph_answers_every_read_with_nothing(store: GraphStore) -> None:
    reader = store.reader
    assert await reader.sequence() == 0
    assert await reader.find([hashed("n")]) == {}
    assert await reader.owners([hashed("k")]) == {}
    assert await reader.search([hashed("s")], 10) == ()
    assert await reader.households([HouseholdId(1)]) == ()
    assert await reader.records(ids(1), [0]) == ()
    assert await reader.lineage(ids(1)) == ()
    assert [page async for page in reader.scan()] == []


async def test_empty_lists_are_asked_and_answered_like_others(store: GraphStore) -> None:
    await store.writer.write(batch(person(1, records={0: b"r"}, homes=[5], searches=["s"], nationals=["n"])))
    reader = store.reader
    assert await reader.find([]) == {}
    assert await reader.owners([]) == {}
    assert await reader.search([], 10) == ()
    assert await reader.households([]) == ()
    assert await reader.records([], [0]) == ()
    assert await reader.records(ids(1), []) == ()
    assert await reader.lineage([]) == ()


async def test_ids_that_nobody_can_have_are_absent_and_spoil_nothing(store: GraphStore) -> None:
    await store.writer.write(batch(person(1, records={0: b"r"}, homes=[5])))
    asked = [*_UNHEARD_OF, PersonId(1)]
    assert await store.reader.records(asked, [0]) == (RecordRow(PersonId(1), 0, b"r"),)
    assert await store.reader.lineage(asked) == ()
    assert await store.reader.households([HouseholdId(i) for i in (*_UNHEARD_OF, 5)]) == (member(1, 5),)


async def test_sequence_counts_batches(store: GraphStore) -> None:
    for expected in (1, 2, 3):
        assert (await store.writer.write(batch())).sequence == expected
        assert await store.reader.sequence() == expected


async def test_find_tells_people_in_order_of_first_statement(store: GraphStore) -> None:
    await store.writer.write(batch(person(9, nationals=["shared"])))
    await store.writer.write(batch(person(3, nationals=["shared", "own"]), person(2, nationals=["shared"])))
    # Stated again, person 9 stays first.
    await store.writer.write(batch(person(9, 1, nationals=["other", "shared"])))
    asked = [hashed("own"), hashed("nobody's"), hashed("shared"), hashed("own")]
    found = await store.reader.find(asked)
    assert found == {hashed("own"): (3,), hashed("shared"): (9, 2, 3)}
    assert list(found) == [hashed("own"), hashed("shared")]


async def test_find_keeps_the_order_in_which_one_batch_stated_an_id(store: GraphStore) -> None:
    people = [person(number, nationals=["n", "other"]) for number in (1, 2, 3, 4)]
    order = {"n": (3, 1, 2), "other": (2, 3)}
    stated = [(hashed(name), PersonId(number)) for name, numbers in order.items() for number in numbers]
    await store.writer.write(replace(batch(*people), stated=tuple(stated)))
    found = await store.reader.find([hashed("n"), hashed("other")])
    assert found == {hashed("n"): (3, 1, 2, 4), hashed("other"): (2, 3, 1, 4)}, "those left out come last"
    again = (hashed("n"), PersonId(4)), (hashed("n"), PersonId(5))
    later = batch(person(4, 1, nationals=["n", "other"]), person(5, nationals=["n"]))
    await store.writer.write(replace(later, stated=again))
    assert await store.reader.find([hashed("n")]) == {hashed("n"): (3, 1, 2, 4, 5)}


async def test_find_forgets_an_id_that_the_fold_no_longer_has(store: GraphStore) -> None:
    await store.writer.write(batch(person(1, nationals=["a", "b"])))
    await store.writer.write(batch(person(1, 1, nationals=["b"])))
    assert await store.reader.find([hashed("a"), hashed("b")]) == {hashed("b"): (1,)}
    await store.writer.write(batch(person(1, 2)))
    assert await store.reader.find([hashed("b")]) == {hashed("b"): (1,)}, "None leaves the set as it is"


async def test_owners_follow_the_order_asked(store: GraphStore) -> None:
    await store.writer.write(batch(keys=[decided("a", 1), decided("b", 2)]))
    owners = await store.reader.owners([hashed("b"), hashed("undecided"), hashed("a"), hashed("b")])
    assert list(owners.items()) == [(hashed("b"), 2), (hashed("a"), 1)]


async def test_search_shows_one_more_than_the_limit(store: GraphStore) -> None:
    people = [person(i, searches=["common", f"own {i}"]) for i in range(1, 9)]
    await store.writer.write(batch(*people))
    search = store.reader.search
    assert await search([hashed("common"), hashed("own 2")], 100) == tuple(range(1, 9))
    assert await search([hashed("common")], 3) == (1, 2, 3, 4)
    assert await search([hashed("own 7"), hashed("own 2"), hashed("none")], 3) == (2, 7)
    assert await search([hashed("common")], 0) == (1,)
    with pytest.raises(Invalid):
        await search([hashed("common")], -1)


async def test_search_keys_are_replaced_as_a_whole(store: GraphStore) -> None:
    await store.writer.write(batch(person(1, searches=["old", "kept"])))
    await store.writer.write(batch(person(1, 1, searches=["kept", "new"])))
    found = [await store.reader.search([hashed(name)], 5) for name in ("old", "kept", "new")]
    assert found == [(), (1,), (1,)]


async def test_records_come_ascending_and_only_those_asked_for(store: GraphStore) -> None:
    await store.writer.write(batch(person(2, records={0: b"2/0", 8: b"2/8"}), person(1, records={15: b"1/15"})))
    every = await store.reader.records(ids(2, 1, 2), range(16))
    assert every == (
        RecordRow(PersonId(1), 15, b"1/15"),
        RecordRow(PersonId(2), 0, b"2/0"),
        RecordRow(PersonId(2), 8, b"2/8"),
    )
    assert await store.reader.records(ids(1, 2), [8, 8]) == (RecordRow(PersonId(2), 8, b"2/8"),)
    for wrong in (-1, 16):
        with pytest.raises(Invalid):
            await store.reader.records(ids(1), [wrong])


async def test_records_left_out_of_a_write_stay(store: GraphStore) -> None:
    await store.writer.write(batch(person(1, records={0: b"a", 1: b"b"})))
    await store.writer.write(batch(person(1, 1, records={1: b"c"})))
    assert [row.sealed for row in await store.reader.records(ids(1), [0, 1])] == [b"a", b"c"]


async def test_the_largest_id_has_records_like_any_other(store: GraphStore) -> None:
    last = 2**58 - 1
    await store.writer.write(batch(person(last, records={15: b"r"}, homes=[last])))
    assert await store.reader.records(ids(last), [15]) == (RecordRow(PersonId(last), 15, b"r"),)
    assert list((await store.reader.facts(ids(last))).households) == [last]


async def test_households_list_everyone_ever_in_them(store: GraphStore) -> None:
    await store.writer.write(batch(person(2, homes=[6, 5]), person(1, homes=[5, 5])))
    expected = (member(1, 5), member(1, 5), member(2, 5), member(2, 6))
    assert await store.reader.households([HouseholdId(6), HouseholdId(5), HouseholdId(7)]) == expected
    await store.writer.write(batch(person(2, 1, homes=[6])))
    assert await store.reader.households([HouseholdId(5)]) == (member(1, 5), member(1, 5))


@pytest.mark.parametrize("size", [1, 2, 3, 4, 100])
async def test_scan_pages_through_everyone_once(store: GraphStore, size: int) -> None:
    await store.writer.write(batch(*(person(i) for i in (30, 10, 20))))
    pages = [page async for page in store.reader.scan(size=size)]
    assert [i for page in pages for i in page] == [10, 20, 30]
    assert all(0 < len(page) <= size for page in pages)
    after = [page async for page in store.reader.scan(after=PersonId(10), size=size)]
    assert [i for page in after for i in page] == [20, 30]


async def test_scan_refuses_a_page_of_nothing(store: GraphStore) -> None:
    with pytest.raises(Invalid):
        _ = [page async for page in store.reader.scan(size=0)]


async def test_scan_sees_who_is_written_ahead_of_it(store: GraphStore) -> None:
    await store.writer.write(batch(person(1), person(2)))
    seen: list[int] = []
    async for page in store.reader.scan(size=1):
        seen += page
        if page == (1,):
            await store.writer.write(batch(person(3)))
    assert seen == [1, 2, 3]


async def test_lineage_names_claims_in_recorded_order_without_payloads(store: GraphStore) -> None:
    await store.writer.write(
        batch(
            keys=[decided("a", 1), decided("b", 1, "civil"), decided("c", 2)],
            claims=[claim("2", "b", ClaimKind.LINK, "civil"), claim("1", "a"), claim("3", "c")],
            instant="2026-03-01T10:00:00Z",
        )
    )
    await store.writer.write(batch(claims=[claim("0", "a", ClaimKind.RETRACTION)], instant="2026-03-02T10:00:00Z"))
    first, second = "2026-03-01T10:00:00.000Z", "2026-03-02T10:00:00.000Z"
    assert await store.reader.lineage(ids(2, 1)) == (
        LineageRow(PersonId(2), hashed("claim 3"), "population", ClaimKind.RECORD, 1, first),
        LineageRow(PersonId(1), hashed("claim 2"), "civil", ClaimKind.LINK, 1, first),
        LineageRow(PersonId(1), hashed("claim 1"), "population", ClaimKind.RECORD, 1, first),
        LineageRow(PersonId(1), hashed("claim 0"), "population", ClaimKind.RETRACTION, 2, second),
    )


async def test_reads_take_thousands_of_ids_at_once(store: GraphStore) -> None:
    count = 1203
    people = [
        person(i, records={0: b"r%d" % i}, homes=[i], searches=[f"s{i}"], nationals=[f"n{i}"]) for i in range(1, count)
    ]
    keys = [decided(f"k{i}", i) for i in range(1, count)]
    await store.writer.write(batch(*people, keys=keys, claims=[claim(f"c{i}", f"k{i}") for i in range(1, count)]))
    everyone = [PersonId(i) for i in range(1, count + 500)]
    assert len(await store.reader.records(everyone, range(9))) == count - 1
    assert len(await store.reader.lineage(everyone)) == count - 1
    assert len((await store.reader.facts(everyone)).people) == count - 1
    assert len(await store.reader.households([HouseholdId(i) for i in everyone])) == count - 1
    assert len(await store.reader.find([hashed(f"n{i}") for i in everyone])) == count - 1
    assert await store.reader.search([hashed(f"s{i}") for i in reversed(everyone)], 700) == tuple(range(1, 702))
    assert len(await store.writer.claims(everyone)) == count - 1
