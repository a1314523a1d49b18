"""Countries for tests: generated, read back, served in the test's own loop."""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web
from joserfc import jwk, jws

from simulator.country.keys import credentials
from simulator.country.options import Options
from simulator.country.store import Store
from simulator.events.play import Player
from simulator.serving.app import application
from simulator.serving.state import Clients, Running

TODAY = date(2026, 11, 22)
CLIENT_KEY = jwk.ECKey.generate_key("P-256", {"kid": "client-1"})
XROAD = {"X-Road-Client": "KZ/GOV/KINDRED/HUB"}


def options(out: Path, people: int = 900, seed: int = 3, **more: Any) -> Options:
    """A small country."""
    return Options(people, seed, out, TODAY, **more)


def lines(path: Path) -> list[dict[str, Any]]:
    """The lines of an ndjson file."""
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def by_stream(manifest: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """The manifest's lines by agency, or by health-Resource, in served order."""
    found: dict[str, list[dict[str, Any]]] = {}
    for line in manifest:
        name = f"health-{line['resource']}" if "resource" in line else line["agency"]
        found.setdefault(name, []).append(line)
    return found


class Agencies:
    """A client of all six agencies, that says what the contract says and nothing of the simulator's code."""

    def __init__(self, session: aiohttp.ClientSession, url: str, files: Options) -> None:
        self.session, self.url = session, url
        self.secrets = json.loads(files.files().credentials.read_bytes())
        self.keys = jwk.KeySet.import_key_set(json.loads(files.files().public_keys.read_bytes()))

    async def get(self, path: str, headers: dict[str, str]) -> Any:
        """A JSON answer that must be 200."""
        async with self.session.get(self.url + path, headers=headers) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json(content_type=None)

    async def xroad(self, agency: str, since: str = "", limit: int = 700) -> list[dict[str, Any]]:
        """All rows after a cursor."""
        path = {"population": "/r1/KZ/GOV/POPREG/register/persons", "police": "/r1/KZ/GOV/POLICE/incidents/reports"}
        rows: list[dict[str, Any]] = []
        while True:
            page = await self.get(f"{path[agency]}?since={since}&limit={limit}", XROAD)
            rows += page["items"]
            since = page["next"]
            if not page["more"]:
                return rows

    async def paged(self, agency: str) -> list[dict[str, Any]]:
        """All rows of tax or casework."""
        path = {"tax": "/tax/v1/changes", "casework": "/casework/v1/documents"}[agency]
        rows: list[dict[str, Any]] = []
        cursor = ""
        while True:
            headers = {"X-Api-Key": self.secrets[agency]["api_key"]}
            page = await self.get(f"{path}?cursor={cursor}&limit=700", headers)
            rows += page["data"]
            cursor = page["cursor"]
            if not page["has_more"]:
                return rows

    async def fhir(self, resource: str, since: str = "2000-01-01T00:00:00Z") -> list[dict[str, Any]]:
        """All resources of a type changed since an instant, by the server's next links."""
        rows: list[dict[str, Any]] = []
        following: str | None = f"/fhir/{resource}?_lastUpdated=ge{since}&_count=400"
        while following:
            page = await self.get(following, {"Authorization": f"Bearer {self.secrets['health']['bearer']}"})
            rows += [entry["resource"] for entry in page["entry"]]
            links = [link["url"] for link in page["link"] if link["relation"] == "next"]
            following = links[0].removeprefix(self.url) if links else None
        return rows

    async def civil(self, size: int = 500) -> list[dict[str, Any]]:
        """All acts, each page's signature checked."""
        rows: list[dict[str, Any]] = []
        after = "0"
        while True:
            async with self.session.post(f"{self.url}/registry/sync/search", json=search(after, size)) as answer:
                assert answer.status == 200, await answer.text()
                page = await answer.json()
            assert signature_holds(page, self.keys)
            got = page["message"]["search_response"][0]["data"]["reg_records"]
            rows += got
            if len(got) < size:
                return rows
            after = str(got[-1]["change_seq"])


def digest(envelope: dict[str, Any]) -> str:
    """The contract's digest of header and message."""
    signed = {"header": envelope["header"], "message": envelope["message"]}
    text = json.dumps(signed, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def signature_holds(envelope: dict[str, Any], keys: jwk.KeySet) -> bool:
    """Whether the registry has signed this envelope."""
    signed = jws.deserialize_compact(envelope["signature"], keys, algorithms=["ES256"])
    return signed.payload.decode() == digest(envelope)


def search(after: str, size: int, key: jwk.ECKey = CLIENT_KEY, kid: str = "client-1") -> dict[str, Any]:
    """A signed request for acts after a change_seq."""
    expression = {"attribute_name": "change_seq", "operator": "gt", "attribute_value": after}
    criteria = {
        "reg_type": "ns:crvs", "reg_event_type": "all", "query_type": "predicate",
        "query": [{"seq_num": 1, "expression1": expression}],
        "sort": [{"attribute_name": "change_seq", "sort_order": "asc"}],
        "pagination": {"page_size": size, "page_number": 1},
    }  # fmt: skip
    asked = [{"reference_id": "r", "timestamp": "2026-11-22T00:00:00Z", "search_criteria": criteria}]
    header = {
        "version": "1.0.0", "message_id": "сұрау", "message_ts": "2026-11-22T00:00:00Z", "action": "search",
        "sender_id": "kindred", "total_count": 1,
    }  # fmt: skip
    envelope: dict[str, Any] = {"header": header, "message": {"transaction_id": "t", "search_request": asked}}
    return {"signature": jws.serialize_compact({"alg": "ES256", "kid": kid}, digest(envelope), key), **envelope}


@asynccontextmanager
async def serving(country: Options) -> AsyncIterator[Agencies]:
    """Serve a generated country in this loop."""
    clients = country.out / "clients.jwks.json"
    clients.write_text(json.dumps({"keys": [CLIENT_KEY.as_dict(private=False)]}))
    store = Store(country)
    running = Running(store, credentials(country.files()), Clients(clients), Player(store))
    runner = web.AppRunner(application(running), access_log=None, shutdown_timeout=1)
    try:
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        async with aiohttp.ClientSession() as session:
            yield Agencies(session, f"http://127.0.0.1:{runner.addresses[0][1]}", country)
    finally:
        await runner.cleanup()
        store.close()
