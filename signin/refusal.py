"""The one refusal of this room."""

from __future__ import annotations

from domain.errors import Code, Refused


def unauthenticated(cause: str) -> Refused:
    """The same public refusal for whatever is wrong with a token; `cause` is a fixed phrase, never part of one."""
    return Refused(Code.UNAUTHENTICATED, cause=cause)
