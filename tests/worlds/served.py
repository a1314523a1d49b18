"""A hub of a test's world behind its real server, on a free port of loopback; tokens of the development issuer."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import aiohttp

from domain.principals import Principal
from graph.opening import GraphStore
from kindred.serving import port_of, server_of
from kindred.settings import Settings, read_settings
from kindred.wiring import Hub as Wired
from kindred.wiring import Stores
from resolvers.gate.parts import GateParts
from signin.issuer import DevelopmentIssuer
from signin.key_source import FileKeys
from signin.verifier import Expected, TokenVerifier
from tests.worlds.hub import Hub
from vault.unsealing import Unsealer

ISSUER = "https://issuer.test"


@dataclass(frozen=True)
class Heard:
    """One answer as it came."""

    status: int
    body: bytes
    headers: Mapping[str, str]

    @property
    def codes(self) -> list[str]:
        """The codes of its errors."""
        return [error["extensions"]["code"] for error in json.loads(self.body).get("errors", [])]

    @property
    def stable(self) -> dict[str, str]:
        """Its headers but for those that differ every time: the date and the request's own id."""
        varying = {"date", "kindred-request-id"}
        return {name.lower(): value for name, value in self.headers.items() if name.lower() not in varying}


@dataclass(frozen=True)
class Served:
    """A serving hub."""

    here: Hub
    port: int
    issuer: DevelopmentIssuer
    session: aiohttp.ClientSession
    nationals: dict[str, str]

    @property
    def url(self) -> str:
        """Where GraphQL is."""
        return f"http://127.0.0.1:{self.port}/graphql"

    def token(self, who: Principal, **changes: Any) -> str:
        """A token that says what a principal holds."""
        claims: dict[str, Any] = {
            "actor": who.actor,
            "role": who.role,
            "agency": who.agency,
            "activities": who.activities,
            "now": self.here.clock.now(),
            "lifetime": timedelta(hours=8),
            "unit": who.unit,
            "region": who.region,
            "person": self.nationals.get(who.actor),
            "token_id": who.token_id,
        }
        return self.issuer.issue(**{**claims, **changes})

    def headers(self, who: Principal, case: str | None = None, **changes: str) -> dict[str, str]:
        """The headers of a request."""
        found = {
            "Authorization": f"Bearer {self.token(who)}",
            "Kindred-Activity": next(iter(who.activities)),
            "Content-Type": "application/json",
        }
        if case is not None:
            found["Kindred-Case"] = case
        return {**found, **changes}

    async def post(self, body: Any, headers: Mapping[str, str]) -> Heard:
        """POST to /graphql; bytes go as they are."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        async with self.session.post(self.url, data=io.BytesIO(content), headers=headers) as answer:
            return Heard(answer.status, await answer.read(), answer.headers.copy())

    async def ask(self, who: Principal, query: str, variables: Any = None, *, case: str | None = None) -> Heard:
        """One request as a well-behaved client makes it."""
        return await self.post({"query": query, "variables": variables}, self.headers(who, case))

    async def raw(self, content: bytes) -> bytes:
        """Bytes sent as they are; all that comes back until the server closes or says nothing for a while."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write(content)
            await writer.drain()
            return await asyncio.wait_for(reader.read(65536), 10)
        finally:
            writer.close()

    async def entries(self) -> int:
        """How many entries the ledger holds, 200 at most."""
        return len(await self.here.parts.ledger.entries(200))


@asynccontextmanager
async def served(here: Hub, nationals: Mapping[str, str] | None = None, **given: Any) -> AsyncIterator[Served]:
    """Serve a hub until the block ends. `nationals`: actor → national id for tokens. `given`: settings; tokens may
    leave out who holds them unless `require_person` is given.
    """
    settings = read_settings(port=0, issuer=ISSUER, drain_seconds=1, **{"require_person": False, **given})
    issuer = DevelopmentIssuer.open(here.folder / "issuer.json", ISSUER, settings.audience)
    issuer.write_jwks(here.folder / "jwks.json")
    server = server_of(_wired(here, settings))
    task = asyncio.create_task(server.run_quietly())
    try:
        while not server.started:
            assert not task.done(), "the server ended before it listened"
            await asyncio.sleep(0.01)
        async with aiohttp.ClientSession() as session:
            yield Served(here, port_of(server), issuer, session, dict(nationals or {}))
    finally:
        server.should_exit = True
        await task


def _wired(here: Hub, settings: Settings) -> Wired:
    parts: GateParts = here.parts
    graph: GraphStore = here.graph
    stores = Stores(parts.ring, Unsealer(parts.ring), graph, parts.docket, parts.ledger, here.clock)  # type: ignore[arg-type]
    keys = FileKeys(here.folder / "jwks.json")
    expected = Expected(ISSUER, settings.audience, require_person=settings.require_person)
    verifier = TokenVerifier(expected, keys, here.clock, parts.ring.hasher.national)
    return Wired(settings, stores, parts.activities, parts.table, here.answering, here.executor, verifier, keys)
