"""People are read once a request, by calls that are the same all the same, and held against the present at the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import cast

import pytest

from domain.ids import HouseholdId, KeyHash, PersonId
from graph.port import Reader
from graph.shapes import Facts, PersonShape
from resolvers.gate.cursors import CallerNames, OutwardNames
from resolvers.gate.opening import Opener
from resolvers.gate.people import People

ANNA, BOLAT, CHILD = PersonId(1), PersonId(2), PersonId(3)
HOME = HouseholdId(7)


def shape(person: PersonId, *parents: PersonId) -> PersonShape:
    """A person with one key and the parents given."""
    return PersonShape(person, 1, b"", b"", (KeyHash(b"%016d" % person),), (), parents)


class Graph:
    """A graph of three: Anna and Bolat in one home, Anna's child elsewhere."""

    def __init__(self) -> None:
        self.people = {ANNA: shape(ANNA), BOLAT: shape(BOLAT), CHILD: shape(CHILD, ANNA)}
        self.around: Mapping[PersonId, tuple[PersonId, ...]] = {ANNA: (BOLAT,), BOLAT: (ANNA,), CHILD: (ANNA,)}
        self.home: tuple[PersonId, ...] = (ANNA, BOLAT)
        self.written = 5
        self.calls: list[tuple[str, int]] = []

    async def sequence(self) -> int:
        """How much was written."""
        self.calls.append(("sequence", 0))
        return self.written

    async def facts(self, ids: Sequence[PersonId]) -> Facts:
        """Those asked for and those around them."""
        self.calls.append(("facts", len(ids)))
        here = {i: self.people[i] for i in ids if i in self.people}
        around = {other: self.people[other] for i in here for other in self.around[i]}
        return Facts(here, around, {HOME: self.home} if {ANNA, BOLAT} & here.keys() else {})


def seen_by(graph: Graph) -> People:
    """People as a request over this graph sees them."""
    return People(cast(Reader, graph), cast(Opener, None))


async def test_nobody_is_read_twice_and_the_calls_stay() -> None:
    graph = Graph()
    people = seen_by(graph)
    first = await people.facts([ANNA])
    again = await people.facts([ANNA, PersonId(99)])
    await people.facts([ANNA, PersonId(99)])
    assert first.people == again.people == {ANNA: graph.people[ANNA]}
    assert [call for call in graph.calls if call[0] == "facts"] == [("facts", 1), ("facts", 1), ("facts", 0)]


async def test_who_only_stood_around_is_read_with_what_is_around_them() -> None:
    graph = Graph()
    people = seen_by(graph)
    await people.facts([CHILD])
    facts = await people.facts([ANNA])
    assert BOLAT in facts.around
    assert facts.households == {HOME: (ANNA, BOLAT)}


async def test_a_graph_that_nobody_wrote_to_is_not_read_again() -> None:
    graph = Graph()
    people = seen_by(graph)
    await people.facts([ANNA])
    assert await people.unchanged()
    assert [name for name, _ in graph.calls] == ["sequence", "facts", "sequence"]


async def test_what_is_written_about_others_changes_nothing() -> None:
    graph = Graph()
    people = seen_by(graph)
    await people.facts([ANNA, PersonId(99)])
    graph.written += 1
    graph.people[CHILD] = replace(graph.people[CHILD], version=2)
    assert await people.unchanged()


@pytest.mark.parametrize("what", ["version", "key", "parent", "key of one around", "somebody moves in", "is here now"])
async def test_what_is_written_about_those_asked_for_is_noticed(what: str) -> None:
    graph = Graph()
    people = seen_by(graph)
    await people.facts([ANNA, PersonId(99)])
    graph.written += 1
    anna, other = graph.people[ANNA], graph.people[BOLAT]
    if what == "version":
        graph.people[ANNA] = replace(anna, version=2)
    elif what == "key":
        graph.people[ANNA] = replace(anna, keys=(*anna.keys, KeyHash(b"another")))
    elif what == "parent":
        graph.people[ANNA] = replace(anna, parents=(BOLAT,))
    elif what == "key of one around":
        graph.people[BOLAT] = replace(other, keys=(*other.keys, KeyHash(b"another")))
    elif what == "somebody moves in":
        graph.home = (ANNA, BOLAT, CHILD)
    else:
        graph.people[PersonId(99)] = shape(PersonId(99))
        graph.around = {**graph.around, PersonId(99): ()}
    assert not await people.unchanged()


async def test_a_hop_that_saw_a_newer_person_than_the_request_is_noticed() -> None:
    graph = Graph()
    people = seen_by(graph)
    await people.facts([ANNA])
    graph.written += 1
    graph.people[ANNA] = replace(graph.people[ANNA], version=2)
    people.met([ANNA], await graph.facts([ANNA]))
    assert not await people.unchanged()


def test_resolvers_can_name_nobody_unnoted() -> None:
    """What a gate hands to resolvers reads ids and makes cursors; naming people and households is the gate's own."""
    assert not {"person", "household"} & set(dir(CallerNames))
    assert {"person", "household"} <= set(dir(OutwardNames)), "control"
