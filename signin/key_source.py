"""Where an issuer's public keys come from: a key set (RFC 7517) in a file or at a URL, kept for a while."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

import aiohttp

from domain.errors import Invalid, Unavailable
from signin.key_set import PublicKey, parse_keys

MAX_BYTES = 64 * 1024


class KeySource(Protocol):
    """Public keys by key id."""

    async def key(self, kid: str) -> PublicKey | None:
        """The key of this id, None if the issuer has none or it cannot be had in time. Never raises for that."""
        ...

    async def close(self) -> None:
        """Let go of connections. The source is not used afterwards."""
        ...


@dataclass(frozen=True, slots=True)
class Keeping:
    """How long keys are kept, in seconds.

    Within `fresh` they serve as they are. For another `grace` they still serve while new ones are fetched beside, so
    that an issuer's short outage stops nobody; after that none serves. At most one fetch starts in `every`, whatever
    unknown ids arrive and whether or not it succeeds.
    """

    fresh: float = 300.0
    grace: float = 900.0
    every: float = 30.0


DEFAULT_KEEPING = Keeping()


class CachedKeys:
    """Keys from anything that can be fetched. One fetch at a time; whoever needs it waits for the same one.

    `fetch` gives the bytes of a key set and must itself end in bounded time; it raises OSError, ValueError or
    Unavailable when it cannot. `seconds` is a clock that only goes forward.
    """

    def __init__(
        self,
        fetch: Callable[[], Awaitable[bytes]],
        keeping: Keeping = DEFAULT_KEEPING,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._fetch = fetch
        self._keeping = keeping
        self._seconds = seconds
        self._keys: Mapping[str, PublicKey] = {}
        self._fetched: float | None = None
        self._tried: float | None = None
        self._running: asyncio.Task[None] | None = None

    async def key(self, kid: str) -> PublicKey | None:
        age = self._age()
        known = self._keys.get(kid) if age < self._keeping.fresh + self._keeping.grace else None
        if known is not None and age < self._keeping.fresh:
            return known
        fetching = self._refetch()
        if known is not None:
            return known
        if fetching is not None:
            await asyncio.shield(fetching)
        return self._keys.get(kid) if self._age() < self._keeping.fresh else None

    async def close(self) -> None:
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)

    def _age(self) -> float:
        return float("inf") if self._fetched is None else self._seconds() - self._fetched

    def _refetch(self) -> asyncio.Task[None] | None:
        """The fetch under way, a new one if one may start, or None."""
        if self._running is not None and not self._running.done():
            return self._running
        now = self._seconds()
        if self._tried is not None and now - self._tried < self._keeping.every:
            return None
        self._tried = now
        self._running = asyncio.ensure_future(self._renew())
        return self._running

    async def _renew(self) -> None:
        try:
            keys = parse_keys(await self._fetch())
        except (OSError, ValueError, Unavailable):
            return  # the old keys go on serving for their grace
        self._keys = keys
        self._fetched = self._seconds()


class FileKeys(CachedKeys):
    """The key set in a file, read again as it ages: the development issuer's, or any issuer's laid out by hand."""

    def __init__(
        self, path: Path, keeping: Keeping = DEFAULT_KEEPING, seconds: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(self._read, keeping, seconds)
        self._path = path

    async def _read(self) -> bytes:
        return await asyncio.to_thread(_read_bounded, self._path)


def _read_bounded(path: Path) -> bytes:
    with path.open("rb") as stream:
        content = stream.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise ValueError("key set too large")
    return content


class UrlKeys(CachedKeys):
    """The key set at a URL (an issuer's `jwks_uri`).

    HTTPS, or plain HTTP on this machine's own loopback; redirects are not followed, environment proxies not used.
    `timeout`: seconds for one whole fetch. Raises Invalid for another kind of URL.
    """

    def __init__(
        self,
        url: str,
        *,
        timeout: float = 5.0,
        keeping: Keeping = DEFAULT_KEEPING,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        _check_url(url)
        super().__init__(self._get, keeping, seconds)
        self._url = url
        self._timeout = aiohttp.ClientTimeout(total=timeout)
        self._session: aiohttp.ClientSession | None = None

    async def _get(self) -> bytes:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=self._timeout)
        try:
            async with self._session.get(self._url, allow_redirects=False) as answer:
                if answer.status != 200:
                    raise Unavailable(cause="key set not served")
                return await _body_bounded(answer)
        except (aiohttp.ClientError, TimeoutError):
            raise Unavailable(cause="key set not reachable") from None

    async def close(self) -> None:
        await super().close()
        if self._session is not None:
            await self._session.close()


async def _body_bounded(answer: aiohttp.ClientResponse) -> bytes:
    content = bytearray()
    async for chunk in answer.content.iter_chunked(16 * 1024):
        content += chunk
        if len(content) > MAX_BYTES:
            raise Unavailable(cause="key set too large")
    return bytes(content)


def _check_url(url: str) -> None:
    parts = urlsplit(url)
    loopback = parts.hostname in ("127.0.0.1", "::1", "localhost")
    if not (parts.scheme == "https" and parts.hostname) and not (parts.scheme == "http" and loopback):
        raise Invalid(field="jwks", cause="key set url neither https nor loopback")
