"""`kindred import gedcom`."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from connectors.sizing import sized
from kindred.importing import Imported, import_gedcom
from kindred.pulling import tell, watching, wide_console
from kindred.settings import read_settings
from kindred.startup import calm_collector, check_rooms
from kindred.wiring import migrate, open_stores, pull_parts
from policy.activity import load_activities
from policy.decision.table import DecisionTable

app = typer.Typer(help="Take in files that somebody hands in.", no_args_is_help=True)

File = Annotated[Path, typer.Argument(metavar="FILE", help="A GEDCOM file (5.5.1; 7.0 where its form is the same).")]
Corrects = Annotated[str | None, typer.Option("--corrects", metavar="TREE", help="The tree that this file corrects.")]
Encoding = Annotated[
    str | None, typer.Option("--encoding", help="The file's letters, where its header is wrong (cp1251, utf-8 …).")
]


@app.callback()
def imports() -> None:
    """Take in files that somebody hands in."""


@app.command("gedcom")
def gedcom(file: File, corrects: Corrects = None, encoding: Encoding = None) -> None:
    """Take in a genealogist's file. The same file twice changes nothing; a corrected one names its tree."""
    check_rooms()
    asyncio.run(_gedcom(file, corrects, encoding))


async def _gedcom(file: Path, corrects: str | None, encoding: str | None) -> None:
    settings, console = read_settings(), wide_console()
    stores = open_stores(settings)
    try:
        await migrate(stores)
        table = DecisionTable.fill(load_activities())
        parts = pull_parts(settings, stores, table.policy_hash)
        calm_collector()
        async with parts.session:
            with watching(console) as watched:
                done = await import_gedcom(file, parts, watched, corrects=corrects, encoding=encoding)
        tell([done.summary], console, await sized(parts))
        for line in _told(done):
            console.print(line)
    finally:
        await stores.close()


def _told(done: Imported) -> list[str]:
    """Which edition the file is, and what of it is not there; counts alone."""
    edition = done.edition
    lines = [f"tree {edition.tree}, edition {edition.version}"]
    if edition.corrected:
        lines.append("A later edition of this tree was taken in: nothing was read.")
    elif not done.summary.rows:
        lines.append("This file was taken in before: nothing changed.")
    if done.left_out:
        counts = ", ".join(f"{count:,} {kind.replace('_', ' ')}" for kind, count in sorted(done.left_out.items()))
        lines.append(f"Dates left out, for they name no civil day for certain: {counts}.")
    return lines
