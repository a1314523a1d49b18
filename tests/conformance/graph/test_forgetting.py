"""Upkeep.forget: people gone now and at every earlier sequence, their marks kept, everyone else whole."""

from __future__ import annotations

import pytest

from domain.ids import HouseholdId, PersonId
from domain.links import LinkKind
from graph.opening import GraphStore
from graph.port import Stale
from tests.conformance.graph.making import again, away, batch, claim, decided, hashed, ids, link, member, move, person

ALL = frozenset(LinkKind)


async def _family(store: GraphStore) -> None:
    """1 and 2 are partners in home 10, 3 is their child; each was written twice."""
    keys = [decided(f"k{i}", i) for i in (1, 2, 3)]
    claims = [claim(f"c{i}", f"k{i}") for i in (1, 2, 3)]
    parents = [link(3, 1, LinkKind.PARENT_BIRTH, "k3"), link(3, 2, LinkKind.PARENT_BIRTH, "k3")]
    for base in (0, 1):
        await store.writer.write(
            batch(
                person(1, base, records={0: b"1/%d" % base}, homes=[10], searches=["s1"], nationals=["n1"]),
                person(
                    2, base, records={0: b"2/%d" % base}, homes=[10], links=[link(2, 1, LinkKind.PARTNER_CIVIL, "k2")]
                ),
                person(3, base, records={0: b"3/%d" % base}, homes=[10, 30], links=parents, nationals=["n3", "n1"]),
                keys=keys,
                claims=claims,
            )
        )


async def test_nothing_of_a_forgotten_person_is_left_at_any_sequence(store: GraphStore) -> None:
    await _family(store)
    assert await store.upkeep.forget(ids(1), [hashed("another")]) == 1
    reader = store.reader
    for at in (0, 1, 2, None):
        assert await reader.records(ids(1), range(16), at) == ()
        assert await reader.memberships(ids(1), at) == ()
        assert (await reader.links(ids(1), ALL, at)).links == ()
        assert 1 not in {one.other for one in (await reader.links(ids(2, 3), ALL, at)).links}
        assert 1 not in {row.person for row in await reader.households([HouseholdId(10)], at)}
    assert (await reader.facts(ids(1))).people == {}
    assert (await reader.facts(ids(3))).people[PersonId(3)].parents == (2,)
    assert await reader.owners([hashed("k1")]) == {}
    assert await reader.search([hashed("s1")], 5) == ()
    assert await reader.find([hashed("n1"), hashed("n3")]) == {hashed("n1"): (3,), hashed("n3"): (3,)}
    assert await reader.lineage(ids(1)) == ()
    assert await reader.origins([hashed("claim c1")]) == ()
    assert await reader.decisions(ids(1)) == ()
    assert await store.writer.claims(ids(1)) == {}
    assert [i async for page in reader.scan() for i in page] == [2, 3]


async def test_everyone_else_is_whole_at_every_sequence(store: GraphStore) -> None:
    await _family(store)
    await store.upkeep.forget(ids(1), [])
    reader = store.reader
    for at, base in ((1, 0), (2, 1), (3, 1), (None, 1)):
        assert [row.sealed for row in await reader.records(ids(2, 3), [0], at)] == [b"2/%d" % base, b"3/%d" % base]
        assert await reader.memberships(ids(3), at) == (member(3, 10), member(3, 30))
        assert [one.other for one in (await reader.links(ids(3), ALL, at)).links] == [2]
    assert {row.claim for row in await reader.lineage(ids(2, 3))} == {hashed("claim c2"), hashed("claim c3")}


async def test_hashes_stay_as_marks_and_nobody_elses(store: GraphStore) -> None:
    await _family(store)
    assert await store.reader.suppressed([hashed("k1")]) == frozenset()
    await store.upkeep.forget(ids(1), [hashed("another")])
    asked = [hashed(name) for name in ("k1", "n1", "another", "k2", "n3", "s1", "claim c1")]
    assert await store.reader.suppressed(asked) == {hashed("k1"), hashed("n1"), hashed("another")}
    assert await store.reader.suppressed([]) == frozenset()


async def test_the_versions_of_those_they_were_linked_to_move_on(store: GraphStore) -> None:
    await _family(store)
    await store.writer.write(batch(person(4, homes=[10])))
    await store.upkeep.forget(ids(1), [])
    people = (await store.reader.facts(ids(2, 3, 4))).people
    assert [shape.version for shape in people.values()] == [3, 3, 1], "2 is linked to them, 3 by them, 4 is not"
    with pytest.raises(Stale) as refused:
        await store.writer.write(batch(person(3, 2)))
    assert refused.value.persons == {3}


async def test_it_takes_a_sequence_so_that_what_was_read_before_is_stale(store: GraphStore) -> None:
    await _family(store)
    await store.upkeep.forget(ids(1), [])
    assert await store.reader.sequence() == 3
    assert await store.reader.sequence_at("2026-03-01T10:00:00Z") == 3
    with pytest.raises(Stale) as refused:
        await store.writer.write(batch(person(1), keys=[decided("k1", 1)], read_at=2))
    assert refused.value.persons == {1}
    await store.writer.write(batch(person(1), keys=[decided("k1", 1)], read_at=3))
    assert await store.reader.records(ids(1), [0], 2) == (), "somebody new under an old id has no past"


async def test_a_second_call_changes_nothing(store: GraphStore) -> None:
    await _family(store)
    assert await store.upkeep.forget(ids(1, 1, 99, 0, -1, 2**58), [hashed("m")]) == 1
    again_once = (await store.reader.facts(ids(2, 3)), await store.reader.sequence())
    assert await store.upkeep.forget(ids(1, 99), [hashed("m"), hashed("k1")]) == 0
    assert await store.upkeep.forget([], []) == 0
    assert (await store.reader.facts(ids(2, 3)), await store.reader.sequence()) == again_once


async def test_marks_alone_take_a_sequence_and_are_not_people(store: GraphStore) -> None:
    assert await store.upkeep.forget(ids(5), [hashed("m")]) == 0
    assert await store.reader.sequence() == 1
    assert await store.reader.sequence_at("1970-01-01T00:00:00Z") == 1, "no clock was read"
    with pytest.raises(Stale):
        await store.writer.write(batch(keys=[decided("m", 5)], read_at=0))
    assert (await store.writer.write(batch(keys=[decided("m", 5)], read_at=1))).sequence == 2


async def test_who_is_known_by_a_key_alone_is_forgotten_too(store: GraphStore) -> None:
    await store.writer.write(batch(keys=[decided("k", 8)], claims=[claim("c", "k")]))
    assert await store.upkeep.forget(ids(8), []) == 1
    assert await store.reader.origins([hashed("claim c")]) == ()
    assert await store.reader.suppressed([hashed("k")]) == {hashed("k")}


@pytest.mark.parametrize("asked", [1, 2])
async def test_ids_that_were_merged_into_them_go_with_them(store: GraphStore, asked: int) -> None:
    await _family(store)
    await store.writer.write(
        batch(
            away(1, 2),
            person(2, 2, records={0: b"both"}, links=[]),
            person(3, 2, links=[link(3, 2, LinkKind.PARENT_BIRTH, "k3")]),
            anew=[again("k1", 1, 2)],
            moves=[move(1, 2)],
        )
    )
    assert await store.upkeep.forget(ids(asked), []) == 1
    assert (await store.reader.facts(ids(1, 2))).people == {}
    assert await store.reader.former(ids(1, 2)) == {}
    assert await store.reader.decisions(ids(1, 2)) == ()
    assert await store.reader.suppressed([hashed("k1"), hashed("k2")]) == {hashed("k1"), hashed("k2")}
    for at in (1, 2, 3, None):
        assert await store.reader.records(ids(1, 2), [0], at) == ()
        assert (await store.reader.links(ids(3), ALL, at)).links == ()


async def test_what_was_written_about_another_while_the_key_was_theirs_goes_too(store: GraphStore) -> None:
    """1 was taken for 2 at sequences 3 and 4: what was known of 2 in those days may be of 1, and is not shown again."""
    await _family(store)
    whole = batch(
        away(1, 2),
        person(2, 2, records={0: b"both", 1: b"of one"}, homes=[10, 11], links=[]),
        person(3, 2, links=[link(3, 2, LinkKind.PARENT_BIRTH, "k3")]),
        anew=[again("k1", 1, 2)],
        moves=[move(1, 2)],
    )
    await store.writer.write(whole)
    await store.writer.write(batch(person(2, 3, records={2: b"kept unchanged since"})))
    await store.writer.write(
        batch(
            person(1, 3, homes=[10]),
            person(2, 4, records={0: b"two", 1: b""}, homes=[10], links=[]),
            person(3, 3, links=[link(3, 1, LinkKind.PARENT_BIRTH, "k3"), link(3, 2, LinkKind.PARENT_BIRTH, "k3")]),
            anew=[again("k1", 2, 1, "unmerged")],
            moves=[move(1, None)],
        )
    )
    await store.writer.write(batch(person(2, 5, records={0: b"two again"}, homes=[12])))
    control = [row.sealed for row in await store.reader.records(ids(2), [0, 1, 2], 4)]
    assert control == [b"both", b"of one", b"kept unchanged since"]
    assert await store.upkeep.forget(ids(1), []) == 1

    async def known(at: int) -> tuple[list[bytes], list[HouseholdId], list[PersonId]]:
        records = [row.sealed for row in await store.reader.records(ids(2), [0, 1, 2], at)]
        homes = [row.household for row in await store.reader.memberships(ids(2), at)]
        return records, homes, [one.other for one in (await store.reader.links(ids(3), ALL, at)).links]

    assert await known(2) == ([b"2/1"], [10], [2]), "what was known before is the other's own"
    assert await known(3) == ([], [], [])
    assert await known(4) == ([b"kept unchanged since"], [], []), "what still stands was derived without it, or stands"
    assert await known(5) == ([b"two", b"", b"kept unchanged since"], [10], [2]), "from the day they were parted on"
    assert await known(6) == ([b"two again", b"", b"kept unchanged since"], [12], [2])
