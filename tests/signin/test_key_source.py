"""Key sources: what is fetched, how often at most, and what happens when nothing comes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from domain.clock import FixedClock
from domain.errors import Invalid, Refused, Unavailable
from signin.key_set import MAX_KEYS, parse_keys
from signin.key_source import MAX_BYTES, CachedKeys, FileKeys, Keeping, UrlKeys
from signin.verifier import Expected, TokenVerifier
from tests.signin.tokens import AUDIENCE, EC, ED, ISSUER, NOW, RSA, claims, hash_national, key_set, sign

KEEPING = Keeping(fresh=300, grace=900, every=30)


class Issuer:
    """An issuer whose key set, failures and clock the test holds."""

    def __init__(self, content: bytes = key_set(EC)) -> None:
        self.content = content
        self.failing: Exception | None = None
        self.fetches = 0
        self.seconds = 1000.0
        self.gate: asyncio.Event | None = None
        self.source = CachedKeys(self.fetch, KEEPING, lambda: self.seconds)

    async def fetch(self) -> bytes:
        self.fetches += 1
        if self.gate is not None:
            await self.gate.wait()
        if self.failing is not None:
            raise self.failing
        return self.content


async def test_keys_are_fetched_once_while_fresh() -> None:
    issuer = Issuer()
    for _ in range(5):
        assert await issuer.source.key("ec") is not None
        issuer.seconds += 50
    assert issuer.fetches == 1


async def test_a_flood_of_unknown_ids_costs_one_fetch_in_each_interval() -> None:
    issuer = Issuer()
    await issuer.source.key("ec")
    issuer.seconds += 31
    for n in range(200):
        assert await issuer.source.key(f"made-up-{n}") is None
    assert issuer.fetches == 2
    issuer.seconds += 29
    await issuer.source.key("made-up")
    assert issuer.fetches == 2
    issuer.seconds += 1
    await issuer.source.key("made-up")
    assert issuer.fetches == 3


async def test_a_concurrent_flood_waits_for_one_fetch() -> None:
    issuer = Issuer()
    issuer.gate = asyncio.Event()
    waiting = [asyncio.ensure_future(issuer.source.key(f"kid-{n}")) for n in range(100)]
    waiting.append(asyncio.ensure_future(issuer.source.key("ec")))
    await asyncio.sleep(0)
    issuer.gate.set()
    found = await asyncio.gather(*waiting)
    assert issuer.fetches == 1
    assert [key is not None for key in found] == [False] * 100 + [True]


async def test_a_new_key_is_found_by_its_unknown_id() -> None:
    issuer = Issuer()
    assert await issuer.source.key("ed") is None
    issuer.content = key_set(EC, ED)
    issuer.seconds += 30
    assert await issuer.source.key("ed") is not None


async def test_a_withdrawn_key_stops_counting_when_keys_are_renewed() -> None:
    issuer = Issuer(key_set(EC, ED))
    assert await issuer.source.key("ed") is not None
    issuer.content = key_set(EC)
    issuer.seconds += 301
    await issuer.source.key("ec")
    await asyncio.sleep(0)
    assert await issuer.source.key("ed") is None


async def test_an_outage_is_bridged_for_the_grace_and_no_longer() -> None:
    issuer = Issuer()
    await issuer.source.key("ec")
    issuer.failing = Unavailable()
    issuer.seconds += 1199
    assert await issuer.source.key("ec") is not None
    issuer.seconds += 2
    assert await issuer.source.key("ec") is None
    issuer.failing = None
    issuer.seconds += 31
    assert await issuer.source.key("ec") is not None


async def test_known_keys_serve_while_a_renewal_hangs() -> None:
    issuer = Issuer()
    await issuer.source.key("ec")
    issuer.gate = asyncio.Event()
    issuer.seconds += 400
    assert await asyncio.wait_for(issuer.source.key("ec"), 1) is not None
    await issuer.source.close()


async def test_failures_are_not_hammered() -> None:
    issuer = Issuer()
    issuer.failing = OSError()
    for _ in range(50):
        assert await issuer.source.key("ec") is None
    assert issuer.fetches == 1


async def test_one_who_gives_up_waiting_takes_nothing_from_the_others() -> None:
    issuer = Issuer()
    issuer.gate = asyncio.Event()
    leaving = asyncio.ensure_future(issuer.source.key("ec"))
    staying = asyncio.ensure_future(issuer.source.key("ec"))
    await asyncio.sleep(0)
    leaving.cancel()
    await asyncio.gather(leaving, return_exceptions=True)
    issuer.gate.set()
    assert await staying is not None
    assert issuer.fetches == 1


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b'{"keys":7}', b"[" * 50_000, b"\xff"])
async def test_what_is_no_key_set(content: bytes) -> None:
    with pytest.raises(ValueError, match="key set"):
        parse_keys(content)
    issuer = Issuer(content)
    assert await issuer.source.key("ec") is None


def test_keys_that_are_passed_over() -> None:
    good = EC.as_dict(private=False)
    odd: list[Any] = [
        RSA.as_dict(private=False),
        {"kty": "oct", "k": "AAAA", "kid": "shared"},
        {**good, "kid": "encrypting", "use": "enc"},
        {**good, "kid": ""},
        {name: value for name, value in good.items() if name != "kid"},
        {**EC.as_dict(private=True), "kid": "published"},
        {**good, "kid": "off-curve", "y": good["x"]},
        {**good, "kid": "bad", "x": "!!"},
        {**good, "kid": "other-curve", "crv": "P-384"},
        {"kty": "OKP", "crv": "X25519", "x": ED.as_dict(private=False)["x"], "kid": "agreement"},
        7,
        None,
    ]
    keys = parse_keys(json.dumps({"keys": [*odd, good]}).encode())
    assert set(keys) == {"ec"}


def test_a_key_set_is_bounded() -> None:
    key = EC.as_dict(private=False)
    with pytest.raises(ValueError, match="too many"):
        parse_keys(json.dumps({"keys": [{**key, "kid": str(n)} for n in range(MAX_KEYS + 1)]}).encode())


@given(st.binary(max_size=200))
def test_garbage_is_a_value_error_at_most(content: bytes) -> None:
    with suppress(ValueError):
        parse_keys(content)


async def test_a_file_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "jwks.json"
    now = [0.0]
    source = FileKeys(path, KEEPING, lambda: now[0])
    assert await source.key("ec") is None
    path.write_bytes(key_set(EC))
    now[0] += 30
    assert await source.key("ec") is not None
    path.write_bytes(b" " * (MAX_BYTES + 1))
    now[0] += 5000
    assert await source.key("ec") is None


Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def served(handler: Handler) -> AsyncIterator[str]:
    """A real HTTP server on loopback; gives the key set's URL."""
    app = web.Application()
    app.router.add_get("/keys", handler)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        port = runner.addresses[0][1]
        yield f"http://127.0.0.1:{port}/keys"
    finally:
        await runner.cleanup()


async def test_a_real_issuer_is_a_setting() -> None:
    asked = 0

    async def keys(request: web.Request) -> web.Response:
        nonlocal asked
        asked += 1
        return web.Response(body=key_set(EC, ED), content_type="application/jwk-set+json")

    async with served(keys) as url:
        source = UrlKeys(url)
        verifier = TokenVerifier(Expected(ISSUER, AUDIENCE), source, FixedClock(NOW), hash_national)
        try:
            assert (await verifier.verify(sign(claims()))).actor == "officer-7"
            assert (await verifier.verify(sign(claims(), ED, "EdDSA"))).actor == "officer-7"
            for n in range(20):
                with pytest.raises(Refused):
                    await verifier.verify(sign(claims(), kid=f"unknown-{n}"))
        finally:
            await source.close()
    assert asked == 1


async def _failed(request: web.Request) -> web.Response:
    return web.Response(status=500, body=key_set(EC))


async def _moved(request: web.Request) -> web.Response:
    raise web.HTTPFound("/elsewhere")


async def _huge(request: web.Request) -> web.Response:
    return web.Response(body=b'{"keys":[],"padding":"' + b"x" * MAX_BYTES + b'"}')


async def _garbage(request: web.Request) -> web.Response:
    return web.Response(body=b"<html>")


async def _slow(request: web.Request) -> web.Response:
    await asyncio.sleep(5)
    return web.Response(body=key_set(EC))


@pytest.mark.parametrize("handler", [_failed, _moved, _huge, _garbage, _slow])
async def test_a_server_that_does_not_serve_keys(handler: Handler) -> None:
    async with served(handler) as url:
        source = UrlKeys(url, timeout=0.2)
        try:
            assert await source.key("ec") is None
        finally:
            await source.close()


async def test_a_server_that_is_not_there() -> None:
    async with served(_garbage) as url:
        gone = url
    source = UrlKeys(gone)
    try:
        assert await source.key("ec") is None
    finally:
        await source.close()


@pytest.mark.parametrize(
    "url", ["http://issuer.example/keys", "ftp://127.0.0.1/keys", "file:///etc/passwd", "https:///keys", "", "keys"]
)
def test_urls_that_are_refused(url: str) -> None:
    with pytest.raises(Invalid):
        UrlKeys(url)
