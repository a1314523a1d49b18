"""What root fields call, as two shapes, so that the door can be tried with others in their place."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol

from domain.wanted import Wanted

if TYPE_CHECKING:
    from resolvers.gate.gate import Gate


class Reads(Protocol):
    """What stands behind the root fields. All take the gate; ids are outward ids, and bad ones name no one.

    Each returns masked views (resolvers/views) or raises a KindredError, which becomes that field's coded error.
    """

    def person(self, gate: Gate, id: str, wanted: Wanted) -> Awaitable[Any]: ...

    def household(self, gate: Gate, id: str, wanted: Wanted) -> Awaitable[Any]: ...

    def node(self, gate: Gate, id: str, wanted: Wanted) -> Awaitable[Any]: ...

    def entities(
        self, gate: Gate, representations: Sequence[tuple[str, str]], wanted: Wanted
    ) -> Awaitable[Sequence[Any]]: ...

    def me(self, gate: Gate, wanted: Wanted) -> Awaitable[Any]: ...

    def find_person(
        self,
        gate: Gate,
        national_id: str | None,
        name: str | None,
        birth_date: date | None,
        first: int,
        after: str | None,
        wanted: Wanted,
    ) -> Awaitable[Any]: ...

    def kin(
        self,
        gate: Gate,
        of: str,
        depth: int,
        families: list[str] | None,
        first: int,
        after: str | None,
        wanted: Wanted,
    ) -> Awaitable[Any]: ...

    def kin_path(
        self, gate: Gate, start: str, goal: str, depth: int, families: list[str] | None, wanted: Wanted
    ) -> Awaitable[Any]: ...

    def access_log(
        self, gate: Gate, first: int, after: str | None, wanted: Wanted, **filters: str | None
    ) -> Awaitable[Any]: ...

    def my_access_log(
        self, gate: Gate, about: str | None, first: int, after: str | None, wanted: Wanted
    ) -> Awaitable[Any]: ...

    def processing_activities(self, activities: Mapping[str, Any], language: str) -> Any: ...

    def identity_blast_radius(
        self, gate: Gate, review: str | None, person: str | None, first: int, after: str | None, wanted: Wanted
    ) -> Awaitable[Any]: ...

    def identity_reviews(
        self, gate: Gate, merged: bool, first: int, after: str | None, wanted: Wanted
    ) -> Awaitable[Any]: ...


class Commands(Protocol):
    """What stands behind the mutations. As reads: gate first, masked views back, or a KindredError."""

    def resolve_identity(
        self,
        gate: Gate,
        review: str,
        version: int,
        decision: str,
        person: str | None,
        other: str | None,
        reason: str,
        wanted: Wanted,
    ) -> Awaitable[Any]: ...
