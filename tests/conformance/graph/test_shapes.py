"""Reader: facts and links."""

from __future__ import annotations

import pytest

from domain.ids import PersonId
from domain.links import CARE, PARENTS, PARTNERS, LinkKind
from graph.opening import GraphStore
from graph.shapes import PersonShape
from tests.conformance.graph.making import batch, decided, hashed, ids, link, member, person

ALL = frozenset(LinkKind)


async def _family(store: GraphStore) -> None:
    """1 and 2 are partners, 3 their child; all live in 10; 3 also in 20 with 4. 5 is 4's parent and lives alone."""
    await store.writer.write(
        batch(
            person(1, homes=[10], links=[link(1, 2, LinkKind.PARTNER_MARRIAGE, "k1")], nationals=["n1"]),
            person(2, homes=[10]),
            person(
                3,
                homes=[20, 10],
                links=[link(3, 2, LinkKind.PARENT_BIRTH, "k3"), link(3, 1, LinkKind.PARENT_BIRTH, "k3")],
                nationals=["n3", "n3 mistyped"],
            ),
            person(4, homes=[20], links=[link(4, 5, LinkKind.PARENT_ADOPTIVE, "k4")]),
            person(5, homes=[50]),
            keys=[decided(f"k{i}", i) for i in range(1, 6)] + [decided("k3 civil", 3, "civil")],
        )
    )


async def test_facts_hold_all_that_protection_hangs_on(store: GraphStore) -> None:
    await _family(store)
    facts = await store.reader.facts(ids(3))
    keys = (*sorted([hashed("k3"), hashed("k3 civil")]), *sorted([hashed("n3"), hashed("n3 mistyped")]))
    assert facts.people == {
        3: PersonShape(
            person=PersonId(3),
            version=1,
            wrapped=b"wrapped person 3",
            facts=b"facts 3 after 0",
            keys=keys,
            memberships=(member(3, 10), member(3, 20)),
            parents=(PersonId(1), PersonId(2)),
        )
    }
    assert list(facts.around) == [1, 2, 4]
    assert facts.households == {10: (1, 2, 3), 20: (3, 4)}


async def test_facts_go_one_step_and_no_further(store: GraphStore) -> None:
    await _family(store)
    facts = await store.reader.facts(ids(3))
    assert facts.around[PersonId(4)].parents == (5,), "the shape of someone around is whole"
    assert 5 not in facts.around
    assert 50 not in facts.households


async def test_facts_of_parents_do_not_reach_down_to_children_elsewhere(store: GraphStore) -> None:
    await store.writer.write(
        batch(
            person(1, homes=[10]),
            person(2, homes=[20], links=[link(2, 1, LinkKind.PARENT_BIRTH, "k2")]),
            keys=[decided("k2", 2)],
        )
    )
    assert (await store.reader.facts(ids(1))).around == {}
    assert list((await store.reader.facts(ids(2))).around) == [1]


async def test_people_around_each_other_stand_in_both(store: GraphStore) -> None:
    await _family(store)
    facts = await store.reader.facts(ids(2, 1))
    assert list(facts.people) == [2, 1], "in the order asked"
    assert list(facts.around) == [1, 2, 3]
    assert all(facts.around[i] == facts.people[i] for i in facts.people)


@pytest.mark.parametrize("kind", LinkKind)
async def test_who_counts_as_a_parent(store: GraphStore, kind: LinkKind) -> None:
    await store.writer.write(batch(person(1, links=[link(1, 2, kind, "k")]), person(2), keys=[decided("k", 1)]))
    expected = [2] if kind in PARENTS | CARE else []
    facts = await store.reader.facts(ids(1))
    assert list(facts.people[PersonId(1)].parents) == expected
    assert list(facts.around) == expected


async def test_facts_of_no_one(store: GraphStore) -> None:
    await _family(store)
    for asked in ([], ids(99), ids(0, -1, 2**58, 2**64)):
        facts = await store.reader.facts(asked)
        assert (facts.people, facts.around, facts.households) == ({}, {}, {})
    mixed = await store.reader.facts(ids(99, 5, 2**64, 5))
    assert list(mixed.people) == [5]


async def test_a_parent_who_is_only_named_has_no_shape_yet(store: GraphStore) -> None:
    await store.writer.write(batch(person(1, links=[link(1, 8, LinkKind.GUARDIAN, "k")]), keys=[decided("k", 1)]))
    facts = await store.reader.facts(ids(1))
    assert facts.people[PersonId(1)].parents == (8,)
    assert facts.around == {}
    await store.writer.write(batch(person(8)))
    assert list((await store.reader.facts(ids(1))).around) == [8]


async def test_a_key_decided_without_a_fold_counts_at_once(store: GraphStore) -> None:
    await store.writer.write(batch(person(1), keys=[decided("a", 1)]))
    await store.writer.write(batch(keys=[decided("b", 1)]))
    shape = (await store.reader.facts(ids(1))).people[PersonId(1)]
    assert set(shape.keys) == {hashed("a"), hashed("b")}


async def test_links_are_seen_from_both_ends(store: GraphStore) -> None:
    await _family(store)
    up = await store.reader.links(ids(3), ALL)
    assert [(s.person, s.other, s.kind, s.outgoing) for s in up.links] == [
        (3, 1, LinkKind.PARENT_BIRTH, True),
        (3, 2, LinkKind.PARENT_BIRTH, True),
    ]
    down = await store.reader.links(ids(1), ALL)
    assert [(s.person, s.other, s.kind, s.outgoing) for s in down.links] == [
        (1, 2, LinkKind.PARTNER_MARRIAGE, True),
        (1, 3, LinkKind.PARENT_BIRTH, False),
    ]
    stated = down.links[1]
    assert (stated.key, stated.wrapped) == (hashed("k3"), b"wrapped k3"), "under the key of who stated it"
    assert stated.sealed == b"link 3 parent_birth 1 "


async def test_a_link_between_two_asked_is_there_as_each_sees_it(store: GraphStore) -> None:
    await _family(store)
    hop = await store.reader.links(ids(2, 1, 1), PARTNERS)
    assert [(s.person, s.other, s.outgoing) for s in hop.links] == [(1, 2, True), (2, 1, False)]


async def test_links_bring_the_facts_of_the_far_ends(store: GraphStore) -> None:
    await _family(store)
    hop = await store.reader.links(ids(1), PARENTS)
    assert hop.far == await store.reader.facts(ids(3))
    assert list(hop.far.people) == [3]


async def test_links_of_other_kinds_stay_out_with_their_far_ends(store: GraphStore) -> None:
    await _family(store)
    for kinds in (CARE, frozenset[LinkKind]()):
        hop = await store.reader.links(ids(1, 2, 3), kinds)
        assert hop.links == ()
        assert hop.far.people == {}


async def test_two_marriages_of_one_couple_are_two_links(store: GraphStore) -> None:
    twice = [link(1, 2, LinkKind.PARTNER_MARRIAGE, "k", "first"), link(1, 2, LinkKind.PARTNER_MARRIAGE, "k", "again")]
    await store.writer.write(batch(person(1, links=twice), person(2), keys=[decided("k", 1)]))
    for asked in (1, 2):
        sealed = [s.sealed for s in (await store.reader.links(ids(asked), ALL)).links]
        assert sealed == [row.sealed for row in twice]


async def test_links_are_replaced_as_a_whole(store: GraphStore) -> None:
    await _family(store)
    await store.writer.write(batch(person(3, 1, links=[link(3, 5, LinkKind.PARENT_BIRTH, "k3")])))
    assert [s.other for s in (await store.reader.links(ids(3), ALL)).links] == [5]
    assert [s.other for s in (await store.reader.links(ids(2), ALL)).links] == [1]
    await store.writer.write(batch(person(3, 2)))
    assert [s.other for s in (await store.reader.links(ids(3), ALL)).links] == [5]
    await store.writer.write(batch(person(3, 3, links=[], homes=[])))
    facts = await store.reader.facts(ids(3))
    assert (facts.people[PersonId(3)].parents, facts.around, facts.households) == ((), {}, {})
