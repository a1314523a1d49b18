"""Making a backup while the hub serves.

The order is the promise: the graph first, the docket after it, the ledger last. What the graph has, the docket has
(a pull writes the docket first), and what either has settled, the ledger has. The keys are held all the while, so that
none is retired between; the manifest is written last and by rename: without one there is no backup.
"""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import msgspec

from connectors.pipeline.entries import upkeep
from docket.journal import Journal
from domain.clock import instant_text
from domain.entries import Act
from domain.errors import Invalid, Unavailable
from kindred.backup import store_files
from kindred.backup.graph_file import write_dump
from kindred.backup.manifest import (
    DOCKET,
    FILES,
    FORMAT,
    GRAPH,
    KEYS,
    LEDGER,
    NAME,
    Manifest,
    Written,
    note_of,
)
from kindred.backup.store_files import copy_store
from kindred.settings import Settings
from kindred.wiring import Stores
from vault.bundle import BackupSecret
from vault.provider import FileProvider


@dataclass(frozen=True, slots=True)
class Made:
    """What was backed up."""

    rows: int
    sequence: int
    size: int


async def back_up(settings: Settings, stores: Stores, to: Path, secret: BackupSecret) -> Made:
    """Write a backup into a new or empty folder, `to`, while others read and write; call it while the keys are held.

    The ledger tells of it first. Raises Invalid if there is anything in the folder, Unavailable if it cannot be
    written; what was written then is no backup.
    """
    _make_folder(to)
    now = stores.clock.now()
    told: dict[str, object] = {"what": "backup"}
    await stores.ledger.append(upkeep(stores.ring, Act.UPKEEP, f"backup|{now.isoformat()}", now, told))
    journal = settings.protection_journal
    # Counted before the docket is copied: whatever is raised later stands in lines after these.
    lines = 0 if journal is None else Journal(journal, stores.docket.opener).count()
    sequence = await stores.graph.reader.sequence()
    rows = await write_dump(stores.graph.upkeep.dump(), to / GRAPH)
    await asyncio.to_thread(copy_store, store_files.DOCKET, settings.docket, to / DOCKET)
    checkpoint = await stores.ledger.checkpoint()
    await asyncio.to_thread(copy_store, store_files.LEDGER, settings.ledger, to / LEDGER)
    written = Written(to)
    written.put(KEYS, secret.seal(FileProvider(settings.keys).content()))
    files = {name: await asyncio.to_thread(note_of, to / name) for name in FILES}
    verifier = stores.ring.signer().verifier
    manifest = Manifest(FORMAT, instant_text(now), version("kindred"), sequence, files, checkpoint, verifier, lines)
    written.put(NAME, msgspec.json.format(msgspec.json.encode(manifest.sealed(stores.ring))))
    return Made(rows, sequence, sum(note.size for note in files.values()))


def _make_folder(to: Path) -> None:
    try:
        to.mkdir(mode=0o700, parents=True, exist_ok=True)
        if os.listdir(to):
            raise Invalid(field="--to", fix="an empty folder", cause="there is something in the folder")
    except OSError as error:
        raise Unavailable(field="--to", cause=f"folder not made: errno {error.errno}") from None
