"""`kindred quarantine` and `kindred flags`. Rows and flags are listed by record numbers, never by what they say."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import Annotated

import typer
from rich.table import Table

from connectors.pipeline.entries import upkeep
from docket.port import Docket
from domain.entries import Act
from kindred.held import Listed, flagged, quarantined, told
from kindred.pulling import wide_console
from kindred.settings import read_settings
from kindred.startup import check_rooms
from kindred.wiring import open_stores


class Language(StrEnum):
    """The languages of the texts."""

    KK = "kk"
    RU = "ru"
    EN = "en"


Rows = Annotated[bool, typer.Option("--rows", help="List each one too.")]
In = Annotated[Language, typer.Option("--language", help="The language of the texts.")]


def quarantine(rows: Rows = False, language: In = Language.EN) -> None:
    """Count the rows that could not be read, by source and reason."""
    held = asyncio.run(_asked(quarantined, "quarantine" if rows else None))
    _told(held, language, "rows", ("source", "reason", "position") if rows else None)


def list_flags(rows: Rows = False, language: In = Language.EN) -> None:
    """Count what accepted records say that can hardly be so, by source and code."""
    found = asyncio.run(_asked(flagged, "flags" if rows else None))
    _told(found, language, "flags", ("source", "flag", "record") if rows else None)


async def _asked(read: Callable[[Docket], Awaitable[Listed]], listed: str | None) -> Listed:
    """What is there. If it is to be listed one by one, the ledger has an entry of that first."""
    check_rooms()
    stores = open_stores(read_settings())
    try:
        await stores.docket.migrate()
        found = await read(stores.docket)
        if listed is not None:
            now = stores.clock.now()
            told: dict[str, object] = {"listed": listed, "count": len(found.lines)}
            await stores.ledger.append(upkeep(stores.ring, Act.UPKEEP, f"{listed} {now.isoformat()}", now, told))
        return found
    finally:
        await stores.close()


def _told(found: Listed, language: Language, what: str, titles: tuple[str, ...] | None) -> None:
    console = wide_console()
    table = Table("source", "code", what, "what it means", header_style="bold")
    for (source, code), count in sorted(found.counts.items()):
        table.add_row(source, code, f"{count:,}", told(code, language))
    console.print(table)
    if titles is None:
        return
    lines = Table(*titles, header_style="bold")
    for line in found.lines:
        lines.add_row(*line)
    console.print(lines)
    if found.more:
        console.print(f"and {found.more:,} more, counted above and not listed")
