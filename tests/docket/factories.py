"""The dockets that the suite runs on. Another store joins by one more factory."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from docket.opening import open_docket
from docket.store import DocketStore
from tests.vault.rings import ring
from vault.key_ring import KeyRing
from vault.unsealing import Unsealer

Factory = Callable[[Path, KeyRing], DocketStore]


def sqlite(folder: Path, keys: KeyRing) -> DocketStore:
    return open_docket(f"sqlite:///{folder / 'docket.db'}", keys, Unsealer(keys))


FACTORIES: dict[str, Factory] = {"sqlite": sqlite}

RING = ring()


def stored_bytes(folder: Path) -> bytes:
    """All bytes of all files in a folder."""
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()))
