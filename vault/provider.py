"""Where root keys come from: a protocol, and the file that serves when nothing better is configured.

A provider hands out roots once, at start. A KMS or HSM joins here by unwrapping its stored roots at start; asking it
for each data key would cost a round trip per person read.
"""

from __future__ import annotations

import base64
import os
import secrets
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Protocol

import msgspec

from domain.errors import Broken, Invalid, Unavailable

KEY_BYTES = 32
MAX_VERSION = 255
"""A key's version stands in one byte of a sealed payload's header."""


class Root(StrEnum):
    """The root keys, by what they protect. What one of them is for, no other one opens."""

    WRAPPING = "wrapping"
    HASHING = "hashing"
    SEARCH = "search"
    DIGEST = "digest"
    OUTWARD = "outward"
    DOCKET = "docket"
    PROTECTIVE = "protective"
    CURSOR = "cursor"
    OUTBOX = "outbox"
    LEDGER = "ledger"
    PSEUDONYM = "pseudonym"
    SIGNING = "signing"


@dataclass(frozen=True, slots=True)
class RootKey:
    """One version of a root key: `version` 1…255, `secret` 32 random bytes. The secret is in no representation."""

    version: int
    secret: bytes = field(repr=False)


class KeyProvider(Protocol):
    """Gives the root keys."""

    def roots(self) -> Mapping[Root, tuple[RootKey, ...]]:
        """Every version of every root, oldest first; the last is the one to seal with.

        Raises Unavailable if the keys cannot be had now, Broken if what is there is not a key set.
        """
        ...


class _StoredKey(msgspec.Struct, forbid_unknown_fields=True):
    version: int
    secret: str


class _KeyFile(msgspec.Struct, forbid_unknown_fields=True):
    format: int
    keys: dict[str, list[_StoredKey]]


class FileProvider:
    """Root keys in a JSON file that its owner alone may read.

    With `create` a missing file is made (mode 0600, random keys); two processes that start together end with the same
    file. A file that group or others may read, or that is not a plain file, is refused.
    """

    def __init__(self, path: Path | str, *, create: bool = False) -> None:
        self._path = Path(path)
        self._create = create

    def roots(self) -> Mapping[Root, tuple[RootKey, ...]]:
        if self._create and not self._path.exists():
            self._make()
        return _parse(self._read())

    def _make(self) -> None:
        """Write a new file under a name of its own and link it into place, so that nobody ever reads half a file."""
        draft = self._path.with_name(f"{self._path.name}.{secrets.token_hex(8)}")
        try:
            handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
            try:
                _write_all(handle, _fresh())
                os.fsync(handle)
            finally:
                os.close(handle)
            try:
                os.link(draft, self._path)
            except FileExistsError:
                return  # another process was first; its keys count
            finally:
                draft.unlink()
            _sync_folder(self._path.parent)
        except OSError as error:
            raise Unavailable(field="KINDRED_KEYS", cause=f"key file not made: errno {error.errno}") from None

    def _read(self) -> bytes:
        try:
            handle = os.open(self._path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except FileNotFoundError:
            raise Invalid(field="KINDRED_KEYS", fix="keys.missing", cause="no key file") from None
        except OSError as error:
            raise Unavailable(field="KINDRED_KEYS", cause=f"key file not opened: errno {error.errno}") from None
        try:
            _check_mode(os.fstat(handle))
            with os.fdopen(handle, "rb", closefd=False) as stream:
                return stream.read()
        finally:
            os.close(handle)


def _check_mode(status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise Invalid(field="KINDRED_KEYS", fix="keys.not_a_file", cause="key file is not a plain file")
    if status.st_mode & 0o077:
        raise Invalid(field="KINDRED_KEYS", fix="keys.mode_0600", cause="key file open to group or others")


def _write_all(handle: int, content: bytes) -> None:
    while content:
        content = content[os.write(handle, content) :]


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _fresh() -> bytes:
    keys = {root.value: [_StoredKey(1, base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode())] for root in Root}
    return msgspec.json.encode(_KeyFile(1, keys))


def _parse(content: bytes) -> Mapping[Root, tuple[RootKey, ...]]:
    """The key set in a file's bytes. Error texts never quote the file."""
    try:
        stored = msgspec.json.decode(content, type=_KeyFile)
        found = {Root(name): tuple(_root_key(key) for key in keys) for name, keys in stored.keys.items()}
    except (msgspec.MsgspecError, ValueError):
        raise Broken(field="KINDRED_KEYS", cause="key file is not a key set") from None
    check_roots(found)
    if stored.format != 1:
        raise Broken(field="KINDRED_KEYS", cause="key file of another format")
    return found


def _root_key(stored: _StoredKey) -> RootKey:
    return RootKey(stored.version, base64.b64decode(stored.secret, validate=True))


def check_roots(found: Mapping[Root, tuple[RootKey, ...]]) -> None:
    """Raise Broken unless every root has ascending versions of 32-byte keys, and no secret serves twice."""
    for root in Root:
        versions = [key.version for key in found.get(root, ())]
        if not versions or versions != sorted(set(versions)) or not 1 <= versions[0] <= versions[-1] <= MAX_VERSION:
            raise Broken(field="KINDRED_KEYS", cause=f"root key missing or out of order: {root}")
    secrets_held = [key.secret for keys in found.values() for key in keys]
    if any(len(secret) != KEY_BYTES for secret in secrets_held) or len(set(secrets_held)) != len(secrets_held):
        raise Broken(field="KINDRED_KEYS", cause="root key of wrong length or used twice")
