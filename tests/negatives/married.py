"""A graph in which two people were partners once: an officer is then barred from the other, and from nobody else."""

from __future__ import annotations

from typing import Any

from domain.ids import KeyHash, PersonId
from domain.links import LinkKind
from graph.shapes import LinkShape


class Married:
    """A reader with one tie more. Its payload is empty: nearness does not ask for dates."""

    def __init__(self, reader: Any, one: PersonId, other: PersonId) -> None:
        self._reader = reader
        self._one = one
        self._other = other

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reader, name)

    async def ties(self, ids: Any, kinds: Any) -> Any:
        """The ties, and that one."""
        found = await self._reader.ties(ids, kinds)
        if self._one not in ids or LinkKind.PARTNER_MARRIAGE not in kinds:
            return found
        tie = LinkShape(self._one, self._other, LinkKind.PARTNER_MARRIAGE, True, KeyHash(b""), b"", b"")
        return (*found, tie)
