"""Where root keys come from: a protocol, and the file that serves when nothing better is configured.

A provider hands out roots at start, and again when it says that they changed. A KMS or HSM joins here by unwrapping its
stored roots; asking it for each data key would cost a round trip per person read.
"""

from __future__ import annotations

import base64
import fcntl
import os
import secrets
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

import msgspec

from domain.errors import Broken, Invalid, Unavailable

KEY_BYTES = 32
_FIELD = "KINDRED_KEYS"
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
    """One version of a root key: `version` 1…255, `secret` 32 random bytes. The secret is in no representation.

    `made`: when a rotation made it; None for a first version. `until`: how long an older version of the outward root is
    still honoured; None for not at all. `settled`: False while what it is for does not lie under it everywhere.
    """

    version: int
    secret: bytes = field(repr=False)
    made: datetime | None = None
    until: datetime | None = None
    settled: bool = True


Roots = Mapping[Root, tuple[RootKey, ...]]
"""Every version of every root, oldest first."""


class KeyProvider(Protocol):
    """Gives the root keys."""

    def roots(self) -> Roots:
        """Every version of every root, oldest first; the last is the one to seal with.

        Raises Unavailable if the keys cannot be had now, Broken if what is there is not a key set.
        """
        ...

    def stamp(self) -> object:
        """Alike as long as `roots` are. Cheap, for it is asked with every request; never raises."""
        ...


class _StoredKey(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    version: int
    secret: str
    made: datetime | None = None
    until: datetime | None = None
    settled: bool = True


class _KeyFile(msgspec.Struct, forbid_unknown_fields=True):
    format: int
    keys: dict[str, list[_StoredKey]]


class FileProvider:
    """Root keys in a JSON file that its owner alone may read.

    With `create` a missing file is made (mode 0600, random keys); two processes that start together end with the same
    file. A file that group or others may read, or that is not a plain file, is refused. A changed file takes the place
    of the old one whole, so that nobody ever reads half of one.
    """

    def __init__(self, path: Path | str, *, create: bool = False) -> None:
        self._path = Path(path)
        self._create = create

    def roots(self) -> Roots:
        if self._create and not self._path.exists():
            self.lay(packed_roots(fresh_roots()))
        return parsed_roots(self.content())

    def stamp(self) -> object:
        try:
            status = os.stat(self._path)
        except OSError as error:
            return error.errno
        return status.st_ino, status.st_mtime_ns, status.st_size

    def lay(self, content: bytes, *, over: bool = False) -> bool:
        """Put a key file there, durably; False, and nothing is changed, if there is one and it is not to be written
        over. Raises Unavailable, Broken for bytes that are no key set."""
        parsed_roots(content)
        draft = self._path.with_name(f"{self._path.name}.{secrets.token_hex(8)}")
        try:
            handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
            try:
                try:
                    _write_all(handle, content)
                    os.fsync(handle)
                finally:
                    os.close(handle)
                if over:
                    draft.replace(self._path)
                else:
                    os.link(draft, self._path)
            except FileExistsError:
                return False  # another process was first; its keys count
            finally:
                draft.unlink(missing_ok=True)
            _sync_folder(self._path.parent)
        except OSError as error:
            raise Unavailable(field=_FIELD, cause=f"key file not made: errno {error.errno}") from None
        return True

    @contextmanager
    def held(self) -> Iterator[None]:
        """The keys to oneself: whoever would change them meanwhile, or copy them with the stores, is refused.

        Those who only use them go on. Ends with the process, however that ends. Raises Unavailable.
        """
        try:
            handle = os.open(self._path.with_name(self._path.name + ".lock"), os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise Unavailable(field=_FIELD, cause=f"key file's lock: errno {error.errno}") from None
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                cause = "keys are being changed, backed up or restored by another process"
                raise Unavailable(field=_FIELD, fix="keys.busy", cause=cause) from None
            yield
        finally:
            os.close(handle)

    def change(self, alter: Callable[[Roots], Roots]) -> Roots:
        """Read, alter, write, durably and at once; call it while `held`. Raises as `roots`, and what `alter` does."""
        after = alter(self.roots())
        self.lay(packed_roots(after), over=True)
        return after

    def content(self) -> bytes:
        """The file as it is. Raises Invalid for one that is missing or open to others, Unavailable."""
        try:
            handle = os.open(self._path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except FileNotFoundError:
            raise Invalid(field=_FIELD, fix="keys.missing", cause="no key file") from None
        except OSError as error:
            raise Unavailable(field=_FIELD, cause=f"key file not opened: errno {error.errno}") from None
        try:
            _check_mode(os.fstat(handle))
            with os.fdopen(handle, "rb", closefd=False) as stream:
                return stream.read()
        finally:
            os.close(handle)


def _check_mode(status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise Invalid(field=_FIELD, fix="keys.not_a_file", cause="key file is not a plain file")
    if status.st_mode & 0o077:
        raise Invalid(field=_FIELD, fix="keys.mode_0600", cause="key file open to group or others")


def _write_all(handle: int, content: bytes) -> None:
    while content:
        content = content[os.write(handle, content) :]


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def fresh_roots() -> Roots:
    """A first version of every root."""
    return {root: (RootKey(1, secrets.token_bytes(KEY_BYTES)),) for root in Root}


def packed_roots(roots: Roots) -> bytes:
    """A key set as a key file holds it. Raises Broken for an incomplete one."""
    check_roots(roots)
    keys = {
        root.value: [
            _StoredKey(key.version, base64.b64encode(key.secret).decode(), key.made, key.until, key.settled)
            for key in roots[root]
        ]
        for root in Root
    }
    return msgspec.json.encode(_KeyFile(1, keys))


def parsed_roots(content: bytes) -> Roots:
    """The key set in a file's bytes. Raises Broken; error texts never quote the file."""
    try:
        stored = msgspec.json.decode(content, type=_KeyFile)
        found = {Root(name): tuple(_root_key(key) for key in keys) for name, keys in stored.keys.items()}
    except (msgspec.MsgspecError, ValueError):
        raise Broken(field=_FIELD, cause="key file is not a key set") from None
    check_roots(found)
    if stored.format != 1:
        raise Broken(field=_FIELD, cause="key file of another format")
    return found


def _root_key(stored: _StoredKey) -> RootKey:
    if any(moment is not None and moment.tzinfo is None for moment in (stored.made, stored.until)):
        raise ValueError("an instant without its zone")
    secret = base64.b64decode(stored.secret, validate=True)
    return RootKey(stored.version, secret, stored.made, stored.until, stored.settled)


def check_roots(found: Roots) -> None:
    """Raise Broken unless every root has ascending versions of 32-byte keys, and no secret serves twice."""
    for root in Root:
        versions = [key.version for key in found.get(root, ())]
        if not versions or versions != sorted(set(versions)) or not 1 <= versions[0] <= versions[-1] <= MAX_VERSION:
            raise Broken(field=_FIELD, cause=f"root key missing or out of order: {root}")
    secrets_held = [key.secret for keys in found.values() for key in keys]
    if any(len(secret) != KEY_BYTES for secret in secrets_held) or len(set(secrets_held)) != len(secrets_held):
        raise Broken(field=_FIELD, cause="root key of wrong length or used twice")
