"""Tax and casework: paged JSON behind an API key."""

from __future__ import annotations

import orjson
from aiohttp import web

from simulator.serving.faults import BAD_SIGNATURE, Handler
from simulator.serving.state import RUNNING, cursor, cursor_text, json_bytes, limit, same

PATHS = {"tax": "/tax/v1/changes", "casework": "/casework/v1/documents"}
_MOST = 1000


def changes(agency: str) -> Handler:
    """The handler of an agency's change sequence."""

    async def answer(request: web.Request) -> web.StreamResponse:
        running = request.app[RUNNING]
        if not same(request.headers.get("X-Api-Key"), running.credentials[agency]["api_key"]):
            return json_bytes(b'{"error":"unauthorized"}', 401)
        start, size = cursor(request.query.get("cursor")), limit(request, "limit", _MOST, 100)
        rows = running.store.page(agency, start, size)
        if request.get(BAD_SIGNATURE):
            rows = [_spoil(row) for row in rows]
        end = start + len(rows)
        more = b"true" if end < running.store.count(agency) else b"false"
        body = b'{"data":[%s],"cursor":"%s","has_more":%s}' % (b",".join(rows), cursor_text(end).encode(), more)
        return json_bytes(body)

    return answer


def _spoil(row: bytes) -> bytes:
    """The row with another signature on its document."""
    body = orjson.loads(row)
    head, payload, signature = body["jws"].split(".")
    body["jws"] = ".".join((head, payload, signature[:-8] + signature[-8:][::-1].swapcase()))
    return orjson.dumps(body)
