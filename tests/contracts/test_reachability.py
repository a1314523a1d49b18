"""No store is reachable from a request's context but through the gate, and none through what the gate shows."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import resolvers.reads
from docket.opening import open_docket
from domain.clock import FixedClock
from domain.principals import Principal, RoleName
from graph.opening import GraphStore, open_graph
from policy.activity import load_activities
from policy.decision.table import DecisionTable
from policy.ledger.opening import open_ledger
from resolvers.answer import Answering
from resolvers.gate.admit import admit
from resolvers.gate.gate import Gate
from resolvers.gate.opening import Opener
from resolvers.gate.parts import GateParts
from resolvers.request import Request, RequestContext
from schema.executor import SchemaExecutor
from tests.contracts.reach import paths_to
from vault.key_ring import KeyRing
from vault.provider import FileProvider
from vault.unsealing import Unsealer

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
ROLES = {"privacy_officer": "log-review", "family_member": "subject-access"}


async def _carry(_review: bytes) -> None:
    """Nothing is ordered here."""


async def _settle() -> None:
    """Nothing is altered here."""


@dataclass
class House:
    """A hub without people: real stores and keys."""

    parts: GateParts
    graph: GraphStore
    unsealer: Unsealer

    def forbidden(self, thing: object) -> bool:
        """Whether a thing is one that no request may hold: a store, its connections, or what unseals."""
        held = (self.graph, self.graph.reader, self.graph.writer, self.graph.upkeep, self.unsealer)
        gate_only = (self.parts, self.parts.docket, self.parts.ledger, self.parts.opener)
        return any(thing is one for one in (*held, *gate_only))

    async def gate(self, role: str) -> Gate:
        """A gate for a made-up principal of a role that needs no case."""
        principal = Principal(
            actor="somebody",
            role=RoleName(role),
            agency="agency",
            sector="sector",
            unit=None,
            region=None,
            client="tests",
            token_id="token",
            activities=frozenset({ROLES[role]}),
            national=self.parts.ring.hasher.national("000000000000"),
            human=True,
            expires=NOW + timedelta(hours=1),
        )
        return await admit(self.parts, principal, "request", ROLES[role], None)


@pytest.fixture(scope="module")
def table() -> DecisionTable:
    """Filled once: filling asks Cedar some hundred times."""
    return DecisionTable.fill(load_activities())


@pytest.fixture
async def house(tmp_path: Path, table: DecisionTable) -> AsyncIterator[House]:
    """The stores, empty."""
    ring = KeyRing.open(FileProvider(tmp_path / "keys.json", create=True))
    unsealer = Unsealer(ring)
    graph = open_graph(f"sqlite:///{tmp_path / 'graph.db'}")
    docket = open_docket(f"sqlite:///{tmp_path / 'docket.db'}", ring, unsealer)
    await graph.upkeep.migrate()
    await docket.migrate()
    ledger = open_ledger(f"sqlite:///{tmp_path / 'ledger.db'}", ring, opener=unsealer)
    parts = GateParts(
        reader=graph.reader,
        docket=docket,
        ledger=ledger,
        ring=ring,
        opener=Opener(unsealer),
        table=table,
        activities=load_activities(),
        clock=FixedClock(NOW),
        request_id=lambda _: "request",
        carry=_carry,
        settle=_settle,
        contact_unit="unit",
    )
    yield House(parts, graph, unsealer)
    await ledger.close()
    await docket.close()
    await graph.upkeep.close()


class Capturing:
    """Stands before the real executor and keeps the context that a request runs with."""

    def __init__(self, executor: SchemaExecutor) -> None:
        self._executor = executor
        self.contexts: list[RequestContext] = []

    def prepare(self, request: Request) -> Any:
        """As the executor does."""
        return self._executor.prepare(request)

    async def run(self, prepared: Any, request: Request, context: RequestContext) -> Any:
        """As the executor does; the context is kept."""
        self.contexts.append(context)
        return await self._executor.run(prepared, request, context)


def is_gate(thing: object) -> bool:
    """The one place where a walk from a context stops."""
    return isinstance(thing, Gate)


@pytest.mark.parametrize("role", sorted(ROLES))
async def test_a_context_holds_stores_behind_the_gate_alone(house: House, role: str) -> None:
    capturing = Capturing(SchemaExecutor(resolvers.reads))
    principal = (await house.gate(role)).mandate.principal
    request = Request("{ me { actor } }", None, {}, ROLES[role], None)
    answer = await Answering(house.parts).answer(principal, request, capturing)
    assert answer.status == 200
    (context,) = capturing.contexts
    assert paths_to(context, house.forbidden, is_gate, public=False) == []
    assert paths_to(context, house.forbidden, lambda _: False, public=False), "the walk does not reach into the gate"


async def test_the_executor_holds_no_store(house: House) -> None:
    executor = SchemaExecutor(resolvers.reads)
    await Answering(house.parts).answer(
        (await house.gate("family_member")).mandate.principal,
        Request("{ me { actor } }", None, {}, "subject-access", None),
        executor,
    )
    assert paths_to(executor, house.forbidden, is_gate, public=False) == []


@pytest.mark.parametrize("role", sorted(ROLES))
async def test_what_the_gate_shows_leads_to_no_store(house: House, role: str) -> None:
    assert paths_to(await house.gate(role), house.forbidden, lambda _: False, public=True) == []


def _closing_over(thing: object) -> Callable[[], object]:
    return lambda: thing


async def test_a_planted_reader_is_found(house: House) -> None:
    gate = await house.gate("family_member")
    for planted in (house.graph.reader, house.graph.writer, house.unsealer):
        hiding = SimpleNamespace(deep=[{"x": (planted,)}])
        context = RequestContext(gate, {"hidden": hiding})  # type: ignore[dict-item]  # planted on purpose
        assert paths_to(context, house.forbidden, is_gate, public=False)
        closing = RequestContext(gate, {"hidden": _closing_over(hiding)})  # type: ignore[dict-item]  # planted on purpose
        assert paths_to(closing, house.forbidden, is_gate, public=False)


async def test_a_planted_attribute_of_the_gate_is_found(house: House) -> None:
    gate = await house.gate("family_member")
    gate.reader = house.graph.reader  # type: ignore[attr-defined]  # planted on purpose
    assert paths_to(gate, house.forbidden, lambda _: False, public=True) == [".reader"]


async def test_a_planted_reader_in_a_bound_method_is_found(house: House) -> None:
    gate = await house.gate("family_member")
    gate.facts = house.graph.reader.facts  # type: ignore[attr-defined]  # planted on purpose
    assert paths_to(gate, house.forbidden, lambda _: False, public=True) == [".facts.__self__"]


async def test_reader_writer_and_upkeep_do_not_lead_to_each_other_in_the_open(house: House) -> None:
    three = (house.graph.reader, house.graph.writer, house.graph.upkeep)
    for one in three:
        others = [other for other in three if other is not one]
        assert paths_to(one, lambda thing: any(thing is o for o in others), lambda _: False, public=True) == []  # noqa: B023 used at once


async def test_parts_are_frozen(house: House) -> None:
    with pytest.raises(AttributeError):
        house.parts.reader = None  # type: ignore[misc, assignment]  # tried on purpose
    assert replace(house.parts, contact_unit="x").reader is house.graph.reader
