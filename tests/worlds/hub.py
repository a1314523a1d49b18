"""A hub over a country: the real stores, gate, schema and ledger, with time and request ids chosen by the test.

Request ids are derived from who asks and how often they asked, so that two worlds can be compared byte for byte.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp

import resolvers.commands
import resolvers.reads
from connectors.agencies.catalogue import AGENCIES, BY_NAME
from connectors.identity.carrying import Carrier
from connectors.parts import Keeping, Parts
from connectors.progress import Summary
from connectors.protocols.access import AgencyAccess
from connectors.pull import pull
from connectors.settling import settle
from docket.opening import open_docket
from domain.clock import FixedClock
from domain.ids import PersonId, SourceKey
from domain.principals import Principal, RoleName
from graph.opening import GraphStore, open_graph
from policy.activity import load_activities
from policy.decision.table import DecisionTable
from policy.ledger.ledger import Ledger
from policy.ledger.opening import open_ledger
from resolvers.answer import Answering
from resolvers.gate.opening import Opener
from resolvers.gate.parts import GateParts
from resolvers.request import Answer, Request
from schema.executor import SchemaExecutor
from tests.worlds.country import Country
from vault.key_ring import KeyRing
from vault.provider import FileProvider
from vault.unsealing import Unsealer

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
ACTIVITY = {
    "caseworker": "family-card-review",
    "benefits_officer": "benefit-eligibility",
    "investigator": "child-protection",
    "dv_unit": "dv-response",
    "privacy_officer": "log-review",
    "family_member": "subject-access",
    "identity_steward": "identity-stewardship",
}
_ACTIVITIES = load_activities()
TABLE = DecisionTable.fill(_ACTIVITIES)


@dataclass
class Hub:
    """Everything of one hub. `parts` may be replaced (an allow-all table, a failing ledger) by `with_parts`."""

    parts: GateParts
    pulling: Parts
    graph: GraphStore
    clock: FixedClock
    executor: SchemaExecutor
    answering: Answering
    folder: Path
    asked: Counter[str] = field(default_factory=Counter)

    async def pull(self, *agencies: str) -> dict[str, Summary]:
        """Pull the agencies, all of them by default, in their fixed order."""
        chosen = [BY_NAME[name] for name in agencies] if agencies else AGENCIES
        return {agency.name: await pull(agency, self.pulling) for agency in chosen}

    async def ask(
        self,
        who: Principal,
        query: str,
        variables: Mapping[str, Any] | None = None,
        *,
        case: str | None = None,
        activity: str | None = "",
    ) -> Answer:
        """One request as `POST /graphql` makes it; `activity` is the role's own unless given (None: no header)."""
        named = ACTIVITY[who.role.value] if activity == "" else activity
        return await self.answering.answer(
            who, Request(query, None, variables or {}, named, case, may_alter=True), self.executor
        )

    async def data(self, who: Principal, query: str, variables: Mapping[str, Any] | None = None, **more: Any) -> Any:
        """The `data` of an answer that must hold no errors."""
        answer = await self.ask(who, query, variables, **more)
        body = json.loads(answer.body)
        assert answer.status == 200 and "errors" not in body, body
        return body["data"]

    def with_parts(self, **changes: Any) -> Hub:
        """The same hub with other parts in the gate."""
        parts = replace(self.parts, **changes)
        return replace(self, parts=parts, answering=Answering(parts))

    def principal(self, role: str, person: Mapping[str, Any], **more: Any) -> Principal:
        """A principal of a role; `person` as in the country's sample (actor, agency, unit, region, iin)."""
        values: dict[str, Any] = {
            "actor": person.get("actor", f"person-{person.get('recordId')}"),
            "role": RoleName(role),
            "agency": person.get("agency", "family"),
            "sector": person.get("agency", "family"),
            "unit": person.get("unit"),
            "region": person.get("region"),
            "client": "tests",
            "token_id": "token",
            "activities": frozenset({ACTIVITY[role]}),
            "national": self.parts.ring.hasher.national(person["iin"]) if person.get("iin") else None,
            "human": True,
            "expires": self.clock.now() + timedelta(hours=8),
        }
        return Principal(**{**values, **more})

    def officer(self, country: Country, role: str) -> Principal:
        """The country's sample officer of a role."""
        return self.principal(role, country.sample["officers"][role])

    def family(self, iin: str) -> Principal:
        """The account of whoever has this national id."""
        return self.principal("family_member", {"iin": iin, "actor": f"person-{iin}"})

    async def person_id(self, who: Principal, record: str) -> str:
        """Outward id, in the caller's sector, of the person the population register has under a number."""
        return self.parts.ring.outward(who.sector).encode("P", await self.internal(record))

    async def internal(self, record: str) -> PersonId:
        """Internal id of the person the population register has under a number."""
        key = self.parts.ring.hasher.source_key(SourceKey("population", record))
        return (await self.parts.reader.owners([key]))[key]


@asynccontextmanager
async def hub(
    country: Country,
    folder: Path,
    *,
    keys: Path | None = None,
    sealing: bool = True,
    now: datetime = NOW,
    graph: GraphStore | None = None,
) -> AsyncIterator[Hub]:
    """A hub with empty stores in `folder`. `keys`: a key file to share between hubs that are compared. `graph`: one
    that lies elsewhere; the hub closes it."""
    ring = _ring(folder, keys, sealing)
    unsealer = Unsealer(ring)
    graph = graph or open_graph(f"sqlite:///{folder / 'graph.db'}")
    docket = open_docket(f"sqlite:///{folder / 'docket.db'}", ring, unsealer)
    await graph.upkeep.migrate()
    await docket.migrate()
    ledger = open_ledger(f"sqlite:///{folder / 'ledger.db'}", ring, opener=unsealer, randomness=_Derived())
    clock, asked = FixedClock(now), Counter[str]()
    carrier = Carrier(
        Keeping(graph.reader, graph.writer, docket, ring, clock, ledger.append, _opening(unsealer), TABLE.policy_hash)
    )
    parts = GateParts(
        reader=graph.reader,
        docket=docket,
        ledger=ledger,
        ring=ring,
        opener=Opener(unsealer),
        table=TABLE,
        activities=_ACTIVITIES,
        clock=clock,
        request_id=lambda who: _request_id(asked, who),
        contact_unit="Protection unit, tel. 111",
        carry=carrier.carry,
        settle=partial(settle, docket, _opening(unsealer), ledger.append, most=100),
    )
    executor = SchemaExecutor(resolvers.reads, resolvers.commands)
    async with aiohttp.ClientSession() as session:
        pulling = _pulling(country, parts, graph, ledger, unsealer, session)
        try:
            yield Hub(parts, pulling, graph, clock, executor, Answering(parts), folder, asked)
        finally:
            await ledger.close()
            await docket.close()
            await graph.upkeep.close()


def _ring(folder: Path, keys: Path | None, sealing: bool) -> KeyRing:
    folder.mkdir(parents=True, exist_ok=True)
    provider = FileProvider(keys or folder / "keys.json", create=True)
    return KeyRing.open(provider, sealing=sealing, unsafe_for_tests=not sealing)


def _pulling(
    country: Country,
    parts: GateParts,
    graph: GraphStore,
    ledger: Ledger,
    unsealer: Unsealer,
    session: aiohttp.ClientSession,
) -> Parts:
    return Parts(
        reader=graph.reader,
        writer=graph.writer,
        docket=parts.docket,
        ring=parts.ring,
        session=session,
        access=access_to(country),
        clock=parts.clock,
        append=ledger.append,
        open_entry=_opening(unsealer),
        policy_hash=TABLE.policy_hash,
    )


def _opening(unsealer: Unsealer) -> Callable[[bytes, bytes], bytes]:
    return lambda sealed, label: unsealer.unseal_compartment("outbox", sealed, label)


def access_to(country: Country) -> dict[str, AgencyAccess]:
    """Access to every agency of a country, from the files it wrote."""
    secrets, published = country.read("credentials.json"), country.read("keys/agencies.jwks.json")
    headers = {
        "population": {"X-Road-Client": "KZ/GOV/KINDRED/HUB"},
        "police": {"X-Road-Client": "KZ/GOV/KINDRED/HUB"},
        "civil": {},
        "tax": {"X-Api-Key": secrets["tax"]["api_key"]},
        "health": {"Authorization": f"Bearer {secrets['health']['bearer']}"},
        "casework": {"X-Api-Key": secrets["casework"]["api_key"]},
    }
    return {
        name: AgencyAccess(country.url, given, signing_key=country.signing_key, keys=published)
        for name, given in headers.items()
    }


def _request_id(asked: Counter[str], who: Principal) -> str:
    """Derived from who asks and how often they did, so that nobody else's request shifts it."""
    asked[who.actor] += 1
    return hashlib.sha256(f"{who.actor}|{who.role}|{asked[who.actor]}".encode()).hexdigest()[:32]


class _Derived:
    """Bytes in place of chance, the same in every run."""

    def __init__(self) -> None:
        self._calls = 0

    def __call__(self, size: int) -> bytes:
        self._calls += 1
        seed = self._calls.to_bytes(8, "big")
        return b"".join(hashlib.sha256(seed + i.to_bytes(4, "big")).digest() for i in range(size // 32 + 1))[:size]
