"""Random batches, honest and not, on a store and on the model: every read gives the same, now and at any sequence."""

from __future__ import annotations

import asyncio
import tempfile
from collections import Counter
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from domain.errors import Invalid
from domain.ids import PersonId
from domain.links import LinkKind
from graph.opening import GraphStore
from graph.port import Stale
from graph.shapes import Batch
from tests.conformance.graph import drawing
from tests.conformance.graph.comparing import differences
from tests.conformance.graph.drawing import KEYS, KINDS, NATIONALS, PEOPLE
from tests.conformance.graph.factories import FACTORIES, Factory, sqlite
from tests.conformance.graph.making import entry
from tests.conformance.graph.model import Model

_MEMORY = Path("/dev/shm")
"""In memory where that can be: answers are tried here, not disks."""


def rewrap(wrapped: bytes) -> bytes:
    """Wrap a key anew, once: one that is wrapped so already comes back as it is."""
    return wrapped if wrapped.startswith(b"anew ") else b"anew " + wrapped


EXAMPLES = {"neo4j": 8}
"""Fewer where each read is a round trip to another process."""


class Machine(RuleBasedStateMachine):
    """One store beside one model."""

    factory: Factory
    seen: Counter[str]

    def __init__(self) -> None:
        super().__init__()
        self.model = Model()
        self.runner = asyncio.Runner()
        self.stack = AsyncExitStack()
        self.store = self._open(type(self).factory)

    def _open(self, factory: Factory) -> GraphStore:
        folder = Path(self.stack.enter_context(tempfile.TemporaryDirectory(dir=_MEMORY if _MEMORY.is_dir() else None)))
        return self.runner.run(self.stack.enter_async_context(factory(folder)))

    def teardown(self) -> None:
        self.runner.run(self.stack.aclose())
        self.runner.close()

    def _write(self, what: str, batch: Batch | None) -> None:
        if batch is None:
            return
        expected, answer = self._answer(batch, self.model), self._answer(batch, self.store)
        note(f"{what} {batch} → {expected}")
        type(self).seen[f"{what} {type(expected).__name__}"] += 1
        assert answer == expected

    def _answer(self, batch: Batch, graph: Model | GraphStore) -> object:
        try:
            return graph.write(batch) if isinstance(graph, Model) else self.runner.run(graph.writer.write(batch))
        except Stale as stale:
            return stale.persons
        except Invalid as invalid:
            return invalid.field

    @rule(data=st.data())
    def pull(self, data: st.DataObject) -> None:
        self._write("pull", data.draw(drawing.pulled(self.model)))

    @rule(data=st.data())
    def pull_more(self, data: st.DataObject) -> None:
        self._write("pull", data.draw(drawing.pulled(self.model)))

    @rule(data=st.data())
    def repeat(self, data: st.DataObject) -> None:
        """A batch and then the same again, as after an answer that never came."""
        batch = data.draw(drawing.pulled(self.model))
        self._write("pull", batch)
        self._write("repeat", batch)

    @rule(data=st.data())
    def merge(self, data: st.DataObject) -> None:
        batch = data.draw(drawing.merges(self.model))
        self._write("merge", batch)
        self._write("merge again", batch)

    @rule(data=st.data())
    def unmerge(self, data: st.DataObject) -> None:
        self._write("unmerge", data.draw(drawing.unmerges(self.model)))

    @rule(data=st.data())
    def redecide(self, data: st.DataObject) -> None:
        self._write("redecide", data.draw(drawing.redecisions(self.model)))

    @precondition(lambda self: self.model.sequence() > 3)
    @rule(
        who=st.lists(st.sampled_from(PEOPLE), max_size=2), marks=st.sets(st.sampled_from(KEYS + NATIONALS), max_size=1)
    )
    def forget(self, who: list[PersonId], marks: set[bytes]) -> None:
        hashes = [hashed for hashed in KEYS + NATIONALS if hashed in marks]
        expected = self.model.forget(who, hashes)
        type(self).seen[f"forgotten {expected}"] += 1
        assert self.runner.run(self.store.upkeep.forget(who, hashes)) == expected
        assert self.runner.run(self.store.upkeep.forget(who, hashes)) == 0

    @rule(size=st.integers(1, 5))
    def rekey(self, size: int) -> None:
        async def run() -> list[int]:
            return [seen async for seen in self.store.upkeep.rekey(rewrap, size)]

        count = self.model.rekey(rewrap)
        assert self.runner.run(run())[-1:] == ([count] if count else [])

    @rule(names=st.lists(st.sampled_from("abcd"), max_size=2))
    def settle(self, names: list[str]) -> None:
        gone = [entry(name).entry for name in names]
        self.model.settle(gone)
        self.runner.run(self.store.writer.settle(gone))

    @rule(
        asked=st.lists(st.sampled_from([*PEOPLE, PersonId(9)]), max_size=4),
        kinds=st.frozensets(st.sampled_from(KINDS)),
        data=st.data(),
    )
    def look(self, asked: list[PersonId], kinds: frozenset[LinkKind], data: st.DataObject) -> None:
        """Reads of some people at some sequence: what is around them depends on who is asked for."""
        at = data.draw(st.none() | st.integers(-1, self.model.sequence() + 2))
        assert self.runner.run(differences(self.store, self.model, asked, kinds, at)) == []

    @precondition(lambda self: self.model.sequence() > 6)
    @rule()
    def carry_over(self) -> None:
        """Dumped and loaded into another store, it is the same graph; dumped again, the same dump."""
        other = self._open(sqlite)
        rows = self.runner.run(other.upkeep.load(self.store.upkeep.dump()))
        assert rows > 0
        self.runner.run(self._compare(other))

        async def dumps() -> list[list[object]]:
            return [[row async for page in one.upkeep.dump() for row in page.rows] for one in (self.store, other)]

        one, two = self.runner.run(dumps())
        assert one == two
        assert len(one) == rows
        self.runner.run(other.upkeep.close())

    @invariant()
    def the_whole_graph_is_the_same(self) -> None:
        self.runner.run(self._compare(self.store))

    async def _compare(self, store: GraphStore) -> None:
        now = self.model.sequence()
        for at in (None, now - 1, now // 2):
            assert await differences(store, self.model, PEOPLE, frozenset(LinkKind), at) == []


@pytest.mark.parametrize("name", sorted(FACTORIES))
def test_a_store_does_what_the_model_does(name: str) -> None:
    seen: Counter[str] = Counter()
    machine = type("Machine", (Machine,), {"factory": staticmethod(FACTORIES[name]), "seen": seen})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=EXAMPLES.get(name, 60),
            stateful_step_count=30,
            derandomize=True,
            deadline=None,
            # Shrinking a failed run takes minutes and the note of each step says enough.
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
    if name in EXAMPLES:
        return
    # The control: each kind of batch was taken, refused as stale and, where it can be, as invalid.
    taken = {f"{what} Written" for what in ("pull", "repeat", "merge", "unmerge", "redecide")}
    refused = {"pull frozenset", "merge frozenset", "merge str", "repeat frozenset", "merge again frozenset"}
    assert {what for what in taken | refused | {"forgotten 0", "forgotten 1"} if not seen[what]} == set()
