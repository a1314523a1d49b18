"""What operators and verifiers fetch: liveness, readiness, metrics, the newest checkpoint. None needs a token."""

from __future__ import annotations

from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, PlainTextResponse, Response

from domain.errors import KindredError
from kindred.web.counters import Counters
from kindred.wiring import Hub
from resolvers.answer import error_body

METRICS = "text/plain; version=1.0.0; charset=utf-8"


class Upkeep:
    """The paths beside GraphQL."""

    def __init__(self, hub: Hub, counters: Counters) -> None:
        self._hub = hub
        self._counters = counters
        counters.classes.set(hub.table.classes)

    async def alive(self, _request: HttpRequest) -> Response:
        """200 while the process answers at all."""
        return PlainTextResponse("ok\n")

    async def ready(self, _request: HttpRequest) -> Response:
        """200 if requests can be answered, else 503. Tells no cause."""
        try:
            ready = await self._hub.ready()
        except KindredError:
            ready = False
        self._counters.ready.set(ready)
        return JSONResponse({"ready": ready}, 200 if ready else 503)

    async def metrics(self, _request: HttpRequest) -> Response:
        """Metrics in text form."""
        return Response(self._counters.text(), media_type=METRICS)

    async def checkpoint(self, _request: HttpRequest) -> Response:
        """The newest signed checkpoint; one is signed now if there is none yet."""
        try:
            ledger = self._hub.stores.ledger
            note = await ledger.newest_checkpoint() or await ledger.checkpoint()
        except KindredError as error:
            status, body = error_body(error)
            return Response(body, status, media_type="application/json")
        return PlainTextResponse(note)
