"""The one HTTP session of a process's pulls."""

from __future__ import annotations

import aiohttp

_CONNECTIONS = 8


def open_session() -> aiohttp.ClientSession:
    """A session without cookies, proxies from the environment or a time limit of its own (each call has one)."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=_CONNECTIONS),
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=None),
        trust_env=False,
    )
