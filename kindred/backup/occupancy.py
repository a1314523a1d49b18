"""Whether a hub's stores are in use, being restored, or half restored: said by files beside its keys."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from domain.errors import Unavailable
from kindred.backup.manifest import sync_folder


class Occupancy:
    """A share in the use of a hub's stores, kept until it is closed or the process ends. A restore wants them alone."""

    def __init__(self, keys: Path, *, alone: bool = False) -> None:
        """Raises Unavailable if somebody else has them alone, or anybody has them where `alone` is wanted."""
        self._path = keys.with_name(keys.name + ".in-use")
        self._handle = -1
        try:
            self._handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
            fcntl.flock(self._handle, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except OSError as error:
            self.close()
            if not isinstance(error, BlockingIOError):
                raise Unavailable(field="KINDRED_KEYS", cause=f"not opened: errno {error.errno}") from None
            cause = "a hub or a command uses these stores: stop it first" if alone else "a restore is under way"
            raise Unavailable(field="KINDRED_KEYS", fix="stores.busy", cause=cause) from None

    def close(self) -> None:
        """Give the share back. A second call changes nothing."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1


class HalfRestored:
    """The mark of a restore that began to write and has not come to its end: nothing is opened until it has."""

    def __init__(self, keys: Path) -> None:
        self._path = keys.with_name(keys.name + ".restoring")

    @property
    def there(self) -> bool:
        """Whether a restore was cut off."""
        return self._path.exists()

    def check(self) -> None:
        """Raises Unavailable if a restore was cut off."""
        if self.there:
            cause = "a restore was cut off: run it again"
            raise Unavailable(field="KINDRED_KEYS", fix="kindred restore", cause=cause)

    def set(self) -> None:
        """From now on. Durable. Raises OSError."""
        os.close(os.open(self._path, os.O_WRONLY | os.O_CREAT, 0o600))
        sync_folder(self._path.parent)

    def lift(self) -> None:
        """The restore is whole. Durable. Raises OSError."""
        self._path.unlink(missing_ok=True)
        sync_folder(self._path.parent)
