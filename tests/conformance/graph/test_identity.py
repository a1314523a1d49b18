"""Who keys are and whom ids name: decisions made anew, ids that name another, and their undoing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.errors import Invalid
from domain.ids import HouseholdId, PersonId
from domain.links import LinkKind
from graph.opening import GraphStore
from graph.port import Stale
from graph.shapes import Batch, DecisionRow, Former
from tests.conformance.graph.making import again, away, batch, claim, decided, hashed, ids, link, member, move, person

ALL = frozenset(LinkKind)


async def _two_and_a_child(store: GraphStore) -> None:
    """1 and 2, each with a key, a record, a home and a name; 3 is the child of 1."""
    await store.writer.write(
        batch(
            person(1, records={0: b"one"}, homes=[10], searches=["s1"], nationals=["n1"]),
            person(2, records={0: b"two"}, homes=[20], searches=["s2"], nationals=["n2"]),
            person(3, links=[link(3, 1, LinkKind.PARENT_BIRTH, "k3")]),
            keys=[decided("k1", 1), decided("k2", 2), decided("k3", 3)],
            claims=[claim("c1", "k1"), claim("c2", "k2"), claim("c3", "k3")],
        )
    )


def _merged(**changed: object) -> Batch:
    """1 is 2 (all written once before), the child's link rewritten."""
    whole = batch(
        away(1, 1),
        person(2, 1, records={0: b"both"}, homes=[10, 20], searches=["s1", "s2"], nationals=["n1", "n2"]),
        person(3, 1, links=[link(3, 2, LinkKind.PARENT_BIRTH, "k3")]),
        anew=[again("k1", 1, 2)],
        moves=[move(1, 2)],
    )
    return replace(whole, **changed)  # type: ignore[arg-type]


async def test_a_merged_id_goes_on_resolving_in_every_call(store: GraphStore) -> None:
    await _two_and_a_child(store)
    await store.writer.write(_merged())
    reader = store.reader
    facts = await reader.facts(ids(1, 2))
    assert list(facts.people) == [1, 2]
    assert facts.people[PersonId(1)] == facts.people[PersonId(2)]
    assert facts.people[PersonId(1)].person == 2
    assert set(facts.people[PersonId(1)].keys) == {hashed(name) for name in ("k1", "k2", "n1", "n2")}
    for asked in (ids(1), ids(2), ids(1, 2), ids(2, 1)):
        assert [(row.person, row.sealed) for row in await reader.records(asked, [0])] == [(2, b"both")]
        assert await reader.memberships(asked) == (member(2, 10), member(2, 20))
        assert [(one.person, one.other) for one in (await reader.links(asked, ALL)).links] == [(2, 3)]
        assert [(one.person, one.other) for one in await reader.ties(asked, ALL)] == [(2, 3)]
        assert [(row.person, row.claim) for row in await reader.lineage(asked)] == [
            (2, hashed("claim c1")),
            (2, hashed("claim c2")),
        ]
        assert await reader.former(asked) == {PersonId(2): (Former(PersonId(1), 2),)}
    whole = await store.writer.claims(ids(1, 2))
    assert [[row.claim for row in whole[i].claims] for i in ids(1, 2)] == [[], [hashed("claim c1"), hashed("claim c2")]]
    assert (whole[PersonId(1)].version, whole[PersonId(1)].wrapped) == (2, b"wrapped person 1"), (
        "to be parted again with"
    )
    assert [i async for page in reader.scan() for i in page] == [2, 3]
    assert await reader.owners([hashed("k1")]) == {hashed("k1"): 2}
    assert await reader.find([hashed("n1")]) == {hashed("n1"): (2,)}
    assert await reader.search([hashed("s1")], 5) == (2,)
    assert [row.person for row in await reader.households([HouseholdId(10)])] == [2]
    assert (await reader.facts(ids(3))).around.keys() == {2}
    assert [row.person for row in await reader.origins([hashed("claim c1")])] == [2]


async def test_a_merged_id_has_the_others_past(store: GraphStore) -> None:
    """An id names one person today, and their past alone; what was known under it before comes back with it."""
    await _two_and_a_child(store)
    await store.writer.write(_merged())
    for asked in (ids(1), ids(2)):
        assert [row.sealed for row in await store.reader.records(asked, [0], 1)] == [b"two"]
    then = await store.reader.links(ids(3), ALL, 1)
    assert [one.other for one in then.links] == [1], "as the graph then knew it"
    assert {i: shape.person for i, shape in then.far.people.items()} == {1: 2}, "with the facts of today"
    await store.writer.write(
        batch(
            person(1, 2, records={0: b"one again"}),
            person(2, 2, records={0: b"two again"}),
            anew=[again("k1", 2, 1, "unmerged")],
            moves=[move(1, None)],
        )
    )
    assert [row.sealed for row in await store.reader.records(ids(1), [0], 1)] == [b"one"]
    assert [row.sealed for row in await store.reader.records(ids(1), [0])] == [b"one again"]


async def test_unmerged_each_has_its_own_again_and_what_came_later(store: GraphStore) -> None:
    await _two_and_a_child(store)
    await store.writer.write(_merged())
    await store.writer.write(batch(claims=[claim("late", "k1")]))
    await store.writer.write(
        batch(
            person(1, 2, links=[], homes=[10]),
            person(2, 2, homes=[20]),
            person(3, 2, links=[link(3, 1, LinkKind.PARENT_BIRTH, "k3")]),
            anew=[again("k1", 2, 1, "unmerged")],
            moves=[move(1, None)],
        )
    )
    facts = await store.reader.facts(ids(1, 2))
    assert {i: shape.person for i, shape in facts.people.items()} == {1: 1, 2: 2}
    assert [row.claim for row in await store.reader.lineage(ids(1))] == [hashed("claim c1"), hashed("claim late")]
    assert [row.claim for row in await store.reader.lineage(ids(2))] == [hashed("claim c2")]
    assert await store.reader.former(ids(1, 2)) == {}
    assert [i async for page in store.reader.scan() for i in page] == [1, 2, 3]
    assert (await store.reader.facts(ids(3))).around.keys() == {1}


async def test_chains_are_followed_and_undone_in_part(store: GraphStore) -> None:
    await store.writer.write(batch(person(1), person(2), person(3), person(4)))
    await store.writer.write(batch(away(1, 1), moves=[move(1, 2)]))
    await store.writer.write(batch(away(2, 1), moves=[move(2, 3)]))
    await store.writer.write(batch(away(4, 1), moves=[move(4, 3)]))
    people = (await store.reader.facts(ids(1, 2, 3, 4))).people
    assert [shape.person for shape in people.values()] == [3, 3, 3, 3]
    expected = (Former(PersonId(1), 2), Former(PersonId(2), 3), Former(PersonId(4), 4))
    assert await store.reader.former(ids(1)) == {PersonId(3): expected}
    await store.writer.write(batch(person(2, 2), moves=[move(2, None)]))
    people = (await store.reader.facts(ids(1, 2, 3, 4))).people
    assert [shape.person for shape in people.values()] == [2, 2, 3, 3]
    assert await store.reader.former(ids(1, 3)) == {
        PersonId(2): (Former(PersonId(1), 2),),
        PersonId(3): (Former(PersonId(4), 4),),
    }


async def test_decisions_are_kept_and_told_by_the_ids_themselves(store: GraphStore) -> None:
    await _two_and_a_child(store)
    await store.writer.write(_merged())
    await store.writer.write(batch(person(2, 2), anew=[again("k2", 2, 2, "reviewed")]))
    one = [DecisionRow(hashed("k1"), PersonId(1), "new", 1), DecisionRow(hashed("k1"), PersonId(2), "merged", 2)]
    two = [DecisionRow(hashed("k2"), PersonId(2), "new", 1), DecisionRow(hashed("k2"), PersonId(2), "reviewed", 3)]
    assert list(await store.reader.decisions(ids(1))) == one
    every = sorted([*one, *two], key=lambda row: (row.sequence, row.key))
    assert list(await store.reader.decisions(ids(2))) == every
    assert list(await store.reader.decisions(ids(1, 2, 2, 99))) == every
    assert await store.reader.decisions([]) == ()


async def test_origins_give_claims_with_where_they_came_from(store: GraphStore) -> None:
    await store.writer.write(batch(claims=[claim("undecided", "nobody"), claim("a", "k")], keys=[decided("k", 1)]))
    await store.writer.write(batch(claims=[claim("b", "k")], instant="2026-03-05T10:00:00Z"))
    asked = [hashed(f"claim {name}") for name in ("b", "unknown", "a", "undecided", "b")]
    found = await store.reader.origins(asked)
    assert [(one.claim, one.sequence, one.instant) for one in found] == [
        (hashed("claim b"), 2, "2026-03-05T10:00:00.000Z"),
        (hashed("claim a"), 1, "2026-03-01T10:00:00.000Z"),
    ]
    assert (found[0].person, found[0].source, found[0].kind) == (1, "population", claim("b", "k").kind)
    assert (found[0].key, found[0].wrapped, found[0].sealed) == (hashed("k"), b"wrapped k", b"sealed claim b")
    assert await store.reader.origins([]) == ()


@pytest.mark.parametrize(
    ("anew", "stale"),
    [
        ([again("k1", 3, 2)], {1, 3}),
        ([again("nobody's", 2, 1)], {2}),
        ([again("k1", 1, 2), again("k2", 3, 2)], {2, 3}),
    ],
)
async def test_a_key_that_is_not_who_the_batch_says_is_stale(store: GraphStore, anew: list, stale: set) -> None:  # type: ignore[type-arg]
    await _two_and_a_child(store)
    with pytest.raises(Stale) as refused:
        await store.writer.write(batch(anew=anew))
    assert refused.value.persons == stale
    assert await store.reader.owners([hashed("k1")]) == {hashed("k1"): 1}


async def test_a_merge_written_twice_is_stale_the_second_time(store: GraphStore) -> None:
    await _two_and_a_child(store)
    await store.writer.write(_merged())
    with pytest.raises(Stale):
        await store.writer.write(_merged())
    assert await store.reader.sequence() == 2


async def test_what_was_read_before_a_merge_is_stale_after_it(store: GraphStore) -> None:
    await _two_and_a_child(store)
    await store.writer.write(_merged(read_at=1))
    with pytest.raises(Stale) as refused:
        await store.writer.write(batch(person(3, 2), person(7), read_at=1))
    assert refused.value.persons == {3, 7}
    with pytest.raises(Stale) as nobody:
        await store.writer.write(batch(cursor=("population", b"x"), read_at=1))
    assert nobody.value.persons == set()
    await store.writer.write(batch(person(3, 2), read_at=2))
    await store.writer.write(batch(person(7), read_at=2))
    assert await store.reader.sequence() == 4, "new keys and people part nobody"


@pytest.mark.parametrize(
    "late",
    [
        batch(person(4, links=[link(4, 1, LinkKind.GUARDIAN, "k4")]), keys=[decided("k4", 4)]),
        batch(keys=[decided("k5", 1)]),
        batch(person(1, 2)),
        batch(person(2, 2), anew=[again("k2", 2, 1)]),
    ],
    ids=["at the far end of a link", "as a key's person", "as a person", "as a redecided key's person"],
)
async def test_a_batch_that_names_a_merged_id_is_stale(store: GraphStore, late: Batch) -> None:
    await _two_and_a_child(store)
    await store.writer.write(_merged())
    with pytest.raises(Stale) as refused:
        await store.writer.write(late)
    assert refused.value.persons == {1}
    assert await store.reader.sequence() == 2


@pytest.mark.parametrize(
    "left",
    [
        {"redecisions": ()},
        {"people": _merged().people[1:]},
        {"people": _merged().people[:2]},
        {"people": (replace(away(1, 1), memberships=None), *_merged().people[1:])},
        {"people": (replace(away(1, 1), searches=None), *_merged().people[1:])},
        {"people": (replace(away(1, 1), nationals=None), *_merged().people[1:])},
    ],
    ids=["key", "person", "far end", "membership", "search key", "national id"],
)
async def test_an_id_that_is_moved_may_stand_nowhere(store: GraphStore, left: dict[str, object]) -> None:
    await _two_and_a_child(store)
    with pytest.raises(Invalid) as refused:
        await store.writer.write(_merged(**left))
    assert refused.value.field == "moves"
    assert await store.reader.sequence() == 1
    assert await store.reader.former(ids(2)) == {}
    await store.writer.write(_merged())


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        (batch(moves=[move(1, 1)]), "moves"),
        (batch(moves=[move(1, 2), move(1, 3)]), "moves"),
        (batch(moves=[move(1, 2), move(1, None)]), "moves"),
        (batch(moves=[move(0, 2)]), "moves"),
        (batch(moves=[move(1, 2**58)]), "moves"),
        (batch(moves=[move(5, 6), move(6, 5)]), "moves"),
        (batch(moves=[move(5, 6), move(6, 7), move(7, 5)]), "moves"),
        (batch(anew=[again("k1", 1, 2), again("k1", 1, 3)]), "redecisions"),
        (batch(anew=[again("k1", 1, 0)]), "redecisions"),
        (batch(anew=[again("k9", 9, 2)], keys=[decided("k9", 9)]), "redecisions"),
    ],
)
async def test_what_cannot_be_decided_is_invalid(store: GraphStore, bad: Batch, field: str) -> None:
    await _two_and_a_child(store)
    with pytest.raises(Invalid) as refused:
        await store.writer.write(bad)
    assert refused.value.field == field
    assert await store.reader.sequence() == 1


async def test_a_circle_made_in_two_steps_is_invalid(store: GraphStore) -> None:
    await store.writer.write(batch(moves=[move(5, 6)]))
    await store.writer.write(batch(moves=[move(6, 7)]))
    with pytest.raises(Invalid):
        await store.writer.write(batch(moves=[move(7, 5)]))
    await store.writer.write(batch(moves=[move(6, None), move(7, 5)]))
    assert await store.reader.former(ids(6)) == {PersonId(6): (Former(PersonId(5), 1), Former(PersonId(7), 3))}
