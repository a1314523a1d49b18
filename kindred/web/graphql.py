"""The path of GraphQL over HTTP: token first, then the request, then the way out."""

from __future__ import annotations

import asyncio
import time

import orjson
import structlog
from starlette.requests import ClientDisconnect
from starlette.requests import Request as HttpRequest
from starlette.responses import HTMLResponse, Response

from domain.errors import Code, Invalid, KindredError, Unavailable
from domain.principals import Principal
from kindred.request_ids import RequestId, begin
from kindred.web.bodies import JSON, graphql_parts, is_json, parse_json, query_parts, read_body
from kindred.web.counters import ANSWERED, Counters
from kindred.web.page import page_headers, page_html
from kindred.web.places import Places
from kindred.wiring import Hub
from resolvers.answer import error_body
from resolvers.request import Answer, Request
from signin.bearer import bearer_token

GRAPHQL_JSON = "application/graphql-response+json"
ACTIVITY = "Kindred-Activity"
CASE = "Kindred-Case"
REQUEST_ID = "Kindred-Request-Id"
_LONGEST_HEADER = 128

_log = structlog.get_logger("kindred.web")


class GraphQL:
    """Answers GET and POST. Holds no state of requests."""

    def __init__(self, hub: Hub, counters: Counters) -> None:
        self._hub = hub
        self._counters = counters
        self._places = Places(hub.settings.max_requests, hub.settings.reserved_requests, hub.settings.max_requests_each)
        self._protective = {name for name, activity in hub.activities.items() if activity.protective}

    async def serve(self, request: HttpRequest) -> Response:
        """One request. Never raises; what is not ours becomes INTERNAL, and its text stays here."""
        if self._hub.settings.demo and request.method == "GET" and _wants_page(request):
            return HTMLResponse(page_html(), headers=page_headers())
        began, request_id = time.perf_counter(), begin()
        self._hub.stores.ring.refresh()
        principal: Principal | None = None
        try:
            principal = await self._principal(request)
            answer = await self._answer(principal, request)
        except KindredError as error:
            answer = Answer(*error_body(error))
        except Exception as error:  # noqa: BLE001 - the last door: whatever it is, the caller learns one code
            _log.error("request failed", request_id=request_id.text, kind=type(error).__name__)
            answer = Answer(*error_body(KindredError(Code.INTERNAL)))
        self._tell(request_id, principal, answer, time.perf_counter() - began)
        return _response(request, answer, request_id)

    async def _principal(self, request: HttpRequest) -> Principal:
        """Who asks. Nothing of the body is read before this."""
        return await self._hub.verifier.verify(bearer_token(_single(request, "Authorization")))

    async def _answer(self, principal: Principal, request: HttpRequest) -> Answer:
        activity, case = _single(request, ACTIVITY), _single(request, CASE)
        settings = self._hub.settings
        rescue = activity in self._protective and activity in principal.activities
        with self._places.attend(principal):
            # The body comes before the place: who sends slowly holds none.
            query, operation, variables = await self._parts(request)
            with self._places.take(protective=rescue), self._counters.under_way.track_inprogress():
                try:
                    async with asyncio.timeout(settings.request_seconds):
                        asked = Request(query, operation, variables, activity, case, may_alter=request.method == "POST")
                        return await self._hub.answering.answer(principal, asked, self._hub.executor)
                except TimeoutError:
                    raise Unavailable(cause="request took too long") from None

    async def _parts(self, request: HttpRequest):  # type: ignore[no-untyped-def]
        if request.method == "GET":
            return query_parts(_parameters(request))
        if not is_json(_single(request, "Content-Type")):
            raise Invalid(Code.BAD_REQUEST, field="Content-Type", fix=JSON)
        return graphql_parts(parse_json(await self._body(request)))

    async def _body(self, request: HttpRequest) -> bytes:
        settings = self._hub.settings
        try:
            async with asyncio.timeout(settings.body_seconds):
                return await read_body(request, settings.max_body)
        except TimeoutError:
            raise Invalid(field="body", fix=f"within_{settings.body_seconds:g}_seconds") from None
        except ClientDisconnect:
            raise Invalid(field="body", fix="whole") from None

    def _tell(self, request_id: RequestId, principal: Principal | None, answer: Answer, seconds: float) -> None:
        """Count and log: code, status, duration. No query, no variables, no names."""
        if principal is None:
            self._counters.unauthenticated.inc()
            return
        code = ANSWERED if answer.status == 200 else _code_of(answer)
        self._counters.requests.labels(str(answer.status), code).inc()
        self._counters.took(seconds)
        _log.info(
            "request", request_id=request_id.text, status=answer.status, code=code, milliseconds=round(seconds * 1e3, 2)
        )


def _single(request: HttpRequest, name: str) -> str | None:
    """A header's value. Raises Invalid where it comes twice or is longer than any of ours (tokens bound themselves)."""
    values = request.headers.getlist(name)
    if len(values) > 1 or (values and len(values[0]) > _LONGEST_HEADER and name in {ACTIVITY, CASE}):
        raise Invalid(Code.BAD_REQUEST, field=name, fix="once_and_short")
    return values[0] if values and values[0] else None


def _parameters(request: HttpRequest) -> dict[str, str]:
    pairs = request.query_params.multi_items()
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Invalid(Code.BAD_REQUEST, field="query", fix="each_once")
    return found


def _wants_page(request: HttpRequest) -> bool:
    return "text/html" in request.headers.get("accept", "") and "query" not in request.query_params


def _code_of(answer: Answer) -> str:
    errors = orjson.loads(answer.body).get("errors") or [{}]
    return str(errors[0].get("extensions", {}).get("code", ANSWERED))


def _response(request: HttpRequest, answer: Answer, request_id: RequestId) -> Response:
    accept = request.headers.get("accept", "")
    media_type = GRAPHQL_JSON if GRAPHQL_JSON in accept else JSON
    headers = {REQUEST_ID: request_id.text, "Vary": "Accept"}
    if answer.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if answer.status == 413:
        headers["Connection"] = "close"
    return Response(answer.body, answer.status, headers, f"{media_type}; charset=utf-8")
