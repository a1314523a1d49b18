"""A hub of real stores in a folder, with places to break it, and all it knows as plain values to compare."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import aiohttp

from connectors.parts import Parts
from connectors.protocols.access import AgencyAccess
from docket.opening import open_docket
from docket.port import Docket
from domain.clock import FixedClock
from domain.entries import Entry
from domain.errors import Unavailable
from graph.opening import open_graph
from graph.port import Writer
from tests.connectors.stored import Stored
from vault.key_ring import KeyRing
from vault.provider import FileProvider
from vault.unsealing import Unsealer


class Killed(Exception):
    """Stands for the end of the process."""


@dataclass
class Hub(Stored):
    """Stores and parts; `ledger` is what was appended, by key."""

    parts: Parts
    ledger: dict[str, Entry] = field(default_factory=dict)

    def breaking(self, where: str, call: int, *, persisted: bool, error: Callable[[], Exception]) -> Parts:
        """Parts that raise `error` at the n-th call of a place: docket, graph, append or settle; after what the call
        does was done if `persisted`, else before.
        """
        left = [call]

        def at(inner: Any) -> Any:
            async def broken(*args: Any) -> Any:
                left[0] -= 1
                if left[0] == 0 and not persisted:
                    raise error()
                answer = await inner(*args)
                if left[0] == 0:
                    raise error()
                return answer

            return broken

        if where == "append":
            return replace(self.parts, append=at(self.parts.append))
        if where == "docket":
            broken = _Broken(self.docket, {"intake": at(self.docket.intake)})
            return replace(self.parts, docket=cast("Docket", broken))
        writer, name = self.graph.writer, {"graph": "write", "settle": "settle"}[where]
        return replace(self.parts, writer=cast("Writer", _Broken(writer, {name: at(getattr(writer, name))})))

    async def known(self) -> dict[str, Any]:
        """Everything in graph, docket and ledger, opened. Equal for two hubs that know the same."""
        ledger = {key: (entry.act, entry.sealed) for key, entry in self.ledger.items()}
        return {"people": await self.people(), "counts": await self.counts(), "ledger": ledger}


class _Broken:
    def __init__(self, inner: Any, broken: Mapping[str, Any]) -> None:
        self._inner, self._broken = inner, broken

    def __getattr__(self, name: str) -> Any:
        return self._broken.get(name) or getattr(self._inner, name)


def unavailable() -> Exception:
    """The store cannot say."""
    return Unavailable(cause="broken on purpose")


def killed() -> Exception:
    """The process ends here."""
    return Killed()


@asynccontextmanager
async def hub(folder: Path, name: str, url: str, page_size: int = 5) -> AsyncIterator[Hub]:
    """A hub of its own stores under `name`; hubs of one folder share their keys, so that ids compare."""
    ring = KeyRing.open(FileProvider(folder / "keys.json", create=True))
    graph = open_graph(f"sqlite:///{folder}/{name}-graph.db")
    docket = open_docket(f"sqlite:///{folder}/{name}-docket.db", ring, Unsealer(ring))
    await graph.upkeep.migrate()
    await docket.migrate()
    ledger: dict[str, Entry] = {}

    async def append(entry: Entry) -> None:
        ledger.setdefault(entry.key, entry)

    def open_entry(sealed: bytes, label: bytes) -> bytes:
        return Unsealer(ring).unseal_compartment("outbox", sealed, label)

    access = {
        "population": AgencyAccess(url, {"X-Road-Client": "KZ/GOV/KINDRED/HUB"}, page_size=page_size, wait=0.01),
        "tax": AgencyAccess(url, {"X-Api-Key": "k"}, page_size=page_size, wait=0.01),
    }
    async with aiohttp.ClientSession() as session:
        parts = Parts(
            graph.reader, graph.writer, docket, ring, session, access, FixedClock(datetime(2026, 11, 22, tzinfo=UTC)),
            append, open_entry,
        )  # fmt: skip
        yield Hub(ring, graph, docket, parts, ledger)
    await graph.upkeep.close()
    await docket.close()
