"""The civil registry: DCI sync search in signed envelopes."""

from __future__ import annotations

import asyncio
import hashlib
import uuid
from datetime import UTC, datetime
from typing import Any

import orjson
from aiohttp import web
from joserfc import jws
from joserfc.errors import JoseError

from simulator.country.store import Store
from simulator.serving.faults import BAD_SIGNATURE
from simulator.serving.state import RUNNING, Clients, json_bytes

PATH = "/registry/sync/search"
KID = "civil-1"
_MOST = 500


class Refused(Exception):
    """A request that the registry refuses: HTTP status and the standard's code."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(code)
        self.status, self.code, self.message = status, code, message


async def search(request: web.Request) -> web.StreamResponse:
    """Answer one signed search for acts after a change_seq with a signed page."""
    running = request.app[RUNNING]
    try:
        envelope = _envelope(await request.read())
        _verify(envelope, running.clients)
        query, after, size = _query(envelope["message"])
    except Refused as refused:
        error = {"error": {"code": refused.code, "message": refused.message}}
        return json_bytes(orjson.dumps(error), refused.status)
    rows, total = _page(running.store, after, size)
    header, message = _answer(envelope, query, rows, total, size)
    body = await asyncio.to_thread(_signed, running.store, header, message, bool(request.get(BAD_SIGNATURE)))
    return json_bytes(body)


def canonical(header: object, message: object) -> bytes:
    """The signed form: both under their names, keys sorted, no spaces, UTF-8."""
    return orjson.dumps({"header": header, "message": message}, option=orjson.OPT_SORT_KEYS)


def _envelope(raw: bytes) -> dict[str, Any]:
    try:
        envelope = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise Refused(400, "err.request.bad", "not JSON") from error
    if not isinstance(envelope, dict) or not isinstance(envelope.get("signature"), str):
        raise Refused(401, "err.signature.invalid", "a signature is required")
    if not isinstance(envelope.get("header"), dict) or not isinstance(envelope.get("message"), dict):
        raise Refused(400, "err.request.bad", "header and message are required")
    return envelope


def _verify(envelope: dict[str, Any], clients: Clients) -> None:
    """The signature is ES256 by a known client, over the digest of header and message."""
    refused = Refused(401, "err.signature.invalid", "the signature does not hold")
    digest = hashlib.sha256(canonical(envelope["header"], envelope["message"])).hexdigest()
    try:
        unverified = jws.extract_compact(envelope["signature"].encode())
        key = clients.key(str(unverified.headers().get("kid")))
        if key is None:
            raise refused
        signed = jws.deserialize_compact(envelope["signature"], key, algorithms=["ES256"])
    except (JoseError, ValueError) as error:
        raise refused from error
    if signed.payload != digest.encode():
        raise refused


def _query(message: dict[str, Any]) -> tuple[dict[str, Any], int, int]:
    """The one search of a message: itself, the change_seq to start after, the page size."""
    try:
        [search] = message["search_request"]
        criteria = search["search_criteria"]
        [query] = criteria["query"]
        expression = query["expression1"]
        asked = (criteria["query_type"], expression["attribute_name"], expression["operator"])
        after = int(expression["attribute_value"])
        page = criteria["pagination"]
        size, number = int(page["page_size"]), int(page["page_number"])
    except (KeyError, TypeError, ValueError) as error:
        raise Refused(400, "rjct.search_criteria.invalid", "the search is not understood") from error
    if asked != ("predicate", "change_seq", "gt") or number != 1 or not 1 <= size <= _MOST or after < 0:
        raise Refused(400, "rjct.search_criteria.invalid", "only change_seq gt, page 1, is served")
    return search, after, size


def _page(store: Store, after: int, size: int) -> tuple[list[bytes], int]:
    """The acts after a change_seq and how many there are; a repeat is never cut from its act."""
    start = store.first("civil", min(after, 2**62) + 1)
    end = min(start + size, store.count("civil"))
    while end > start and store.key("civil", end) == store.key("civil", end - 1):
        end += 1
    return store.page("civil", start, end - start), store.count("civil") - start


def _answer(
    envelope: dict[str, Any], query: dict[str, Any], rows: list[bytes], total: int, size: int
) -> tuple[dict[str, Any], dict[str, Any]]:
    asked, message = envelope["header"], envelope["message"]
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    header = {
        "version": "1.0.0", "message_id": str(uuid.uuid4()), "message_ts": now, "action": "on-search",
        "status": "succ", "sender_id": "civil-registry", "receiver_id": asked.get("sender_id"),
        "total_count": len(rows),
    }  # fmt: skip
    response = {
        "reference_id": query.get("reference_id"), "timestamp": now, "status": "succ",
        "data": {
            "version": "1.0.0", "reg_type": "ns:crvs", "reg_records": [orjson.Fragment(row) for row in rows],
        },
        "pagination": {"page_size": size, "page_number": 1, "total_count": total},
    }  # fmt: skip
    return header, {
        "transaction_id": message.get("transaction_id"), "correlation_id": str(uuid.uuid4()),
        "search_response": [response],
    }  # fmt: skip


def _signed(store: Store, header: object, message: object, bad: bool) -> bytes:
    """The envelope; rows lie in it as they lie in the manifest, already in sorted order of keys."""
    text = canonical(header, message)
    digest = hashlib.sha256(text).hexdigest()
    signature = store.signer.sign(KID, (digest[::-1] if bad else digest).encode())
    return b'{"signature":%s,%s' % (orjson.dumps(signature), text[1:])
