"""SQLite's errors in the hub's words, translated at the door. No SQL, value or path goes along."""

from __future__ import annotations

import sqlite3
from types import TracebackType

from domain.errors import Broken, KindredError, Unavailable

_LATER = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_INTERRUPT,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_PROTOCOL,
    }
)
_PRIMARY = 0xFF


def translate(error: sqlite3.Error) -> KindredError:
    """Unavailable for what may pass (locked, full, unreadable), Broken for a damaged file or a fault of ours.

    An I/O error during a commit leaves open whether it lasted: Unavailable says just that.
    """
    code = getattr(error, "sqlite_errorcode", None)
    name = getattr(error, "sqlite_errorname", type(error).__name__)
    if code is not None and code & _PRIMARY in _LATER:
        return Unavailable(cause=name)
    return Broken(cause=name)


class Translated:
    """A `with` block out of which no sqlite3 error comes as such. Stateless: one instance serves all."""

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, sqlite3.Error):
            raise translate(error) from None


TRANSLATED = Translated()
