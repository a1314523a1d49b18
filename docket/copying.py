"""A copy of a docket at one moment, taken while others go on writing."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from domain.errors import Invalid, Unavailable

FIELD = "KINDRED_DOCKET"
_BUSY_SECONDS = 30.0


def docket_file(url: str) -> Path:
    """The file of a docket at `sqlite:///path`. Raises Invalid for another address."""
    try:
        address = make_url(url)
    except ArgumentError:
        raise Invalid(field=FIELD, fix="address.shape", cause="not an address") from None
    if address.drivername != "sqlite" or not address.database:
        raise Invalid(field=FIELD, fix="address.scheme", cause="only sqlite:///path is served")
    return Path(address.database)


def copy_docket(url: str, to: Path) -> None:
    """Write the docket as it is now into a new file for its owner alone, durably. What was deleted is not in it.

    Blocks; the docket may be written meanwhile, by other processes too. Raises Unavailable, Invalid.
    """
    path = docket_file(url)
    if not path.is_file():
        raise Unavailable(field=FIELD, cause="there is no docket at this address")
    try:
        os.close(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        with closing(sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None)) as connection:
            connection.execute("VACUUM INTO ?", (str(to),))
        with to.open("rb+") as file:
            os.fsync(file.fileno())
    except (OSError, sqlite3.Error) as error:
        raise Unavailable(field=FIELD, cause=f"docket not copied: {type(error).__name__}") from None
