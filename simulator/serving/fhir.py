"""Health over FHIR R4: search by `_lastUpdated`, pages by the server's own next links."""

from __future__ import annotations

from datetime import UTC, datetime

from aiohttp import web

from simulator.serving.faults import Handler
from simulator.serving.state import RUNNING, cursor, cursor_text, json_bytes, limit, same

RESOURCES = ("Patient", "Coverage", "Condition")
_MOST = 500


def search(resource: str) -> Handler:
    """The handler of the searches of one resource type."""
    stream = f"health-{resource}"

    async def answer(request: web.Request) -> web.StreamResponse:
        running = request.app[RUNNING]
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or not same(token, running.credentials["health"]["bearer"]):
            return _outcome(401, "login")
        size = limit(request, "_count", _MOST, 100)
        if "_page" in request.query:
            start = cursor(request.query["_page"])
        else:
            since = _since(request.query.get("_lastUpdated"))
            if since is None:
                return _outcome(400, "value")
            start = running.store.first(stream, since)
        rows = running.store.page(stream, start, size)
        end = start + len(rows)
        links = [b'{"relation":"self","url":"%s"}' % str(request.url).encode()]
        if end < running.store.count(stream):
            following = request.url.with_query({"_count": str(size), "_page": cursor_text(end)})
            links.append(b'{"relation":"next","url":"%s"}' % str(following).encode())
        base = str(request.url.origin()).encode()
        entries = [b'{"fullUrl":"%s/fhir/%s","resource":%s}' % (base, _named(row), row) for row in rows]
        body = b'{"resourceType":"Bundle","type":"searchset","link":[%s],"entry":[%s]}' % (
            b",".join(links), b",".join(entries),
        )  # fmt: skip
        answered = json_bytes(body)
        answered.content_type = "application/fhir+json"
        return answered

    return answer


def _named(row: bytes) -> bytes:
    """`Type/id` of a resource whose first two fields are these, as they are written."""
    parts = row.split(b'"', 8)
    return parts[3] + b"/" + parts[7]


def _since(text: str | None) -> int | None:
    """Seconds of the epoch from `ge<instant>`; 0 without; `None` for what is not understood."""
    if not text:
        return 0
    if not text.startswith("ge"):
        return None
    try:
        when = datetime.fromisoformat(text[2:].replace(" ", "+"))
    except ValueError:
        return None
    whole = int((when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp())
    return whole + bool(when.microsecond)


def _outcome(status: int, code: str) -> web.Response:
    issue = b'{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"%s"}]}' % code.encode()
    return json_bytes(issue, status)
