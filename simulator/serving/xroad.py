"""Population register and police over X-Road REST."""

from __future__ import annotations

import hashlib
import uuid

import orjson
from aiohttp import web

from simulator.serving.faults import Handler
from simulator.serving.state import RUNNING, cursor, cursor_text, json_bytes, limit

PATHS = {
    "population": "/r1/KZ/GOV/POPREG/register/persons",
    "police": "/r1/KZ/GOV/POLICE/incidents/reports",
}
CLIENT = "KZ/GOV/KINDRED/HUB"
_MOST = 1000


def changes(agency: str) -> Handler:
    """The handler of an agency's change sequence."""

    async def answer(request: web.Request) -> web.StreamResponse:
        client = request.headers.get("X-Road-Client")
        if client is None:
            return _fault(request, 400, "Client.MissingHeader", "X-Road-Client is required")
        if client != CLIENT:
            return _fault(request, 403, "Server.ServerProxy.AccessDenied", "client may not use this service")
        store = request.app[RUNNING].store
        start, size = cursor(request.query.get("since")), limit(request, "limit", _MOST, 100)
        rows = store.page(agency, start, size)
        end = start + len(rows)
        more = b"true" if end < store.count(agency) else b"false"
        body = b'{"items":[%s],"next":"%s","more":%s}' % (b",".join(rows), cursor_text(end).encode(), more)
        return json_bytes(body, headers=_headers(request))

    return answer


def _headers(request: web.Request) -> dict[str, str]:
    """What X-Road adds: the message's id back, its own id, and the digest of the request."""
    asked = f"{request.method} {request.path_qs}".encode()
    headers = {"X-Road-Request-Id": str(uuid.uuid4()), "X-Road-Request-Hash": hashlib.sha512(asked).hexdigest()}
    message = request.headers.get("X-Road-Id")
    return headers | ({"X-Road-Id": message} if message else {})


def _fault(request: web.Request, status: int, kind: str, message: str) -> web.Response:
    body = orjson.dumps({"type": kind, "message": message, "detail": str(uuid.uuid4())})
    return json_bytes(body, status, _headers(request) | {"X-Road-Error": kind})
