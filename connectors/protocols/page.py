"""What every protocol yields, and how its rows are read."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Protocol

import msgspec

from domain.errors import Unavailable


@dataclass(frozen=True, slots=True)
class Page:
    """Rows in the source's order, as decoded JSON. `asked`: the cursor they follow; `next`: the one after them.

    The same `asked` always gives the same rows again, as far as there were any: a page may only grow at its end.
    """

    rows: tuple[Any, ...]
    asked: str
    next: str


class Source(Protocol):
    """An agency as a sequence of rows."""

    def pages(self, cursor: str) -> AsyncIterator[Page]:
        """All rows after `cursor` ("" from the beginning), a page at a time; ends when the source has no more now.

        Raises Unavailable if the source does not answer as its protocol says, after bounded retries where a retry may
        help; Invalid if it refuses our access (the operator has to mend the settings).
        """
        ...


def decoded(body: bytes) -> Any:
    """The JSON of an answer. What one strict parser refuses (a lone surrogate) is left to spoil its own row alone.

    Raises Unavailable if it is not JSON.
    """
    try:
        return msgspec.json.decode(body)
    except (msgspec.MsgspecError, UnicodeError):
        pass
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise Unavailable(cause="the answer is not JSON") from None


def member(value: Any, name: str, kind: type) -> Any:
    """The member `name` of a JSON object, if it is of this kind. Raises Unavailable."""
    found = value.get(name) if isinstance(value, dict) else None
    if not isinstance(found, kind):
        raise Unavailable(cause=f"the answer has no {name}")
    return found


def moved(asked: str, following: str, rows: int) -> bool:
    """Whether a page brought anything. Raises Unavailable if rows came and the cursor stands still: no end in sight."""
    if rows and asked == following:
        raise Unavailable(cause="the cursor stands still")
    return rows > 0
