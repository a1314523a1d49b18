"""Random batches, honest and not, on a store and on the model: every read gives the same, after every step."""

from __future__ import annotations

import asyncio
import tempfile
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from domain.claims import ClaimKind
from domain.ids import HouseholdId, PersonId
from domain.links import LinkKind
from graph.port import Stale
from graph.shapes import Batch, ClaimRow, LinkRow, MemberRow, NewKey, PersonWrite
from tests.conformance.graph.factories import FACTORIES, Factory
from tests.conformance.graph.making import entry, hashed
from tests.conformance.graph.model import Model, with_base

PEOPLE = [PersonId(i) for i in (1, 2, 3, 4, 5, 2**58 - 1)]
HOMES = [HouseholdId(i) for i in (1, 2, 3)]
KEYS = [hashed(f"key {i}") for i in range(7)]
NATIONALS = [hashed(f"national {i}") for i in range(4)]
SEARCHES = [hashed(f"search {i}") for i in range(4)]
KINDS = [LinkKind.PARENT_BIRTH, LinkKind.PARTNER_MARRIAGE, LinkKind.GUARDIAN]

sealed = st.binary(min_size=1, max_size=3)
person_ids = st.sampled_from(PEOPLE)
keys = st.builds(NewKey, st.sampled_from(KEYS), st.sampled_from(["civil", "tax"]), sealed, person_ids, st.just("new"))
claims = st.builds(
    ClaimRow,
    st.sampled_from([hashed(f"claim {i}") for i in range(12)]),
    st.sampled_from(KEYS),
    st.sampled_from(ClaimKind),
    st.sampled_from(["civil", "tax"]),
    sealed,
)
instants = st.integers(0, 59).map(lambda second: f"2026-03-01T10:00:{second:02d}.000Z")


@st.composite
def writes(draw: st.DrawFn, known: list[Any]) -> PersonWrite:
    """A write of anyone, its links under keys that are decided; `base` is set when it is used."""
    person = draw(person_ids)
    rows = st.builds(
        LinkRow, st.just(person), person_ids, st.sampled_from(KINDS), st.just(0), st.sampled_from(known or KEYS), sealed
    )
    homes = st.builds(MemberRow, st.just(person), st.sampled_from(HOMES), sealed)
    return PersonWrite(
        person=person,
        base=0,
        wrapped=draw(sealed),
        facts=draw(sealed),
        records=draw(st.dictionaries(st.sampled_from([0, 1, 15]), sealed, max_size=2)),
        links=draw(st.none() | st.lists(rows, max_size=3).map(tuple)) if known else None,
        memberships=draw(st.none() | st.lists(homes, max_size=3).map(tuple)),
        searches=draw(st.none() | st.lists(st.sampled_from(SEARCHES), max_size=3).map(tuple)),
        nationals=draw(st.none() | st.lists(st.sampled_from(NATIONALS), max_size=3).map(tuple)),
    )


class Machine(RuleBasedStateMachine):
    """One store beside one model."""

    factory: Factory

    def __init__(self) -> None:
        super().__init__()
        self.model = Model()
        self.runner = asyncio.Runner()
        self.stack = AsyncExitStack()
        folder = Path(self.stack.enter_context(tempfile.TemporaryDirectory()))
        self.store = self.runner.run(self.stack.enter_async_context(type(self).factory(folder)))

    def teardown(self) -> None:
        self.runner.run(self.stack.aclose())
        self.runner.close()

    @rule(data=st.data(), slip=st.integers(0, 5))
    def write(self, data: st.DataObject, slip: int) -> None:
        """A batch folded from the newest versions, but in one of six cases from a wrong one."""
        new_keys = {row.key: row for row in data.draw(st.lists(keys, max_size=2))}
        for key, row in new_keys.items():
            if slip != 1 and key in self.model.keys:
                new_keys[key] = replace(row, person=self.model.keys[key].person)
        known = sorted({*self.model.keys, *new_keys})
        people = {row.person: row for row in data.draw(st.lists(writes(known), max_size=3))}
        stated = [(national, row.person) for row in people.values() for national in row.nationals or ()]
        batch = Batch(
            instant=data.draw(instants),
            keys=tuple(new_keys.values()),
            claims=tuple(data.draw(st.lists(claims, max_size=4))),
            people=tuple(with_base(w, self.model.version(w.person) + (slip == 0)) for w in people.values()),
            cursor=data.draw(st.none() | st.tuples(st.sampled_from(["civil", "tax"]), sealed)),
            outbox=tuple(entry(name) for name in data.draw(st.lists(st.sampled_from("abcd"), max_size=2))),
            stated=tuple(data.draw(st.permutations(stated))),
        )
        try:
            expected: object = self.model.write(batch)
        except Stale as stale:
            expected = stale.persons
        try:
            answer: object = self.runner.run(self.store.writer.write(batch))
        except Stale as stale:
            answer = stale.persons
        note(f"{batch} → {expected}")
        assert answer == expected

    @rule(names=st.lists(st.sampled_from("abcd"), max_size=2))
    def settle(self, names: list[str]) -> None:
        gone = [entry(name).entry for name in names]
        self.model.settle(gone)
        self.runner.run(self.store.writer.settle(gone))

    @rule(
        asked=st.lists(st.sampled_from([*PEOPLE, PersonId(9)]), max_size=4), kinds=st.frozensets(st.sampled_from(KINDS))
    )
    def look(self, asked: list[PersonId], kinds: frozenset[LinkKind]) -> None:
        """Reads of some people: what is around them depends on who is asked for."""
        reader, model = self.store.reader, self.model
        facts = self.runner.run(reader.facts(asked))
        assert facts == model.facts(asked)
        assert list(facts.people) == list(model.facts(asked).people)
        assert self.runner.run(reader.links(asked, kinds)) == model.links(asked, kinds)
        assert self.runner.run(reader.ties(asked, kinds)) == model.links(asked, kinds).links
        assert self.runner.run(reader.lineage(asked)) == model.lineage(asked)
        assert self.runner.run(reader.records(asked, [15, 0])) == model.records(asked, [15, 0])

    @invariant()
    def the_whole_graph_is_the_same(self) -> None:
        self.runner.run(self._compare())

    async def _compare(self) -> None:
        reader, writer, model = self.store.reader, self.store.writer, self.model
        assert await reader.sequence() == model.sequence()
        assert await reader.owners(KEYS) == model.owners(KEYS)
        assert await reader.find(NATIONALS) == model.find(NATIONALS)
        assert await reader.search(SEARCHES, 2) == model.search(SEARCHES, 2)
        assert await reader.search(SEARCHES[:1], 9) == model.search(SEARCHES[:1], 9)
        assert await reader.facts(PEOPLE) == model.facts(PEOPLE)
        assert await reader.households(HOMES) == model.households(HOMES)
        assert await reader.links(PEOPLE, frozenset(LinkKind)) == model.links(PEOPLE, frozenset(LinkKind))
        assert await reader.ties(PEOPLE, frozenset(LinkKind)) == model.links(PEOPLE, frozenset(LinkKind)).links
        assert await reader.records(PEOPLE, range(16)) == model.records(PEOPLE, range(16))
        assert await reader.lineage(PEOPLE) == model.lineage(PEOPLE)
        assert await writer.claims(PEOPLE) == model.claims(PEOPLE)
        assert await writer.pending(9) == tuple(model.outbox)
        assert {s: c for s in ("civil", "tax") if (c := await writer.cursor(s))} == model.cursors
        assert [i async for page in reader.scan(size=2) for i in page] == sorted(model.people)


@pytest.mark.parametrize("name", sorted(FACTORIES))
def test_a_store_does_what_the_model_does(name: str) -> None:
    machine = type("Machine", (Machine,), {"factory": staticmethod(FACTORIES[name])})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=50,
            stateful_step_count=20,
            derandomize=True,
            deadline=None,
            # Shrinking a failed run takes minutes and the note of each step says enough.
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
