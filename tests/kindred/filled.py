"""Stores of a hub that has pulled a small register, made as the command line makes them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from connectors.agencies.catalogue import BY_NAME
from connectors.parts import Parts
from connectors.protocols.access import AgencyAccess
from connectors.pull import pull
from domain.clock import FixedClock
from kindred.settings import Settings
from kindred.wiring import Stores, migrate, open_stores, pull_parts
from tests.connectors.serving import Agencies, serving
from tests.connectors.stored import Stored
from tests.kindred.hubs import settings_in
from vault.provider import FileProvider

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


@dataclass
class Filled:
    """A hub's stores with a clock that stands still, and the way in to them."""

    settings: Settings
    stores: Stores
    parts: Parts
    agencies: Agencies
    clock: FixedClock

    @property
    def provider(self) -> FileProvider:
        """The key file."""
        return FileProvider(self.settings.keys)

    @property
    def stored(self) -> Stored:
        """What is known, to compare."""
        return Stored(self.stores.ring, self.stores.graph, self.stores.docket)

    async def pull(self) -> Any:
        """Pull the register; the summary."""
        return await pull(BY_NAME["population"], self.parts)

    async def told(self) -> list[Any]:
        """What the ledger's entries say, opened, newest first."""
        return list(await self.stores.ledger.entries(200))


@asynccontextmanager
async def opened(settings: Settings, agencies: Agencies, *, create: bool = False) -> AsyncIterator[Filled]:
    """Open stores as a process would; a page of the register has five rows."""
    clock = FixedClock(NOW)
    stores = replace(open_stores(settings, create=create), clock=clock)
    try:
        await migrate(stores)
        async with serving(agencies) as served:
            headers = {"X-Road-Client": "KZ/GOV/KINDRED/HUB"}
            access = {"population": AgencyAccess(served.url, headers, page_size=5, wait=0)}
            parts = replace(pull_parts(settings, stores), access=access)
            async with parts.session:
                yield Filled(settings, stores, parts, agencies, clock)
    finally:
        await stores.close()


@asynccontextmanager
async def filled(folder: Path, rows: Sequence[Any], **given: Any) -> AsyncIterator[Filled]:
    """A new hub in a folder that has pulled these rows."""
    async with opened(settings_in(folder, **given), Agencies(list(rows)), create=True) as one:
        await one.pull()
        yield one
