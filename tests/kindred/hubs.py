"""A real hub on loopback: stores in a folder, a server on a free port, tokens of the development issuer."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from domain.principals import RoleName
from kindred.serving import port_of, server_of
from kindred.settings import Settings, read_settings
from kindred.wiring import Hub, development_issuer, migrate, open_hub, open_stores

ACTIVITY = "family-card-review"
ISSUER = "https://issuer.test"


def settings_in(folder: Path, **given: Any) -> Settings:
    """Settings of a hub whose files all lie in a folder; a graph elsewhere is `given`."""
    given.setdefault("graph", f"sqlite:///{folder / 'graph.db'}")
    return read_settings(
        docket=f"sqlite:///{folder / 'docket.db'}",
        ledger=f"sqlite:///{folder / 'ledger.db'}",
        keys=folder / "keys.json",
        issuer=ISSUER,
        jwks=str(folder / "jwks.json"),
        development=True,
        development_key=folder / "issuer.json",
        port=0,
        drain_seconds=1,
        **given,
    )


@dataclass(frozen=True)
class Running:
    """A hub that serves."""

    hub: Hub
    url: str
    session: aiohttp.ClientSession
    tokens: dict[RoleName, str] = field(default_factory=dict)

    def token(self, role: RoleName = RoleName.CASEWORKER, activity: str = ACTIVITY) -> str:
        """A token of a made-up officer."""
        issuer = development_issuer(self.hub.settings)
        now = self.hub.stores.clock.now()
        return issuer.issue(actor="officer", role=role, agency="a", activities=[activity], now=now, region="KZ-75")

    async def ask(
        self, body: Any, headers: Mapping[str, str] | None = None, *, token: str | None = None, method: str = "POST"
    ) -> tuple[int, bytes, Mapping[str, str]]:
        """Send to /graphql as a caseworker; a body of bytes goes as it is, anything else as JSON."""
        sent = {"Authorization": f"Bearer {token or self.token()}", "Content-Type": "application/json"}
        sent |= headers or {}
        content: dict[str, Any] = {"data": io.BytesIO(body)} if isinstance(body, bytes) else {"json": body}
        if method == "GET":
            content = {"params": body}
        async with self.session.request(method, f"{self.url}/graphql", headers=sent, **content) as answer:
            return answer.status, await answer.read(), answer.headers.copy()

    async def get(self, path: str, headers: Mapping[str, str] | None = None) -> tuple[int, bytes, Mapping[str, str]]:
        """GET a path without a token."""
        async with self.session.get(f"{self.url}{path}", headers=headers) as answer:
            return answer.status, await answer.read(), answer.headers.copy()

    async def entries(self) -> int:
        """How many entries the ledger holds."""
        return len(await self.hub.stores.ledger.entries(100))


@asynccontextmanager
async def serving(folder: Path, **given: Any) -> AsyncIterator[Running]:
    """A hub that serves until the block ends."""
    settings = settings_in(folder, **given)
    stores = open_stores(settings, create=True)
    await migrate(stores)
    development_issuer(settings).write_jwks(folder / "jwks.json")
    hub = open_hub(settings, stores)
    server = server_of(hub)
    task = asyncio.create_task(server.run_quietly())
    try:
        while not server.started:
            assert not task.done(), "the server ended before it listened"
            await asyncio.sleep(0.01)
        async with aiohttp.ClientSession() as session:
            yield Running(hub, f"http://127.0.0.1:{port_of(server)}", session)
    finally:
        server.should_exit = True
        await task


def code_of(body: bytes) -> str:
    """The code of an answer's first error."""
    import orjson

    return str(orjson.loads(body)["errors"][0]["extensions"]["code"])
