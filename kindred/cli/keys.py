"""`kindred keys`: which versions of the root keys there are, new ones, and the end of old ones."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import Annotated, TypeVar

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from connectors.parts import Parts
from kindred import rotating
from kindred.pulling import wide_console
from kindred.settings import Settings, read_settings
from kindred.wiring import Stores, open_stores, pull_parts
from policy.activity import load_activities
from policy.decision.table import DecisionTable
from vault.provider import FileProvider, Root
from vault.rotation import COMPARTMENTS

T = TypeVar("T")
app = typer.Typer(help="Versions of the root keys: show, rotate, retire.", no_args_is_help=True)


class Kind(StrEnum):
    """What can be rotated."""

    DATA = "data"
    SEARCH = "search"
    OUTWARD = "outward"
    COMPARTMENTS = "compartments"


class Retirable(StrEnum):
    """What has older versions that can be thrown away."""

    DATA = "data"
    SEARCH = "search"
    OUTWARD = "outward"


_ROOTS = {
    Kind.DATA: (Root.WRAPPING,),
    Kind.SEARCH: (Root.SEARCH,),
    Kind.OUTWARD: (Root.OUTWARD,),
    Kind.COMPARTMENTS: COMPARTMENTS,
}
Which = Annotated[Kind, typer.Argument(help="Which keys.")]
Old = Annotated[Retirable, typer.Argument(help="Whose older versions.")]
Resume = Annotated[bool, typer.Option("--resume", help="data: wrap what still lies under older versions, no new one.")]
Days = Annotated[
    int | None, typer.Option(min=0, max=3650, help="outward: how long the present ids are honoured; 0: no more.")
]


@app.command("show")
def show() -> None:
    """List the versions that are kept, and how many data keys lie under each. No key is ever printed."""
    _run(_show)


@app.command("rotate")
def rotate(which: Which, resume: Resume = False, honour_days: Days = None) -> None:
    """Make a new version and put under it what can be. The hub may serve meanwhile; safe to stop and to run again."""

    async def work(settings: Settings, provider: FileProvider, stores: Stores, moved: rotating.Moved) -> str:
        if which is Kind.DATA:
            version = await rotating.rotate_data(provider, stores, resume=resume, moved=moved)
        elif which is Kind.SEARCH:
            version = await _with_parts(
                settings, stores, lambda parts: rotating.rotate_search(provider, stores, parts, moved)
            )
        elif which is Kind.OUTWARD:
            days = settings.outward_days if honour_days is None else honour_days
            version = await rotating.rotate_outward(provider, stores, days)
        else:
            version = await rotating.rotate_compartments(provider, stores)
        return f"{which}: version {version}"

    _run(work)


@app.command("retire")
def retire(which: Old) -> None:
    """Throw away all versions but the newest. Refused while anything lies under them or they are honoured.

    A backup from before can then only be restored with the keys that lie in it.
    """

    async def work(settings: Settings, provider: FileProvider, stores: Stores, moved: rotating.Moved) -> str:
        if which is Retirable.DATA:
            version = await rotating.retire_data(provider, stores)
        elif which is Retirable.SEARCH:
            version = await _with_parts(
                settings, stores, lambda parts: rotating.retire_search(provider, stores, parts, moved)
            )
        else:
            version = await rotating.retire_outward(provider, stores)
        return f"{which}: version {version} alone"

    _run(work)


async def _show(_settings: Settings, _provider: FileProvider, stores: Stores, _moved: rotating.Moved) -> str:
    counted = await rotating.wrapped_under(stores)
    table = Table("keys", "version", "made", "honoured until", "data keys", "settled", header_style="bold")
    for kind, (root, *_) in _ROOTS.items():
        for key in stores.ring.versions(root):
            made, until = (moment.isoformat(timespec="seconds") if moment else "" for moment in (key.made, key.until))
            under = f"{counted[key.version]:,}" if kind is Kind.DATA else ""
            table.add_row(kind.value, str(key.version), made, until, under, "yes" if key.settled else "no")
    wide_console().print(table)
    return ""


def _run(work: Callable[[Settings, FileProvider, Stores, rotating.Moved], Awaitable[str]]) -> None:
    asyncio.run(_over_stores(work))


async def _over_stores(work: Callable[[Settings, FileProvider, Stores, rotating.Moved], Awaitable[str]]) -> None:
    settings = read_settings()
    provider = FileProvider(settings.keys)
    with provider.held():
        stores = open_stores(settings)
        try:
            columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
            with Progress(*columns, console=wide_console(), transient=True) as progress:
                task = progress.add_task("", total=None)
                said = await work(settings, provider, stores, lambda done: progress.update(task, completed=done))
        finally:
            await stores.close()
    if said:
        print(said)


async def _with_parts(settings: Settings, stores: Stores, work: Callable[[Parts], Awaitable[T]]) -> T:
    """Bulk work on claims needs what a pull needs, the network apart."""
    table = DecisionTable.fill(load_activities())
    parts = pull_parts(settings, stores, table.policy_hash)
    async with parts.session:
        return await work(parts)
