"""Errors as answers tell them: a stable code and a fixed text. No values, no suggestions, no cause."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from typing import Any

import structlog
from graphql import GraphQLError

from domain.error_texts import PUBLIC_TEXT
from domain.errors import Broken, Code, Invalid, KindredError

_log = structlog.get_logger("schema")


def document_error(error: GraphQLError, fix: str) -> KindredError:
    """What a document is refused with: the place of the fault, and its code where a value's own check gave one.

    The engine's own text is dropped, since it quotes the document's values and suggests names.
    """
    own = own_error(error)
    place = _place(error)
    if own is not None:
        return Invalid(own.code, field=own.field or place, fix=own.fix)
    return Invalid(Code.INVALID_QUERY, field=place, fix=fix)


def own_error(error: BaseException) -> KindredError | None:
    """The KindredError that a GraphQL error wraps, at whatever depth, or None."""
    seen: BaseException | None = error
    for _ in range(8):
        if seen is None or isinstance(seen, KindredError):
            return seen
        seen = getattr(seen, "original_error", None) or seen.__cause__
    return None


def _place(error: GraphQLError) -> str | None:
    if not error.locations:
        return None
    where = error.locations[0]
    return f"query, line {where.line}, column {where.column}"


def field_error(error: GraphQLError) -> Mapping[str, Any]:
    """One error of a running document as the answer states it; what is not ours becomes INTERNAL and is logged."""
    own = own_error(error)
    if own is None:
        _log.error("field failed", kind=type(error.original_error or error).__name__, frames=frames(error))
        own = Broken()
    extensions: dict[str, Any] = {"code": str(own.code)}
    if own.field is not None:
        extensions["field"] = own.field
    if own.fix is not None:
        extensions["fix"] = own.fix
    stated: dict[str, Any] = {"message": PUBLIC_TEXT[own.code], "extensions": extensions}
    if error.path:
        stated["path"] = list(error.path)
    if error.locations:
        stated["locations"] = [{"line": where.line, "column": where.column} for where in error.locations]
    return stated


def frames(error: GraphQLError) -> list[str]:
    """Where a fault arose: file, line and function. Never the exception's text, which may quote people's data."""
    origin = error.original_error or error
    return [f"{f.filename.rsplit('/', 3)[-1]}:{f.lineno} {f.name}" for f in traceback.extract_tb(origin.__traceback__)]
