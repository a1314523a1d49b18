"""What the door hands in and gets back; the schema room's execution is handed in through `Executor`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from policy.activity import Activity
from resolvers.gate.gate import Gate


@dataclass(frozen=True, slots=True)
class Request:
    """One GraphQL request as it came: document, variables, and the two headers that make a mandate.

    `may_alter`: whether it came by a method that may (POST alone), so that no link and no image alters anything.
    """

    query: str
    operation: str | None
    variables: Mapping[str, Any]
    activity: str | None
    case: str | None
    may_alter: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """Status and encoded body. When this exists, the ledger has the entry."""

    status: int
    body: bytes


@dataclass(frozen=True, slots=True)
class RequestContext:
    """What resolvers are given: the gate (None for public documents) and the public register of activities."""

    gate: Gate | None
    activities: Mapping[str, Activity]


class Prepared(Protocol):
    """A parsed, validated, bounded document."""

    @property
    def document_hash(self) -> str:
        """SHA-256 (hex) of the document."""
        ...

    @property
    def public(self) -> bool:
        """Whether it selects nothing behind the gate."""
        ...

    @property
    def alters(self) -> bool:
        """Whether it is a mutation: executed once, never again for the same request."""
        ...


class Executor(Protocol):
    """Execution of documents, handed in by the schema room."""

    def prepare(self, request: Request) -> Prepared:
        """Parse, validate and bound the document. Raises Invalid (INVALID_QUERY, TOO_COMPLEX)."""
        ...

    async def run(self, prepared: Prepared, request: Request, context: RequestContext) -> Mapping[str, Any]:
        """Execute and return the plain answer: `data` and, where fields failed, coded `errors`."""
        ...
