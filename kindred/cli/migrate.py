"""`kindred migrate`."""

from __future__ import annotations

import asyncio

from kindred.settings import read_settings
from kindred.wiring import migrate as migrate_stores
from kindred.wiring import open_stores


def migrate() -> None:
    """Make missing keys and stores and bring the stores to their newest layouts. A second call changes nothing."""
    layouts = asyncio.run(_migrate())
    for store, layout in layouts.items():
        print(f"{store}: layout {layout}")
    print("ledger: ready")


async def _migrate() -> dict[str, int]:
    stores = open_stores(read_settings(), create=True)
    try:
        return dict(await migrate_stores(stores))
    finally:
        await stores.close()
