"""`kindred quarantine` and `kindred flags`. Rows and flags are listed by record numbers, never by what they say."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from enum import StrEnum
from typing import Annotated, TypeVar

import typer
from rich.console import Console
from rich.table import Table

from connectors.pipeline.entries import upkeep
from docket.port import Docket
from domain.entries import Act
from kindred.held import Counts, flag_counts, flags, quarantine_counts, quarantined, told
from kindred.pulling import wide_console
from kindred.settings import read_settings
from kindred.startup import check_rooms
from kindred.wiring import open_stores

T = TypeVar("T")


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
    console = wide_console()
    _count(console, quarantine_counts(held), language, "rows")
    if rows:
        lines = ((row.source, row.reason or "", row.position.hex()) for row in held)
        _list(console, ("source", "reason", "position"), lines)


def list_flags(rows: Rows = False, language: In = Language.EN) -> None:
    """Count what accepted records say that can hardly be so, by source and code."""
    found = asyncio.run(_asked(flags, "flags" if rows else None))
    console = wide_console()
    _count(console, flag_counts(found), language, "flags")
    if rows:
        _list(console, ("source", "flag", "record"), ((flag.source, flag.doubt, flag.record_id) for flag in found))


async def _asked(read: Callable[[Docket], Awaitable[Sequence[T]]], listed: str | None) -> Sequence[T]:
    """What is there. If it is to be listed one by one, the ledger has an entry of that first."""
    check_rooms()
    stores = open_stores(read_settings())
    try:
        await stores.docket.migrate()
        found = await read(stores.docket)
        if listed is not None:
            now = stores.clock.now()
            told: dict[str, object] = {"listed": listed, "count": len(found)}
            await stores.ledger.append(upkeep(stores.ring, Act.UPKEEP, f"{listed} {now.isoformat()}", now, told))
        return found
    finally:
        await stores.close()


def _count(console: Console, counts: Counts, language: Language, what: str) -> None:
    table = Table("source", "code", what, "what it means", header_style="bold")
    for (source, code), count in sorted(counts.items()):
        table.add_row(source, code, f"{count:,}", told(code, language))
    console.print(table)


def _list(console: Console, titles: tuple[str, ...], lines: Iterable[tuple[str, ...]]) -> None:
    table = Table(*titles, header_style="bold")
    for line in lines:
        table.add_row(*line)
    console.print(table)
