"""The agencies' HTTP application."""

from __future__ import annotations

from aiohttp import web

from simulator.serving import control, dci, fhir, paged, xroad
from simulator.serving.faults import Handler, faulty
from simulator.serving.state import RUNNING, Running

_MOST_BODY = 1 << 20


def application(running: Running) -> web.Application:
    """All six agencies and the control of the running country on one port."""
    app = web.Application(client_max_size=_MOST_BODY)
    app[RUNNING] = running
    for agency, path in xroad.PATHS.items():
        app.router.add_get(path, _of(agency, xroad.changes(agency)))
    for agency, path in paged.PATHS.items():
        app.router.add_get(path, _of(agency, paged.changes(agency)))
    for resource in fhir.RESOURCES:
        app.router.add_get(f"/fhir/{resource}", _of("health", fhir.search(resource)))
    app.router.add_post(dci.PATH, _of("civil", dci.search))
    app.router.add_post("/_control/events", control.events)
    app.router.add_post("/_control/faults", control.faults)
    return app


def _of(agency: str, handler: Handler) -> Handler:
    """The handler behind the agency's faults."""

    async def answer(request: web.Request) -> web.StreamResponse:
        return await faulty(request, agency, request.app[RUNNING].faults, handler)

    return answer
