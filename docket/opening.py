"""Opening a docket by its address."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from docket.journal import Journal
from docket.opener import Opener, Unsealer
from docket.sqlite_lane import SqliteLane
from docket.store import DocketStore
from domain.errors import Invalid
from vault.key_ring import KeyRing

FIELD = "KINDRED_DOCKET"


def open_docket(url: str, ring: KeyRing, unsealer: Unsealer, journal: Path | None = None) -> DocketStore:
    """The docket at `sqlite:///path` (a missing file is made, for its owner alone). Call `migrate` before first use.

    `journal`: where every raise of a protection is written down besides, first.

    Raises Invalid (field `KINDRED_DOCKET`) for another scheme or no path, Unavailable if the file cannot be opened.
    """
    try:
        address = make_url(url)
    except ArgumentError:
        raise Invalid(field=FIELD, fix="address.shape", cause="not an address") from None
    if address.drivername != "sqlite" or not address.database or address.database == ":memory:" or address.query:
        raise Invalid(field=FIELD, fix="address.scheme", cause="only sqlite:///path is served")
    opener = Opener(ring, unsealer)
    kept = None if journal is None else Journal(journal, opener)
    return DocketStore(SqliteLane(address.database), opener, kept)
