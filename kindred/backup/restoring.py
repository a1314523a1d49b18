"""Bringing a hub back from a backup: verified before anything is written, and no protection lowered by it.

Everything is built beside its place first. Then a mark is set that keeps hubs from opening what is half there, the
parts are put in their places, and the mark is taken away. Cut off anywhere, the same command is given again.
"""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from connectors.agencies.agency import Agency, no_grades
from connectors.agencies.catalogue import AGENCIES
from connectors.pipeline.commit import rewound
from connectors.pipeline.suppressing import values_in
from docket.carrying import Present, carry_over, present_in
from docket.erasure import strike
from docket.journal import Journal
from docket.striking import Gone
from domain.clock import SystemClock, instant_text
from domain.errors import Broken, Invalid, KindredError, Unavailable
from domain.ids import KeyHash
from kindred.backup import store_files
from kindred.backup.graph_file import read_dump
from kindred.backup.manifest import DOCKET, GRAPH, KEYS, LEDGER, Manifest, read_manifest, sync_folder
from kindred.backup.occupancy import HalfRestored
from kindred.backup.store_files import store_file
from kindred.settings import Settings
from kindred.wiring import docket_at, graph_at, is_embedded, make_folders
from policy.ledger.auditing import verify_store
from policy.ledger.judging import Outcome
from vault.bundle import BackupSecret
from vault.key_ring import KeyRing
from vault.provider import FileProvider, Roots, packed_roots, parsed_roots
from vault.rotation import merged

DRAFT = ".restored"
_SQLITE_ENDS = ("", "-wal", "-shm")


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored. `held`: everybody counts as under the strict grade until these sources were pulled anew."""

    rows: int
    sequence: int
    leaves: str
    held: tuple[str, ...]


def protective_sources() -> tuple[str, ...]:
    """The agencies whose rows may protect somebody."""
    return tuple(agency.name for agency in AGENCIES if _protects(agency))


def _protects(agency: Agency) -> bool:
    return agency.protective or agency.restricted or agency.grades is not no_grades


async def restore(settings: Settings, source: Path, secret: BackupSecret, *, replace: bool) -> Restored:
    """Restore into empty places, or over what is there (`replace`); nobody else may have the stores open.

    Raises Invalid for a torn backup, a secret that does not open it and places that are not empty; Broken for a backup
    that is not as it was written; Unavailable. Before anything was written all of these leave everything as it was.
    """
    manifest, backup = await asyncio.to_thread(_verified, source, secret)
    half, provider = HalfRestored(settings.keys), FileProvider(settings.keys)
    make_folders(settings)
    over = replace or half.there
    await _check_empty(settings, over=over)
    roots = _keys(provider, backup)
    ring = KeyRing.open(_Given(roots))
    sources = protective_sources()
    certain, erased = await _docket_draft(settings, source, ring, manifest, sources)
    _copy(source / LEDGER, _draft(_ledger_file(settings)))
    try:
        half.set()
        provider.lay(packed_roots(roots), over=True)
        for file in (_docket_file(settings), _ledger_file(settings)):
            _put(file)
    except OSError as error:
        raise Unavailable(cause=f"restore not written: errno {error.errno}") from None
    rows = await _fill(settings, source, ring, () if certain else sources, erased, over=over)
    verdict = verify_store(settings.ledger, manifest.verifier, manifest.checkpoint, ring)
    if verdict.outcome is not Outcome.INTACT:
        raise Broken(field=LEDGER, cause=f"the restored ledger: {verdict.text}")
    try:
        half.lift()
    except OSError as error:
        raise Unavailable(cause=f"restore not ended: errno {error.errno}") from None
    return Restored(rows, manifest.sequence, verdict.text, () if certain else sources)


def _verified(source: Path, secret: BackupSecret) -> tuple[Manifest, Roots]:
    """The manifest and keys of a backup that is whole, of one hub, and whose ledger is what was signed."""
    manifest = read_manifest(source)
    roots = parsed_roots(secret.open((source / KEYS).read_bytes()))
    ring = KeyRing.open(_Given(roots))
    manifest.check_seal(ring)
    if ring.signer().verifier != manifest.verifier:
        raise Broken(field=KEYS, cause="the keys did not sign this ledger")
    verdict = verify_store(f"sqlite:///{source / LEDGER}", manifest.verifier, manifest.checkpoint, ring)
    if verdict.outcome is not Outcome.INTACT:
        raise Broken(field=LEDGER, cause=f"the backup's ledger: {verdict.text}")
    return manifest, roots


async def _check_empty(settings: Settings, *, over: bool) -> None:
    files = {"KINDRED_KEYS": settings.keys}
    files |= {"KINDRED_DOCKET": _docket_file(settings), "KINDRED_LEDGER": _ledger_file(settings)}
    taken = [name for name, file in files.items() if not over and file.exists()]
    if not taken and not (over and is_embedded(settings)) and await _graph_holds(settings):
        taken = ["KINDRED_GRAPH"]
    if taken:
        cause = "there is something already; to write over it: --replace everything (a graph server: empty it first)"
        raise Invalid(field=taken[0], fix="empty places", cause=cause)


async def _graph_holds(settings: Settings) -> bool:
    async with graph_at(settings) as graph:
        await graph.upkeep.migrate()
        return await graph.reader.sequence() > 0


def _keys(provider: FileProvider, backup: Roots) -> Roots:
    """The backup's keys, with those that are there if they are the same hub's: later ones, and ones retired since."""
    try:
        present = provider.roots()
    except KindredError:
        return backup
    return merged(backup, present)


async def _docket_draft(
    settings: Settings, source: Path, ring: KeyRing, manifest: Manifest, sources: Sequence[str]
) -> tuple[bool, tuple[KeyHash, ...]]:
    """The backup's docket beside its place, with all protection that is known of since; whether that is all, and the
    hashes of people who were erased."""
    place = _docket_file(settings)
    present: Present | None = None
    if place.is_file() and place.stat().st_size:
        async with docket_at(place, ring) as there:
            present = await present_in(there)
    draft = _draft(place)
    _copy(source / DOCKET, draft)
    async with docket_at(draft, ring) as restored:
        await restored.migrate()
        journal = settings.protection_journal
        read = None if journal is None else Journal(journal, restored.opener).read(manifest.journal)
        gone = Gone.told(read)
        marked = frozenset(gone.hashes)

        def names(source: str, raw: bytes) -> bool:
            return not marked.isdisjoint(values_in(ring.hasher, source, raw))

        if gone.hashes:
            await strike(restored, gone, names)
        return await carry_over(restored, present, read, sources), gone.hashes


async def _fill(
    settings: Settings, source: Path, ring: KeyRing, rewind: Sequence[str], erased: Sequence[KeyHash], *, over: bool
) -> int:
    """Load the graph, erase again who was erased since, and have the sources of protection told from their beginning
    where that is needed."""
    async with graph_at(settings, anew=over) as graph:
        await graph.upkeep.migrate()
        rows = await graph.upkeep.load(read_dump(source / GRAPH))
        if erased:
            owners, found = await graph.reader.owners(erased), await graph.reader.find(erased)
            people = {*owners.values(), *(person for each in found.values() for person in each)}
            await graph.upkeep.forget(sorted(people), erased)
        now = instant_text(SystemClock(settings.zone).now())
        for name in rewind:
            await graph.writer.write(rewound(ring, name, now))
    return rows


class _Given:
    """Roots that are at hand."""

    def __init__(self, roots: Roots) -> None:
        self._roots = roots

    def roots(self) -> Roots:
        return self._roots

    def stamp(self) -> object:
        return 0


def _docket_file(settings: Settings) -> Path:
    return store_file(store_files.DOCKET, settings.docket)


def _ledger_file(settings: Settings) -> Path:
    return store_file(store_files.LEDGER, settings.ledger)


def _draft(place: Path) -> Path:
    return place.with_name(place.name + DRAFT)


def _copy(source: Path, to: Path) -> None:
    try:
        for end in _SQLITE_ENDS:
            to.with_name(to.name + end).unlink(missing_ok=True)
        handle = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as written, source.open("rb") as read:
            shutil.copyfileobj(read, written)
            written.flush()
            os.fsync(handle)
    except OSError as error:
        raise Unavailable(field=to.name, cause=f"not copied: errno {error.errno}") from None


def _put(place: Path) -> None:
    """The draft into its place. Logs of what was there before would be taken for its own."""
    for end in _SQLITE_ENDS[1:]:
        if _draft(place).with_name(_draft(place).name + end).exists():
            raise Unavailable(field=place.name, cause="a draft that was not closed")
        place.with_name(place.name + end).unlink(missing_ok=True)
    _draft(place).replace(place)
    sync_folder(place.parent)
