"""What a backup consists of: the last file written, and the first one read."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

import msgspec

from domain.errors import Broken, Invalid, Unavailable
from vault.key_ring import KeyRing

NAME = "manifest.json"
FORMAT = 1
GRAPH, DOCKET, LEDGER, KEYS = "graph.dump", "docket.db", "ledger.db", "keys.sealed"
FILES = (GRAPH, DOCKET, LEDGER, KEYS)
_CHUNK = 1 << 20
_LARGEST = 1 << 20


class FileNote(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file: its size in bytes and SHA-256 in hex."""

    size: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A whole backup. `program`: the hub's version. `sequence`: the graph's. `checkpoint`: the
    ledger as signed before it was copied, by `verifier`.

    `journal`: how many lines the protection journal had. `seal`: keyed digest of all the rest under the hub's own keys,
    so that nobody without them can put together a backup that is taken.
    """

    format: int
    made: str
    program: str
    sequence: int
    files: dict[str, FileNote]
    checkpoint: str
    verifier: str
    journal: int
    seal: str = ""

    def sealed(self, ring: KeyRing) -> Manifest:
        """The same with its seal."""
        return msgspec.structs.replace(self, seal=self._seal(ring))

    def check_seal(self, ring: KeyRing) -> None:
        """Raises Broken unless the seal is by these keys and over exactly this."""
        if self.seal != self._seal(ring):
            raise Broken(field=NAME, cause="the manifest is not as this hub wrote it")

    def _seal(self, ring: KeyRing) -> str:
        bare = msgspec.json.encode(msgspec.structs.replace(self, seal=""), order="sorted")
        return ring.hasher.label("backup manifest", hashlib.sha256(bare).hexdigest()).hex()


@dataclass(frozen=True, slots=True)
class Written:
    """Writes files that are for their owner alone and on the disk when it says so."""

    folder: Path

    def put(self, name: str, content: bytes) -> None:
        """A file at its final name, whole or not at all. Raises Unavailable."""
        draft = self.folder / f".{name}.draft"
        try:
            handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(self.folder / name)
            sync_folder(self.folder)
        except OSError as error:
            raise Unavailable(field=name, cause=f"backup not written: errno {error.errno}") from None


def sync_folder(folder: Path) -> None:
    """Make names in a folder durable. Raises OSError."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def note_of(path: Path) -> FileNote:
    """Size and digest of a file. Raises Broken if it is gone or not a plain file."""
    digest, size = hashlib.sha256(), 0
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
                size += len(chunk)
    except OSError as error:
        raise Broken(field=path.name, cause=f"a file of the backup cannot be read: errno {error.errno}") from None
    return FileNote(size, digest.hexdigest())


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a backup whose files are all as it says. Raises Invalid for a torn backup or none, Broken."""
    try:
        with (folder / NAME).open("rb") as file:
            content = file.read(_LARGEST)
    except OSError:
        cause = "no manifest: the backup did not come to its end, or there is none here"
        raise Invalid(field="--from", fix="backup.whole", cause=cause) from None
    try:
        manifest = msgspec.json.decode(content, type=Manifest)
    except msgspec.MsgspecError:
        raise Broken(field=NAME, cause="the manifest cannot be read") from None
    if manifest.format != FORMAT or set(manifest.files) != set(FILES):
        raise Broken(field=NAME, cause="a backup of another format")
    for name, noted in manifest.files.items():
        if note_of(folder / name) != noted:
            raise Broken(field=name, cause="a file of the backup is not as it was written")
    return manifest
