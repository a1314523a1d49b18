"""`kindred pull`."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from kindred.pulling import chosen, pull_all, wide_console
from kindred.settings import read_settings
from kindred.startup import calm_collector, check_rooms
from kindred.wiring import migrate, open_stores, pull_parts
from policy.activity import load_activities
from policy.decision.table import DecisionTable

Names = Annotated[
    list[str] | None, typer.Argument(metavar="[AGENCY]...", help="Agencies to pull; all of them for none.")
]


def pull(agencies: Names = None) -> None:
    """Take in what agencies have since the last pull. Safe to stop and to run again at any time."""
    check_rooms()
    asyncio.run(_pull(agencies or []))


async def _pull(names: list[str]) -> None:
    settings, wanted = read_settings(), chosen(names)
    stores = open_stores(settings)
    try:
        await migrate(stores)
        table = DecisionTable.fill(load_activities())
        parts = pull_parts(settings, stores, table.policy_hash)
        calm_collector()
        async with parts.session:
            await pull_all(wanted, parts, wide_console())
    finally:
        await stores.close()
