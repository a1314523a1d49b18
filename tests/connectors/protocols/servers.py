"""A civil registry (DCI, signed) and a FHIR server on loopback, from lists of rows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from joserfc import jws
from joserfc.jwk import ECKey


def key(kid: str) -> ECKey:
    """A fresh ES256 key."""
    return ECKey.generate_key("P-256", {"kid": kid}, private=True)


def private(one: ECKey) -> dict[str, Any]:
    """The private JWK with its kid."""
    return {**one.as_dict(private=True), "kid": one.kid}


def public(*keys: ECKey) -> dict[str, Any]:
    """The public JWK set."""
    return {"keys": [{**one.as_dict(private=False), "kid": one.kid} for one in keys]}


def digest(header: Any, message: Any) -> str:
    """As the wire contract says."""
    text = json.dumps({"header": header, "message": message}, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def sign(one: ECKey, payload: str) -> str:
    """A compact JWS."""
    return jws.serialize_compact({"alg": "ES256", "kid": str(one.kid)}, payload, one)


class Registry:
    """Serves acts after a change_seq. `spoil` may alter the envelope just before it leaves; `asked`: the requests."""

    def __init__(self, rows: list[dict[str, Any]], own: ECKey, client: ECKey) -> None:
        self.rows, self.own, self.client = rows, own, client
        self.spoil: Callable[[dict[str, Any]], dict[str, Any]] = dict
        self.asked: list[dict[str, Any]] = []

    async def search(self, request: web.Request) -> web.Response:
        asked = await request.json()
        self.asked.append(asked)
        signed = jws.deserialize_compact(asked["signature"], self.client, algorithms=["ES256"])
        if signed.payload.decode() != digest(asked["header"], asked["message"]):
            return web.json_response({"error": {"code": "err.signature.invalid"}}, status=401)
        criteria = asked["message"]["search_request"][0]["search_criteria"]
        after = int(criteria["query"][0]["expression1"]["attribute_value"])
        rows = [row for row in self.rows if row["change_seq"] > after][: criteria["pagination"]["page_size"]]
        header = {"version": "1.0.0", "action": "on-search", "status": "succ"}
        message = {
            "transaction_id": asked["message"]["transaction_id"],
            "search_response": [{"status": "succ", "data": {"reg_records": rows}}],
        }
        signature = sign(self.own, digest(header, message))
        return web.json_response(self.spoil({"signature": signature, "header": header, "message": message}))


class Hospital:
    """Serves resources sorted by instant, `cut` a page whatever is asked, by links of its own."""

    def __init__(self, resources: list[dict[str, Any]], cut: int) -> None:
        self.resources, self.cut, self.elsewhere = resources, cut, ""

    async def search(self, request: web.Request) -> web.Response:
        kind, since = request.match_info["kind"], request.query.get("_lastUpdated", "ge")[2:]
        own = [r for r in self.resources if r["resourceType"] == kind and r["meta"]["lastUpdated"] >= since]
        start = int(request.query.get("_page", "0"))
        page = own[start : start + self.cut]
        links = [{"relation": "self", "url": str(request.url)}]
        if start + self.cut < len(own):
            following = request.url.update_query({"_page": str(start + self.cut)})
            links.append({"relation": "next", "url": self.elsewhere or str(following)})
        return web.json_response(
            {"resourceType": "Bundle", "link": links, "entry": [{"resource": one} for one in page]}
        )


@asynccontextmanager
async def serving(registry: Registry | None = None, hospital: Hospital | None = None) -> AsyncIterator[str]:
    """Serve on a free port of 127.0.0.1; gives the address."""
    app = web.Application()
    if registry is not None:
        app.router.add_post("/registry/sync/search", registry.search)
    if hospital is not None:
        app.router.add_get("/fhir/{kind}", hospital.search)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    try:
        yield f"http://{host}:{port}"
    finally:
        await runner.cleanup()
