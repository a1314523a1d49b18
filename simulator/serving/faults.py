"""Faults on demand: an agency that is slow, fails, answers garbage, is cut off, or signs wrongly."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

KINDS = ("slow", "error500", "garbage", "bad_signature", "truncate", "off")
AGENCIES = ("population", "police", "civil", "tax", "health", "casework")
MOST_DELAY = 600.0
#: Set on a request whose answer must be signed wrongly.
BAD_SIGNATURE = web.RequestKey("bad_signature", bool)


@dataclass(slots=True)
class Fault:
    """A kind of fault for the next `times` answers of an agency."""

    kind: str
    times: int
    delay: float


class Faults:
    """The faults in force, one an agency; `off` ends it."""

    def __init__(self) -> None:
        self._faults: dict[str, Fault] = {}

    def set(self, agency: str, kind: str, times: int, delay: float) -> None:
        """Put a fault in force; ValueError for an unknown agency or kind, or a fault that cannot be."""
        if agency not in AGENCIES or kind not in KINDS or times < 0 or not 0 <= delay <= MOST_DELAY:
            raise ValueError("no such fault")
        if kind == "bad_signature" and agency not in ("civil", "casework"):
            raise ValueError("this agency signs nothing")
        if kind == "off" or times == 0:
            self._faults.pop(agency, None)
        else:
            self._faults[agency] = Fault(kind, times, delay)

    def take(self, agency: str) -> Fault | None:
        """The fault that the agency's next answer has, counted down."""
        fault = self._faults.get(agency)
        if fault is None:
            return None
        fault.times -= 1
        if fault.times <= 0:
            del self._faults[agency]
        return fault


Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


async def faulty(request: web.Request, agency: str, faults: Faults, handler: Handler) -> web.StreamResponse:
    """The agency's answer, spoiled by the fault in force; `bad_signature` is left to the agency's handler."""
    fault = faults.take(agency)
    if fault is None:
        return await handler(request)
    if fault.kind == "slow":
        await asyncio.sleep(fault.delay)
        return await handler(request)
    if fault.kind == "error500":
        return web.Response(status=500, text="internal error")
    if fault.kind == "garbage":
        return web.Response(body=b"\x00\xff<html>{]", content_type="application/json")
    if fault.kind == "bad_signature":
        request[BAD_SIGNATURE] = True
        return await handler(request)
    return await _cut(request, await handler(request))


async def _cut(request: web.Request, answer: web.StreamResponse) -> web.StreamResponse:
    """The first half of the answer under its full length; then the connection closes."""
    body = answer.body if isinstance(answer, web.Response) and isinstance(answer.body, bytes) else b"{}"
    cut = web.StreamResponse(status=answer.status, headers={"Content-Type": "application/json"})
    cut.content_length = len(body)
    await cut.prepare(request)
    await cut.write(body[: len(body) // 2])
    if request.transport is not None:
        request.transport.close()
    return cut
