"""The ASGI application over a hub."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.routing import Route

from domain.errors import Code, Invalid, KindredError
from kindred.web.counters import Counters
from kindred.web.graphql import GraphQL
from kindred.web.headers import Unstored
from kindred.web.upkeep import Upkeep
from kindred.wiring import Hub
from resolvers.answer import error_body

_log = structlog.get_logger("kindred.app")


def make_app(hub: Hub) -> Starlette:
    """The application. It settles the graph's outbox as it starts and closes the hub as it ends; no CORS."""
    counters = Counters()
    graphql, upkeep = GraphQL(hub, counters), Upkeep(hub, counters)
    queries = Route("/graphql", graphql.serve, methods=["GET", "POST"])
    # Starlette adds HEAD to every GET; here it would run the query, write it down and send nothing.
    queries.methods = {"GET", "POST"}
    app = Starlette(
        routes=[
            queries,
            Route("/healthz", upkeep.alive),
            Route("/readyz", upkeep.ready),
            Route("/metrics", upkeep.metrics),
            Route("/ledger/checkpoint", upkeep.checkpoint),
        ],
        middleware=[Middleware(Unstored)],
        exception_handlers={HTTPException: _plain_error, Exception: _fault},
        lifespan=_lifespan_of(hub),
    )
    app.router.redirect_slashes = False
    return app


def _lifespan_of(hub: Hub):  # type: ignore[no-untyped-def]
    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        settled = await hub.stores.settle(hub.table.policy_hash)
        _log.info("serving", classes=hub.table.classes, settled=settled)
        try:
            yield
        finally:
            await hub.close()
            _log.info("stopped")

    return lifespan


async def _plain_error(_request: HttpRequest, error: Exception) -> Response:
    """Unknown paths and methods, in the same form as all errors."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    headers = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
    _, body = error_body(Invalid(Code.BAD_REQUEST))
    return Response(body, status, headers, "application/json")


async def _fault(_request: HttpRequest, error: Exception) -> Response:
    _log.error("request failed", kind=type(error).__name__)
    status, body = error_body(KindredError(Code.INTERNAL))
    return Response(body, status, media_type="application/json")
