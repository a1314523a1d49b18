"""Reading requests strictly: bounded bodies, JSON that means one thing, the shape of a GraphQL request."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

import orjson
from starlette.requests import Request as HttpRequest

from domain.errors import Code, Invalid

JSON = "application/json"
_KNOWN = frozenset({"query", "operationName", "variables", "extensions"})
_DEEPEST = 64


async def read_body(request: HttpRequest, largest: int) -> bytes:
    """The body, read no further than `largest` bytes. Raises Invalid (TOO_LARGE)."""
    declared = request.headers.get("content-length")
    if declared is not None and (not declared.isascii() or not declared.isdigit() or len(declared) > 18):
        raise Invalid(field="Content-Length", fix="number")
    if declared is not None and int(declared) > largest:
        raise Invalid(Code.TOO_LARGE, fix=f"at_most_{largest}_bytes")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > largest:
            raise Invalid(Code.TOO_LARGE, fix=f"at_most_{largest}_bytes")
    return bytes(body)


def parse_json(content: bytes | str) -> Any:
    """JSON (RFC 8259) that every reader understands alike.

    Raises Invalid (BAD_REQUEST) for invalid UTF-8, a name given twice in one object, numbers that lose their value,
    texts that are no Unicode, NaN, and nesting deeper than any request needs.
    """
    try:
        text = content.decode("utf-8") if isinstance(content, bytes) else content
        value = json.loads(text, object_pairs_hook=_once, parse_constant=_refuse, parse_float=_finite)
        _check_depth(value, _DEEPEST)
        orjson.dumps(value, option=orjson.OPT_STRICT_INTEGER)
    except (ValueError, RecursionError, TypeError):
        # The parser's own message quotes the body, so nothing of it is kept.
        raise Invalid(Code.BAD_REQUEST, field="body", fix="json") from None
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name twice")
    return found


def _refuse(_text: str) -> Any:
    raise ValueError("not a number")


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError("not finite")
    return value


def _check_depth(value: Any, left: int) -> None:
    if isinstance(value, dict | list):
        if left == 0:
            raise ValueError("too deep")
        for item in value.values() if isinstance(value, dict) else value:
            _check_depth(item, left - 1)


def graphql_parts(given: Any) -> tuple[str, str | None, Mapping[str, Any]]:
    """(query, operation name, variables) of a request's JSON. Raises Invalid (BAD_REQUEST); batches are refused."""
    if not isinstance(given, dict):
        raise Invalid(Code.BAD_REQUEST, field="body", fix="one_object")
    if not given.keys() <= _KNOWN:
        raise Invalid(Code.BAD_REQUEST, field="body", fix="query_operationName_variables")
    query, operation, variables = given.get("query"), given.get("operationName"), given.get("variables")
    if not isinstance(query, str):
        raise Invalid(Code.BAD_REQUEST, field="query", fix="text")
    if operation is not None and not isinstance(operation, str):
        raise Invalid(Code.BAD_REQUEST, field="operationName", fix="text")
    if variables is not None and not isinstance(variables, dict):
        raise Invalid(Code.BAD_REQUEST, field="variables", fix="object")
    if not isinstance(given.get("extensions"), dict | None):
        raise Invalid(Code.BAD_REQUEST, field="extensions", fix="object")
    return query, operation or None, variables or {}


def query_parts(parameters: Mapping[str, str]) -> tuple[str, str | None, Mapping[str, Any]]:
    """As `graphql_parts`, from the parameters of a GET. Raises Invalid."""
    given: dict[str, Any] = dict(parameters)
    for name in ("variables", "extensions"):
        if name in given:
            given[name] = parse_json(given[name]) if given[name] else None
    try:
        orjson.dumps(given)
    except TypeError:
        raise Invalid(Code.BAD_REQUEST, field="query", fix="text") from None
    return graphql_parts(given)


def is_json(content_type: str | None) -> bool:
    """Whether a content type is JSON in UTF-8."""
    kind, _, parameters = (content_type or "").partition(";")
    charset = parameters.strip().lower().replace('"', "")
    return kind.strip().lower() == JSON and charset in {"", "charset=utf-8"}
