"""What the country's operator may do while it runs: play events, inject faults."""

from __future__ import annotations

from typing import Any

import orjson
from aiohttp import web

from simulator.serving.state import RUNNING, json_bytes, same


async def events(request: web.Request) -> web.StreamResponse:
    """Play one event; the answer comes when its rows can be pulled."""
    body = await _body(request)
    try:
        return json_bytes(orjson.dumps(await request.app[RUNNING].player.play(body)))
    except ValueError as error:
        return json_bytes(orjson.dumps({"error": str(error)}), 400)


async def faults(request: web.Request) -> web.StreamResponse:
    """Put a fault in force: agency, kind, times (1), delay (1 second)."""
    body = await _body(request)
    try:
        times, delay = int(body.get("times", 1)), float(body.get("delay", 1.0))
        request.app[RUNNING].faults.set(str(body["agency"]), str(body["kind"]), times, delay)
    except (KeyError, TypeError, ValueError):
        return json_bytes(b'{"error":"no such fault"}', 400)
    return json_bytes(b'{"ok":true}')


async def _body(request: web.Request) -> dict[str, Any]:
    """The request's JSON object; 401 without the control key, 400 for anything else."""
    if not same(request.headers.get("X-Control-Key"), request.app[RUNNING].credentials["control"]["key"]):
        raise web.HTTPUnauthorized(text='{"error":"unauthorized"}', content_type="application/json")
    try:
        body = orjson.loads(await request.read())
    except orjson.JSONDecodeError:
        body = None
    if not isinstance(body, dict):
        raise web.HTTPBadRequest(text='{"error":"not a JSON object"}', content_type="application/json")
    return body
