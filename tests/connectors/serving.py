"""Two agencies on loopback, from lists of rows: a population register (X-Road) and a tax authority (paged JSON)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web


@dataclass
class Agencies:
    """What is served; rows may be added while serving. `faults` are statuses that the next answers have."""

    population: list[Any] = field(default_factory=list)
    tax: list[Any] = field(default_factory=list)
    faults: list[int] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    url: str = ""

    def cut(self, rows: list[Any], since: str, limit: str) -> tuple[list[Any], str, bool]:
        """A page: rows, the next cursor, whether there is more."""
        start = int(since or "0")
        page = rows[start : start + int(limit)]
        return page, str(start + len(page)), start + len(page) < len(rows)


@asynccontextmanager
async def serving(agencies: Agencies) -> AsyncIterator[Agencies]:
    """Serve on a free port of 127.0.0.1 until left; `agencies.url` is the address."""

    async def register(request: web.Request) -> web.Response:
        agencies.asked.append(request.query.get("since", ""))
        if agencies.faults:
            return web.json_response({"type": "x"}, status=agencies.faults.pop(0), headers={"X-Road-Error": "x"})
        if request.headers.get("X-Road-Client") != "KZ/GOV/KINDRED/HUB":
            return web.json_response({"type": "x"}, status=403, headers={"X-Road-Error": "Server.AccessDenied"})
        items, following, more = agencies.cut(
            agencies.population, request.query.get("since", ""), request.query["limit"]
        )
        return web.json_response(
            {"items": items, "next": following, "more": more}, headers={"X-Road-Id": request.headers["X-Road-Id"]}
        )

    async def tax(request: web.Request) -> web.Response:
        if request.headers.get("X-Api-Key") != "k":
            return web.json_response({}, status=401)
        data, following, more = agencies.cut(agencies.tax, request.query.get("cursor", ""), request.query["limit"])
        return web.json_response({"data": data, "cursor": following, "has_more": more})

    app = web.Application()
    app.router.add_get("/r1/KZ/GOV/POPREG/register/persons", register)
    app.router.add_get("/tax/v1/changes", tax)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    agencies.url = f"http://{host}:{port}"
    try:
        yield agencies
    finally:
        await runner.cleanup()
