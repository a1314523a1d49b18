"""Ledgers that fail in chosen ways, or let something happen at the very moment an entry is made durable."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from domain.entries import Entry
from domain.errors import Unavailable

CAUSE = "disk /dev/sda7 of Садықов is full"
"""A cause that must never be told: it names a device and a person."""


class Standing:
    """A ledger that hands everything on; what follows changes `append` alone."""

    def __init__(self, ledger: Any) -> None:
        self.ledger = ledger
        self.entries: list[Entry] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self.ledger, name)

    async def append(self, entry: Entry) -> Any:
        """Append, and keep what was appended."""
        receipt = await self.ledger.append(entry)
        self.entries.append(entry)
        return receipt


class FailsBefore(Standing):
    """Fails before anything is written."""

    async def append(self, entry: Entry) -> Any:
        """Raise."""
        raise Unavailable(cause=CAUSE)


class FailsAfter(Standing):
    """Writes, and then fails to say so."""

    async def append(self, entry: Entry) -> Any:
        """Append, then raise."""
        await super().append(entry)
        raise Unavailable(cause=CAUSE)


class Breaks(Standing):
    """Fails with an error that is none of ours."""

    async def append(self, entry: Entry) -> Any:
        """Raise."""
        raise OSError(28, CAUSE)


class Hangs(Standing):
    """Never answers."""

    async def append(self, entry: Entry) -> Any:
        """Wait for what never comes."""
        await asyncio.Event().wait()


class Meanwhile(Standing):
    """Lets something happen while an entry is made durable, once for each thing given, in order."""

    def __init__(self, ledger: Any, *things: Callable[[], Awaitable[Any]]) -> None:
        super().__init__(ledger)
        self._things = list(things)

    async def append(self, entry: Entry) -> Any:
        """Append a disclosure, then let the next thing happen before anyone hears of it."""
        receipt = await super().append(entry)
        if entry.act != "not_sent" and self._things:
            await self._things.pop(0)()
        return receipt
