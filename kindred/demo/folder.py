"""The demo's folder: emptied only if it is ours, used by one demo at a time."""

from __future__ import annotations

import fcntl
import os
import shutil
from pathlib import Path

from domain.errors import Invalid, Unavailable

MARK = ".kindred-demo"


class DemoFolder:
    """Holds the folder while the demo runs. The lock is the kernel's, so nothing is left behind by a kill."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock: int | None = None

    def take(self) -> None:
        """Make or empty the folder. Raises Invalid if it holds what is not ours, Unavailable if a demo runs in it."""
        mark = self.path / MARK
        if self.path.exists() and not mark.is_file() and any(self.path.iterdir()):
            raise Invalid(field="--dir", fix="another_folder", cause="the folder is not empty and not a demo's")
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._lock = os.open(mark, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self.release()
            raise Unavailable(field="--dir", fix="another_folder", cause="another demo runs in this folder") from None
        for inside in self.path.iterdir():
            if inside.name != MARK:
                shutil.rmtree(inside) if inside.is_dir() and not inside.is_symlink() else inside.unlink()

    def release(self) -> None:
        """Let others have it."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None
