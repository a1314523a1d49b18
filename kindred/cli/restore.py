"""`kindred restore`."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from domain.errors import Invalid
from kindred.backup.occupancy import Occupancy
from kindred.backup.restoring import Restored
from kindred.backup.restoring import restore as restore_hub
from kindred.cli.backup import KeyFile, PassphraseFile
from kindred.settings import read_settings
from kindred.wiring import make_folders
from vault.bundle import BackupSecret, read_secret

EVERYTHING = "everything"

From = Annotated[Path, typer.Option("--from", help="Folder that `kindred backup` wrote.")]
Replace = Annotated[
    str | None, typer.Option(help=f"Write over what is there. The word is `{EVERYTHING}`; any other is refused.")
]


def restore(
    source: From, key_file: KeyFile = None, passphrase_file: PassphraseFile = None, replace: Replace = None
) -> None:
    """Bring a hub back from a backup, into empty places. Verifies everything first; lowers no protection.

    Stop the hub first. Cut off, it is run again as it was; nothing serves until it came to its end.
    """
    if replace not in (None, EVERYTHING):
        raise Invalid(field="--replace", fix=EVERYTHING, cause="the word is another")
    done = asyncio.run(_restore(source, read_secret(key_file, passphrase_file), replace=replace is not None))
    print(f"{done.rows:,} rows of the graph at sequence {done.sequence:,}; ledger {done.leaves}")
    if done.held:
        print(
            "Not all protection raised since the backup is known: everybody counts as under the strict grade until "
            f"`kindred pull {' '.join(done.held)}` has come to its end."
        )


async def _restore(source: Path, secret: BackupSecret, *, replace: bool) -> Restored:
    settings = read_settings()
    make_folders(settings)
    alone = Occupancy(settings.keys, alone=True)
    try:
        return await restore_hub(settings, source, secret, replace=replace)
    finally:
        alone.close()
