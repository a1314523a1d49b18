"""The files of docket and ledger, and copies of them at one moment, taken while others go on writing.

What the two rooms share here is that their embedded form is one SQLite file; neither knows the other, and below both
nothing reads or writes. Both are copied for a backup alone, so that it stands here, above both.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from domain.errors import Invalid, Unavailable
from kindred.settings import PREFIX

DOCKET = PREFIX + "DOCKET"
LEDGER = PREFIX + "LEDGER"
_BUSY_SECONDS = 30.0


def store_file(setting: str, url: str) -> Path:
    """The file of the store that a setting names, at `sqlite:///path`. Raises Invalid (field: the setting) for another
    address."""
    scheme, found, path = url.partition(":///")
    if not found:
        raise Invalid(field=setting, fix="address.shape", cause="not an address")
    if scheme != "sqlite" or not path:
        raise Invalid(field=setting, fix="address.scheme", cause="only sqlite:///path is served")
    return Path(path)


def copy_store(setting: str, url: str, to: Path) -> None:
    """Write a store as it is now into a new file for its owner alone, durably. What was deleted is not in it.

    Blocks; the store may be written meanwhile, by other processes too. Raises Unavailable, Invalid.
    """
    path = store_file(setting, url)
    if not path.is_file():
        raise Unavailable(field=setting, cause="there is no store at this address")
    try:
        os.close(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        with closing(sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None)) as connection:
            connection.execute("VACUUM INTO ?", (str(to),))
        with to.open("rb+") as file:
            os.fsync(file.fileno())
    except (OSError, sqlite3.Error) as error:
        raise Unavailable(field=setting, cause=f"store not copied: {type(error).__name__}") from None
