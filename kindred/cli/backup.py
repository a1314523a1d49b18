"""`kindred backup`."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from kindred.backup.making import Made, back_up
from kindred.settings import read_settings
from kindred.wiring import open_stores
from vault.bundle import BackupSecret, read_secret
from vault.provider import FileProvider

To = Annotated[Path, typer.Option("--to", help="New or empty folder to write to; its files are for their owner alone.")]
KeyFile = Annotated[Path | None, typer.Option(help="File with the 32 bytes that the backup's keys are sealed under.")]
PassphraseFile = Annotated[Path | None, typer.Option(help="File with the passphrase that they are sealed under.")]


def backup(to: To, key_file: KeyFile = None, passphrase_file: PassphraseFile = None) -> None:
    """Back up graph, docket, ledger and keys as one consistent set. The hub may serve and pull meanwhile."""
    made = asyncio.run(_back_up(to, read_secret(key_file, passphrase_file)))
    print(f"{made.rows:,} rows of the graph at sequence {made.sequence:,}; {made.size:,} bytes in all")


async def _back_up(to: Path, secret: BackupSecret) -> Made:
    settings = read_settings()
    with FileProvider(settings.keys).held():
        stores = open_stores(settings)
        try:
            await stores.settle()
            return await back_up(settings, stores, to, secret)
        finally:
            await stores.close()
