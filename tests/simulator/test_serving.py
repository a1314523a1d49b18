"""Six agencies over HTTP, read as the wire contract says."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

import aiohttp
import pytest
from joserfc import jwk, jws
from joserfc.errors import JoseError

from simulator.country.options import Options
from tests.simulator.countries import XROAD, Agencies, by_stream, lines, search, serving, signature_holds

POPULATION = "/r1/KZ/GOV/POPREG/register/persons"


def _rows(country: Options, stream: str) -> list[dict[str, Any]]:
    return [line["row"] for line in by_stream(lines(country.files().manifest))[stream]]


async def test_every_agency_serves_its_manifest(wrong: Options) -> None:
    async with serving(wrong) as agencies:
        for agency in ("population", "police"):
            assert await agencies.xroad(agency) == _rows(wrong, agency)
        for agency in ("tax", "casework"):
            assert await agencies.paged(agency) == _rows(wrong, agency)
        for resource in ("Patient", "Coverage", "Condition"):
            assert await agencies.fhir(resource) == _rows(wrong, f"health-{resource}")
        assert await agencies.civil() == _rows(wrong, "civil")


async def test_any_page_size_gives_every_act_once(right: Options, wrong: Options) -> None:
    async with serving(wrong) as agencies:
        assert await agencies.civil(size=37) == _rows(wrong, "civil")


async def test_cursors_go_on_from_the_end(right: Options) -> None:
    async with serving(right) as agencies:
        page = await agencies.get(f"{POPULATION}?limit=10", XROAD)
        assert len(page["items"]) == 10
        assert page["more"] is True
        rest = await agencies.xroad("population", since=page["next"])
        assert page["items"] + rest == _rows(right, "population")
        end = await agencies.get(f"{POPULATION}?limit=1000&since=c-{10**9:010d}", XROAD)
        assert (end["items"], end["more"]) == ([], False)
        since = rest[-1]["changedAt"]
        assert since.endswith("Z")
        patients = _rows(right, "health-Patient")
        assert await agencies.fhir("Patient", patients[-3]["meta"]["lastUpdated"]) == patients[-3:]


async def test_xroad_wants_its_client_and_echoes_its_id(right: Options) -> None:
    async with serving(right) as agencies:
        session, url = agencies.session, agencies.url + POPULATION
        for headers, status in (({}, 400), ({"X-Road-Client": "KZ/GOV/OTHER/HUB"}, 403)):
            async with session.get(url, headers=headers) as answer:
                assert answer.status == status
                assert answer.headers["X-Road-Error"]
                assert set(await answer.json()) == {"type", "message", "detail"}
        async with session.get(url, headers=XROAD | {"X-Road-Id": "abc"}) as answer:
            assert answer.headers["X-Road-Id"] == "abc"
            assert answer.headers["X-Road-Request-Id"]
            assert answer.headers["X-Road-Request-Hash"]


@pytest.mark.parametrize("query", ["limit=0", "limit=1001", "limit=x", "since=17", "since=c-x", "since=c-" + "9" * 30])
async def test_bad_pages_are_refused(right: Options, query: str) -> None:
    async with (
        serving(right) as agencies,
        agencies.session.get(f"{agencies.url}{POPULATION}?{query}", headers=XROAD) as answer,
    ):
        assert answer.status == 400


async def test_secrets_are_wanted(right: Options) -> None:
    paths = {
        "/tax/v1/changes": {"X-Api-Key": "x"}, "/casework/v1/documents": {}, "/fhir/Patient": {"Authorization": "x"},
        "/fhir/Coverage": {"Authorization": "Bearer x"}, "/fhir/Condition": {},
    }  # fmt: skip
    async with serving(right) as agencies:
        for path, headers in paths.items():
            async with agencies.session.get(agencies.url + path, headers=headers) as answer:
                assert answer.status == 401
        for path in ("/_control/events", "/_control/faults"):
            async with agencies.session.post(agencies.url + path, json={}) as answer:
                assert answer.status == 401


def _altered(key: jwk.ECKey) -> list[tuple[str, dict[str, Any], int]]:
    right = search("0", 10)
    moved = json.loads(json.dumps(right))
    moved["message"]["search_request"][0]["search_criteria"]["pagination"]["page_size"] = 11
    renamed = {**right, "header": {**right["header"], "sender_id": "another"}}
    return [
        ("as it should be", right, 200),
        ("message altered", moved, 401),
        ("header altered", renamed, 401),
        ("no signature", {k: v for k, v in right.items() if k != "signature"}, 401),
        ("unknown client", search("0", 10, key, "unknown"), 401),
        ("another's key under a known name", search("0", 10, key), 401),
        ("not a signature", {**right, "signature": "a.b.c"}, 401),
        ("page 0", search("0", 0), 400),
        ("too large a page", search("0", 501), 400),
        ("no cursor", search("first", 10), 400),
    ]


async def test_the_registry_refuses_what_no_client_has_signed(right: Options) -> None:
    async with serving(right) as agencies:
        for name, envelope, status in _altered(jwk.ECKey.generate_key("P-256")):
            async with agencies.session.post(f"{agencies.url}/registry/sync/search", json=envelope) as answer:
                assert answer.status == status, name
                body = await answer.json()
                if status == 401:
                    assert body["error"]["code"] == "err.signature.invalid"
        async with agencies.session.post(f"{agencies.url}/registry/sync/search", data=b"{") as answer:
            assert answer.status == 400


async def test_documents_are_signed_by_their_issuer(right: Options) -> None:
    async with serving(right) as agencies:
        served = await agencies.paged("casework")
        stated = [line["document"] for line in by_stream(lines(right.files().manifest))["casework"]]
        for row, document in zip(served, stated, strict=True):
            signed = jws.deserialize_compact(row["jws"], agencies.keys, algorithms=["ES256"])
            assert json.loads(signed.payload) == document
            expected = "court-1" if document["type"] == "warrant" else "casework-1"
            assert signed.headers()["kid"] == expected


async def _fault(agencies: Agencies, agency: str, kind: str, times: int = 1, delay: float = 0.0) -> int:
    body = {"agency": agency, "kind": kind, "times": times, "delay": delay}
    headers = {"X-Control-Key": agencies.secrets["control"]["key"]}
    async with agencies.session.post(f"{agencies.url}/_control/faults", json=body, headers=headers) as answer:
        return answer.status


async def test_faults_strike_one_agency_as_often_as_told(right: Options) -> None:
    async with serving(right) as agencies:
        url, session = f"{agencies.url}/tax/v1/changes?limit=5", agencies.session
        key = {"X-Api-Key": agencies.secrets["tax"]["api_key"]}
        assert await _fault(agencies, "tax", "error500", times=2) == 200
        statuses = []
        for _ in range(3):
            async with session.get(url, headers=key) as answer:
                statuses.append(answer.status)
        assert statuses == [500, 500, 200]
        await _fault(agencies, "tax", "garbage")
        assert len(await agencies.xroad("police")) > 0
        async with session.get(url, headers=key) as answer:
            with pytest.raises(ValueError, match=r"codec|JSON|Expecting"):
                json.loads((await answer.read()).decode())
        await _fault(agencies, "tax", "truncate")
        async with session.get(url, headers=key) as answer:
            with pytest.raises(aiohttp.ClientPayloadError):
                await answer.read()
        await _fault(agencies, "tax", "slow", delay=0.3)
        began = time.monotonic()
        await agencies.get("/tax/v1/changes?limit=5", key)
        assert time.monotonic() - began >= 0.3
        await _fault(agencies, "tax", "error500", times=9)
        await _fault(agencies, "tax", "off")
        await agencies.get("/tax/v1/changes?limit=5", key)
        for agency, kind in (("bank", "slow"), ("tax", "fire"), ("tax", "bad_signature")):
            assert await _fault(agencies, agency, kind) == 400


async def test_bad_signatures_are_bad(right: Options) -> None:
    async with serving(right) as agencies:
        await _fault(agencies, "civil", "bad_signature")
        for holds in (False, True):
            async with agencies.session.post(f"{agencies.url}/registry/sync/search", json=search("0", 5)) as answer:
                assert signature_holds(await answer.json(), agencies.keys) == holds
        await _fault(agencies, "casework", "bad_signature")
        for row in await agencies.paged("casework"):
            with pytest.raises(JoseError):
                jws.deserialize_compact(row["jws"], agencies.keys, algorithms=["ES256"])
        for row in await agencies.paged("casework"):
            jws.deserialize_compact(row["jws"], agencies.keys, algorithms=["ES256"])


async def test_the_loop_stays_free_while_large_pages_are_served(right: Options) -> None:
    longest = 0.0

    async def watch() -> None:
        nonlocal longest
        while True:
            began = time.perf_counter()
            await asyncio.sleep(0.001)
            longest = max(longest, time.perf_counter() - began)

    async with serving(right) as agencies:
        watcher = asyncio.create_task(watch())
        async with agencies.session.get(f"{agencies.url}{POPULATION}?limit=1000", headers=XROAD) as answer:
            await answer.read()
        async with agencies.session.post(f"{agencies.url}/registry/sync/search", json=search("0", 500)) as answer:
            await answer.read()
        watcher.cancel()
    assert longest < 0.25
