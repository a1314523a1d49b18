"""One bounded HTTP call: timeout, size limit, no redirects, and a retry where trying again may help."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import aiohttp
import stamina

from connectors.protocols.access import AgencyAccess
from domain.errors import Unavailable

_CHUNK = 256 * 1024
_PASSING = frozenset({429, 500, 502, 503, 504})


class _TryAgain(Exception):
    """A fault that may pass. Holds no part of request or answer, because retries are logged."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of any status below 500 but 429."""

    status: int
    headers: Mapping[str, str]
    body: bytes


async def call(
    session: aiohttp.ClientSession,
    access: AgencyAccess,
    url: str,
    *,
    params: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
) -> Answer:
    """GET, or POST where there is a body. `url` is a whole address of the agency's.

    Retries connection faults, cut answers, time-outs, 429 and 5xx, at most `access.attempts` times in all. Raises
    Unavailable when that does not help, or the answer is larger than `access.max_bytes`. Cancelling ends it at once.
    """
    try:
        async for attempt in stamina.retry_context(
            on=_TryAgain, attempts=access.attempts, timeout=None, wait_initial=access.wait, wait_jitter=access.wait
        ):
            with attempt:
                return await _once(session, access, url, params, {**access.headers, **(headers or {})}, body)
    except _TryAgain as again:
        raise Unavailable(cause=str(again)) from None
    raise Unavailable(cause="no attempt was made")


async def _once(
    session: aiohttp.ClientSession,
    access: AgencyAccess,
    url: str,
    params: Mapping[str, str] | None,
    headers: Mapping[str, str],
    body: bytes | None,
) -> Answer:
    method = "GET" if body is None else "POST"
    timeout = aiohttp.ClientTimeout(total=access.timeout)
    try:
        # A redirect would carry the credentials elsewhere.
        async with session.request(
            method, url, params=params, headers=headers, data=body, timeout=timeout, allow_redirects=False
        ) as response:
            if response.status in _PASSING:
                raise _TryAgain(f"status {response.status}")
            return Answer(response.status, response.headers.copy(), await _read(response, access.max_bytes))
    except TimeoutError:
        raise _TryAgain("timed out") from None
    except aiohttp.ClientError as error:
        raise _TryAgain(type(error).__name__) from None


async def _read(response: aiohttp.ClientResponse, limit: int) -> bytes:
    whole = bytearray()
    async for chunk in response.content.iter_chunked(_CHUNK):
        whole += chunk
        if len(whole) > limit:
            raise Unavailable(cause="the answer is too large")
    return bytes(whole)


def joined(base_url: str, path: str) -> str:
    """The address of a path of an agency's."""
    return f"{base_url.rstrip('/')}/{path}"
