"""The wiring: the only place that makes stores, Reader, Writer, ledger, key ring, unsealer and decision table."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path

from connectors.identity.carrying import Carrier
from connectors.parts import Keeping, Parts, shipped_model
from connectors.protocols.session import open_session
from connectors.settling import settle
from docket.opening import open_docket
from docket.store import DocketStore
from domain.clock import Clock, SystemClock
from domain.errors import Invalid, Unavailable
from graph.opening import GraphStore, open_graph
from graph.options import GraphOptions
from identity.model import Model, read_model
from kindred.agency_access import read_access
from kindred.backup.occupancy import HalfRestored, Occupancy
from kindred.request_ids import for_gate
from kindred.settings import PREFIX, Settings
from kindred.token_keys import token_keys
from policy.activity import Activity, load_activities
from policy.decision.table import DecisionTable
from policy.ledger.ledger import Ledger
from policy.ledger.opening import ledger_is_there, open_ledger
from resolvers import commands, reads
from resolvers.answer import Answering
from resolvers.gate.opening import Opener
from resolvers.gate.parts import GateParts
from schema.executor import SchemaExecutor
from schema.limits import Limits
from signin.issuer import DevelopmentIssuer
from signin.key_source import KeySource
from signin.verifier import Expected, TokenVerifier
from vault.key_ring import KeyRing
from vault.provider import FileProvider
from vault.unsealing import Unsealer

_SETTLED_AT_ONCE = 100
"""Entries that one request brings into the ledger for others that were cut off."""


@dataclass(frozen=True, slots=True)
class Stores:
    """What is kept: graph, docket, ledger, and the keys to them."""

    ring: KeyRing
    unsealer: Unsealer
    graph: GraphStore
    docket: DocketStore
    ledger: Ledger
    clock: Clock
    occupancy: Occupancy | None = None
    model: Model = field(default_factory=shipped_model)
    """Weighs who is who, in what is pulled and in what stewards' decisions take in."""

    async def ready(self) -> bool:
        """Whether graph and docket answer in their newest layout and the ledger can be written."""
        return await self.graph.upkeep.ready() and await self.docket.ready() and await self.ledger.ready()

    async def settle(self, policy_hash: str = "") -> int:
        """Bring entries that a kill left in an outbox into the ledger, and carry out what was ordered and is not done
        (told under `policy_hash`); how many entries there were. Raises Unavailable."""
        settled = await settle(self.docket, self.open_entry, self.ledger.append)
        settled += await settle(self.graph.writer, self.open_entry, self.ledger.append)
        await Carrier(keeping(self, policy_hash)).carry_all()
        return settled

    def open_entry(self, sealed: bytes, label: bytes) -> bytes:
        """An entry of an outbox; opens nothing else. Raises Broken."""
        return self.unsealer.unseal_compartment("outbox", sealed, label)

    async def close(self) -> None:
        """Let go of all three, the ledger first: what is queued there must be written."""
        await self.ledger.close()
        await self.docket.close()
        await self.graph.upkeep.close()
        if self.occupancy is not None:
            self.occupancy.close()


@dataclass(frozen=True, slots=True)
class Hub:
    """What serves: stores, the way out, who may come in."""

    settings: Settings
    stores: Stores
    activities: Mapping[str, Activity]
    table: DecisionTable
    answering: Answering
    executor: SchemaExecutor
    verifier: TokenVerifier
    keys: KeySource

    async def ready(self) -> bool:
        """Whether requests can be answered: stores ready, table filled, ledger writable."""
        return self.table.classes > 0 and await self.stores.ready()

    async def close(self) -> None:
        """Let go of everything."""
        await self.keys.close()
        await self.stores.close()


def open_stores(settings: Settings, *, create: bool = False) -> Stores:
    """Open the key ring and the three stores. `create` makes missing keys, folders and a missing ledger.

    Raises as they do, and Unavailable for a ledger that is gone (a new one must never begin unnoticed), and while a
    restore is under way or was cut off.
    """
    if create:
        make_folders(settings)
    HalfRestored(settings.keys).check()
    if not create and not ledger_is_there(settings.ledger):
        raise Unavailable(field=PREFIX + "LEDGER", fix="migrate_or_restore", cause="there is no ledger at this address")
    ring = KeyRing.open(FileProvider(settings.keys, create=create))
    unsealer = Unsealer(ring)
    model = _model(settings.identity_model, settings.identity_people)
    occupancy = Occupancy(settings.keys)
    return Stores(
        ring,
        unsealer,
        open_graph(settings.graph, graph_options(settings)),
        open_docket(settings.docket, ring, unsealer, settings.protection_journal),
        open_ledger(settings.ledger, ring, opener=unsealer, published=settings.ledger_checkpoint),
        SystemClock(settings.zone),
        occupancy,
        model,
    )


def graph_options(settings: Settings) -> GraphOptions:
    """What the settings say about a graph on a server."""
    return GraphOptions(
        credentials=settings.graph_credentials,
        database=settings.graph_database,
        ca=settings.graph_ca,
        pool=settings.graph_pool,
        connect_seconds=settings.graph_connect_seconds,
        acquire_seconds=settings.graph_acquire_seconds,
        read_seconds=settings.graph_read_seconds,
        write_seconds=settings.graph_write_seconds,
    )


@asynccontextmanager
async def graph_at(settings: Settings, *, anew: bool = False) -> AsyncIterator[GraphStore]:
    """The graph alone, for a restore, closed at the end. `anew`: an embedded one is removed first; what another server
    holds is for its operator to empty, and a load refuses what is not."""
    if anew and is_embedded(settings):
        _remove_embedded(settings)
    graph = open_graph(settings.graph, graph_options(settings))
    try:
        yield graph
    finally:
        await graph.upkeep.close()


def is_embedded(settings: Settings) -> bool:
    """Whether the graph is a file of our own."""
    return settings.graph.startswith("sqlite:///")


def _remove_embedded(settings: Settings) -> None:
    _, _, path = settings.graph.partition(":///")
    for end in ("", "-wal", "-shm"):
        try:
            Path(path + end).unlink(missing_ok=True)
        except OSError as error:
            raise Unavailable(field=PREFIX + "GRAPH", cause=f"not removed: errno {error.errno}") from None


@asynccontextmanager
async def docket_at(file: Path, ring: KeyRing) -> AsyncIterator[DocketStore]:
    """A docket in a file, for a restore, closed at the end."""
    docket = open_docket(f"sqlite:///{file}", ring, Unsealer(ring))
    try:
        yield docket
    finally:
        await docket.close()


def make_folders(settings: Settings) -> None:
    """Make the folders that key file and embedded stores lie in, for their owner alone."""
    files = [settings.keys]
    for address in (settings.graph, settings.docket, settings.ledger):
        scheme, _, path = address.partition(":///")
        if scheme == "sqlite" and path:
            files.append(Path(path))
    for file in files:
        try:
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise Unavailable(cause=f"folder not made: errno {error.errno}") from None


async def migrate(stores: Stores) -> Mapping[str, int]:
    """Bring graph and docket to their newest layouts (the ledger is when it is opened); store → layout."""
    return {"graph": await stores.graph.upkeep.migrate(), "docket": await stores.docket.migrate()}


def open_hub(settings: Settings, stores: Stores) -> Hub:
    """Fill the table and put the hub together over open stores. Raises Broken, Invalid for missing settings."""
    keys = token_keys(settings)
    activities = load_activities()
    table = DecisionTable.fill(activities)
    answering = Answering(gate_parts(settings, stores, activities, table))
    verifier = TokenVerifier(_expected(settings), keys, stores.clock, stores.ring.hasher.national)
    return Hub(settings, stores, activities, table, answering, executor_of(settings), verifier, keys)


def gate_parts(
    settings: Settings, stores: Stores, activities: Mapping[str, Activity], table: DecisionTable
) -> GateParts:
    """What the gate is handed over open stores."""
    return GateParts(
        reader=stores.graph.reader,
        docket=stores.docket,
        ledger=stores.ledger,
        ring=stores.ring,
        opener=Opener(stores.unsealer),
        table=table,
        activities=activities,
        clock=stores.clock,
        request_id=for_gate,
        contact_unit=settings.contact_unit,
        carry=Carrier(keeping(stores, table.policy_hash)).carry,
        settle=partial(settle, stores.docket, stores.open_entry, stores.ledger.append, most=_SETTLED_AT_ONCE),
    )


def executor_of(settings: Settings) -> SchemaExecutor:
    """The execution of documents within the settings' bounds; introspection in the demo alone."""
    limits = Limits(
        tokens=settings.max_tokens,
        depth=settings.max_depth,
        root_fields=settings.max_root_fields,
        aliases=settings.max_aliases,
        cost=settings.max_cost,
    )
    return SchemaExecutor(reads, commands, limits=limits, introspection=settings.demo)


def keeping(stores: Stores, policy_hash: str = "") -> Keeping:
    """What carrying out a decision is handed."""
    return Keeping(
        reader=stores.graph.reader,
        writer=stores.graph.writer,
        docket=stores.docket,
        ring=stores.ring,
        clock=stores.clock,
        append=stores.ledger.append,
        open_entry=stores.open_entry,
        policy_hash=policy_hash,
        model=stores.model,
    )


def pull_parts(settings: Settings, stores: Stores, policy_hash: str = "") -> Parts:
    """What a pull is handed, with a network session that the caller closes. Needs a running event loop."""
    return Parts(
        reader=stores.graph.reader,
        writer=stores.graph.writer,
        docket=stores.docket,
        ring=stores.ring,
        session=open_session(),
        access=read_access(settings.agencies),
        clock=stores.clock,
        append=stores.ledger.append,
        open_entry=stores.open_entry,
        policy_hash=policy_hash,
        model=stores.model,
    )


def _model(path: Path | None, people: int | None) -> Model:
    """The model of identity that the settings name, or the one that ships, for so many people as they say.

    Raises Invalid if it cannot be read.
    """
    try:
        model = shipped_model() if path is None else read_model(path.read_bytes())
        return model if people is None else model.weighing_for(people)
    except OSError:
        raise Invalid(field=PREFIX + "IDENTITY_MODEL", fix="name_a_file", cause="model cannot be read") from None


def development_issuer(settings: Settings) -> DevelopmentIssuer:
    """The development issuer. Raises Invalid unless the settings allow one and name its key and issuer."""
    if not (settings.demo or settings.development):
        raise Invalid(field=PREFIX + "DEVELOPMENT", fix="development_only", cause="development issuer refused")
    if settings.development_key is None:
        raise Invalid(field=PREFIX + "DEVELOPMENT_KEY", fix="name_a_file", cause="no key file named")
    if settings.issuer is None:
        raise Invalid(field=PREFIX + "ISSUER", fix="name_the_issuer", cause="no issuer named")
    return DevelopmentIssuer.open(settings.development_key, settings.issuer, settings.audience)


def _expected(settings: Settings) -> Expected:
    if settings.issuer is None:
        raise Invalid(field=PREFIX + "ISSUER", fix="name_the_issuer", cause="no issuer named")
    return Expected(
        issuer=settings.issuer,
        audience=settings.audience,
        lifetime=timedelta(hours=settings.token_hours),
        sectors=settings.sectors,
        require_person=settings.require_person,
    )
