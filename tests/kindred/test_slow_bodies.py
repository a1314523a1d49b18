"""Bodies that arrive slowly hold nobody up but whoever sends them, and not for long."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from domain.principals import RoleName
from kindred.wiring import development_issuer
from tests.kindred.hubs import ACTIVITY, Running, code_of, serving

_PUBLIC = {"query": "{ processingActivities { name } }"}

pytestmark = pytest.mark.asyncio


def _token(hub: Running, actor: str, acting_for: str | None = None) -> str:
    return development_issuer(hub.hub.settings).issue(
        actor=actor,
        role=RoleName.CASEWORKER,
        agency="a",
        activities=[ACTIVITY],
        now=hub.hub.stores.clock.now(),
        region="KZ-75",
        acting_for=acting_for,
    )


async def _begin(hub: Running, token: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A request that the hub has begun to read and whose body never ends."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(hub.url.rpartition(":")[2]))
    head = (
        f"POST /graphql HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n"
        "Content-Length: 1000\r\nExpect: 100-continue\r\n\r\n"
    )
    writer.write(head.encode())
    async with asyncio.timeout(5):
        assert await reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
    writer.write(b"{")
    return reader, writer


async def test_slow_bodies_hold_no_places_of_others(tmp_path: Path) -> None:
    async with serving(tmp_path, max_requests=1, max_requests_each=3, body_seconds=1.5) as hub:
        mine = _token(hub, "officer")
        slow = [await _begin(hub, mine) for _ in range(3)]
        status, body, _ = await hub.ask(_PUBLIC, token=mine)
        assert (status, code_of(body)) == (429, "TOO_MANY_REQUESTS")
        for other in (_token(hub, "another"), _token(hub, "officer", acting_for="somebody")):
            status, body, _ = await hub.ask(_PUBLIC, token=other)
            assert (status, b"errors" in body) == (200, False)
        for reader, writer in slow:
            async with asyncio.timeout(5):
                told = await reader.readuntil(b"}]}")
            assert told.startswith(b"HTTP/1.1 400 ")
            assert b"within_1.5_seconds" in told
            writer.close()
        status, _, _ = await hub.ask(_PUBLIC, token=mine)
        assert status == 200


async def test_a_body_cut_short_is_no_fault_of_the_hub(tmp_path: Path) -> None:
    async with serving(tmp_path, max_requests_each=1) as hub:
        mine = _token(hub, "officer")
        _, writer = await _begin(hub, mine)
        writer.close()
        await writer.wait_closed()
        async with asyncio.timeout(3):  # less than a body may take, so it is the closing that gave the place back
            while (await hub.ask(_PUBLIC, token=mine))[0] != 200:
                pass
        _, metrics, _ = await hub.get("/metrics")
        assert b'kindred_requests_total{code="BAD_REQUEST",status="400"} 1.0' in metrics
        assert b'kindred_requests_total{code="INTERNAL",status="500"} 0.0' in metrics
