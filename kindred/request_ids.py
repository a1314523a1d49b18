"""Ids of requests: one for each HTTP request, with a suffix for each further attempt to answer it."""

from __future__ import annotations

import secrets
from contextvars import ContextVar

from domain.principals import Principal


class RequestId:
    """The id of one HTTP request. `next` gives it, then `<id>.2` and so on: entries are idempotent by it."""

    def __init__(self) -> None:
        self.text = secrets.token_hex(12)
        self._taken = 0

    def next(self) -> str:
        """The id of the next attempt."""
        self._taken += 1
        return self.text if self._taken == 1 else f"{self.text}.{self._taken}"


_CURRENT: ContextVar[RequestId | None] = ContextVar("kindred_request_id", default=None)


def begin() -> RequestId:
    """A new id for the HTTP request that this task answers."""
    request_id = RequestId()
    _CURRENT.set(request_id)
    return request_id


def for_gate(_principal: Principal) -> str:
    """What the gate calls a request: the id of the HTTP request under way, a fresh one outside of any."""
    current = _CURRENT.get()
    return (current or RequestId()).next()
