"""Reads at an earlier sequence: what stood then, and nothing that policy must know."""

from __future__ import annotations

import pytest

from domain.errors import Invalid
from domain.ids import HouseholdId, PersonId
from domain.links import LinkKind
from graph.opening import GraphStore
from tests.conformance.graph.making import batch, decided, hashed, ids, link, member, person

ALL = frozenset(LinkKind)
FAR = 2**63


async def _records(store: GraphStore, at: int | None, *people: int) -> list[bytes]:
    return [row.sealed for row in await store.reader.records(ids(*people or (1,)), range(16), at)]


async def test_a_record_stands_until_it_is_replaced_and_not_a_batch_longer(store: GraphStore) -> None:
    await store.writer.write(batch())
    await store.writer.write(batch(person(1, records={0: b"a", 3: b"b"})))
    await store.writer.write(batch(person(1, 1)))
    await store.writer.write(batch(person(1, 2, records={0: b"c"})))
    await store.writer.write(batch(person(1, 3, records={0: b"d", 4: b"e"})))
    stood = [await _records(store, at) for at in range(6)]
    assert stood == [[], [], [b"a", b"b"], [b"a", b"b"], [b"c", b"b"], [b"d", b"b", b"e"]]
    for now in (None, 5, 6, FAR, 2**200):
        assert await _records(store, now) == [b"d", b"b", b"e"]
    for never in (0, -1, -FAR, -(2**200)):
        assert await _records(store, never) == []


async def test_a_person_written_again_by_the_same_batch_number_is_two_states(store: GraphStore) -> None:
    """Two people's histories do not touch each other, whichever batch wrote them."""
    await store.writer.write(batch(person(1, records={0: b"a1"}), person(2, records={0: b"a2"})))
    await store.writer.write(batch(person(2, 1, records={0: b"b2"})))
    assert await _records(store, 1, 1, 2) == [b"a1", b"a2"]
    assert await _records(store, 2, 1, 2) == [b"a1", b"b2"]


async def test_links_at_a_sequence_are_seen_from_both_ends_with_the_facts_of_today(store: GraphStore) -> None:
    first = [link(1, 2, LinkKind.PARENT_BIRTH, "k"), link(1, 3, LinkKind.PARTNER_MARRIAGE, "k")]
    await store.writer.write(batch(person(1, links=first), person(2), person(3), keys=[decided("k", 1)]))
    await store.writer.write(batch(person(1, 1, links=[link(1, 3, LinkKind.GUARDIAN, "k")])))
    await store.writer.write(batch(person(2, 1), person(3, 1)))
    then = await store.reader.links(ids(1), ALL, 1)
    assert [(one.other, one.kind, one.outgoing) for one in then.links] == [
        (2, LinkKind.PARENT_BIRTH, True),
        (3, LinkKind.PARTNER_MARRIAGE, True),
    ]
    assert then.links[0].wrapped == b"wrapped k"
    assert then.far == await store.reader.facts(ids(2, 3))
    assert [one.outgoing for one in (await store.reader.links(ids(2), ALL, 1)).links] == [False]
    assert (await store.reader.links(ids(2), ALL, 2)).links == ()
    assert [one.kind for one in (await store.reader.links(ids(3), ALL, 2)).links] == [LinkKind.GUARDIAN]
    assert (await store.reader.links(ids(3), frozenset({LinkKind.GUARDIAN}), 1)).links == ()
    assert await store.reader.links(ids(1), ALL, 3) == await store.reader.links(ids(1), ALL)
    assert (await store.reader.links(ids(1), ALL, 0)).links == ()


async def test_memberships_at_a_sequence_by_person_and_by_household(store: GraphStore) -> None:
    await store.writer.write(batch(person(1, homes=[5, 6, 5]), person(2, homes=[5])))
    await store.writer.write(batch(person(1, 1, homes=[6])))
    await store.writer.write(batch(person(1, 2, homes=[])))
    reader = store.reader
    by_person = [await reader.memberships(ids(1), at) for at in (0, 1, 2, 3, None)]
    assert by_person == [(), (member(1, 5), member(1, 5), member(1, 6)), (member(1, 6),), (), ()]
    by_home = [[row.person for row in await reader.households([HouseholdId(5)], at)] for at in (0, 1, 2, 3, None)]
    assert by_home == [[], [1, 1, 2], [2], [2], [2]]


async def test_memberships_come_ascending_each_persons_in_the_order_written(store: GraphStore) -> None:
    rows = (member(2, 7, "b"), member(2, 5), member(2, 7, "a"))
    await store.writer.write(batch(person(1, homes=[9])))
    later = person(2)
    await store.writer.write(batch(type(later)(later.person, 0, later.wrapped, later.facts, memberships=rows)))
    expected = (member(1, 9), member(2, 5), member(2, 7, "b"), member(2, 7, "a"))
    assert await store.reader.memberships([PersonId(2), PersonId(99), PersonId(1), PersonId(2)]) == expected
    assert await store.reader.memberships([]) == ()


async def test_facts_and_ties_know_no_past(store: GraphStore) -> None:
    """What policy hangs on is today's: neither call takes a sequence."""
    await store.writer.write(batch(person(1, links=[link(1, 2, LinkKind.GUARDIAN, "k")]), keys=[decided("k", 1)]))
    await store.writer.write(batch(person(1, 1, links=[])))
    assert (await store.reader.facts(ids(1))).people[PersonId(1)].parents == ()
    assert await store.reader.ties(ids(1), ALL) == ()
    assert len((await store.reader.links(ids(1), ALL, 1)).links) == 1, "the control"


async def test_the_sequence_at_an_instant_is_the_newest_by_then(store: GraphStore) -> None:
    for instant in ("2026-03-01T10:00:00Z", "2026-03-01T10:00:00Z", "2026-03-01T09:00:00Z", "2026-03-02T10:00:00.5Z"):
        await store.writer.write(batch(instant=instant))
    sequence_at = store.reader.sequence_at
    asked = {
        "2026-03-01T09:59:59.999Z": 0,
        "2026-03-01T09:30:00Z": 0,
        "2026-03-01T10:00:00Z": 3,
        "2026-03-01T15:00:00+05:00": 3,
        "2026-03-02T10:00:00.499Z": 3,
        "2026-03-02T10:00:00.500Z": 4,
        "2126-01-01T00:00:00Z": 4,
        "0001-01-02T00:00:00Z": 0,
    }
    assert {instant: await sequence_at(instant) for instant in asked} == asked


@pytest.mark.parametrize("instant", ["", "yesterday", "2026-03-01", "2026-03-01T10:00:00", "0001-01-01T00:00:00+05:00"])
async def test_what_is_no_instant_is_invalid(store: GraphStore, instant: str) -> None:
    with pytest.raises(Invalid) as refused:
        await store.reader.sequence_at(instant)
    assert refused.value.field == "instant"


async def test_an_empty_graph_stood_nowhere(store: GraphStore) -> None:
    assert await store.reader.sequence_at("2026-03-01T10:00:00Z") == 0
    assert await store.reader.memberships(ids(1), 0) == ()
    assert await store.reader.origins([hashed("claim a")]) == ()
    assert await store.reader.decisions(ids(1)) == ()
    assert await store.reader.former(ids(1)) == {}
    assert await store.reader.suppressed([hashed("k")]) == frozenset()


async def test_a_long_history_reads_right_at_every_step(store: GraphStore) -> None:
    steps = 40
    for n in range(steps):
        homes = [1 + n % 3, 1 + n % 2]
        await store.writer.write(batch(person(1, n, records={n % 4: b"%d" % n}, homes=homes if n % 2 else None)))
    for at in range(1, steps + 1):
        newest = {n % 4: b"%d" % n for n in range(at)}
        assert await _records(store, at) == [newest[category] for category in sorted(newest)]
        last = max((n for n in range(at) if n % 2), default=None)
        expected = sorted([1 + last % 3, 1 + last % 2]) if last is not None else []
        assert [row.household for row in await store.reader.memberships(ids(1), at)] == expected
