"""Upkeep on SQLite: the layout, readiness, the end."""

from __future__ import annotations

import os
from pathlib import Path

from domain.errors import KindredError, Unavailable
from graph.sqlite_store.layout import NEWEST, bring_up, layout_of
from graph.sqlite_store.reading import Reading
from graph.sqlite_store.writing import WriteThread


class SqliteUpkeep:
    """Migrates, checks and closes one graph file with all its connections."""

    def __init__(self, path: Path, thread: WriteThread, files: tuple[Reading, ...]) -> None:
        self._path = path
        self._thread = thread
        self._files = files

    async def migrate(self) -> int:
        """As the port says. Makes the file (for its owner alone) and its folder where they are missing.

        Broken if the file is another database or of a later version of the hub; Unavailable if it cannot be made.
        """
        _make_private(self._path)
        return await self._thread.run(bring_up, create=True)

    async def ready(self) -> bool:
        """As the port says; never raises."""
        try:
            with self._files[0] as connection:
                return layout_of(connection) == NEWEST
        except KindredError:
            return False

    async def close(self) -> None:
        """As the port says. Waits for writes that were handed in; afterwards every call raises Unavailable."""
        await self._thread.close()
        for file in self._files:
            file.close()


def _make_private(path: Path) -> None:
    """An empty file that only its owner may read; SQLite gives its log files the same mode."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise Unavailable(cause=type(error).__name__) from None
