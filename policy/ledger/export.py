"""The log as a file: one leaf a line in tree order, then the checkpoint that signs exactly these leaves."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Engine, Row, select

from domain.errors import Broken, Unavailable
from policy.ledger import note
from policy.ledger.engines import database_path, reading, writing
from policy.ledger.files import replace
from policy.ledger.reading import reading_from
from policy.ledger.store import Store
from policy.ledger.tables import leaves
from vault.key_ring import KeyRing

_CHUNK = 2000


def hashes_beside(path: Path) -> Path:
    """Where an export's leaf hashes stand."""
    return path.with_name(path.name + ".hashes")


def write_export(engine: Engine, checkpoint: str, path: Path) -> int:
    """Write the leaves that `checkpoint` signs, the checkpoint, and the hashes beside. Returns the number of leaves.

    Memory is bounded. Raises Unavailable, Broken if the log holds fewer leaves than were signed.
    """
    size = note.parse(checkpoint).size
    with replace(hashes_beside(path)) as hashes, replace(path) as file:
        count = 0
        for row in _rows(engine, size):
            file.write(row.leaf + b"\n")
            hashes.write(row.hash.hex().encode() + b"\n")
            count += 1
        if count != size:
            raise Broken(cause="the log holds fewer leaves than were signed")
        file.write(checkpoint.encode())
    return size


def export_ledger(url: str, ring: KeyRing, path: Path | str) -> int:
    """Sign the log at `url` as it is and write it to `path`, whether or not a hub serves it meanwhile.

    Returns the number of leaves. Raises Invalid for an address of another kind and for keys that did not sign this
    log, Unavailable if there is none, Broken.
    """
    if not Path(database_path(url)).is_file():
        raise Unavailable(field="KINDRED_LEDGER", cause="there is no ledger at this address")
    writer, reader = writing(url), reading(url)
    try:
        store = Store(writer, os.urandom)
        store.migrate()
        store.check_signer(ring.signer())
        return write_export(reader, store.sign_head(ring.signer()), Path(path))
    finally:
        writer.dispose()
        reader.dispose()


def _rows(engine: Engine, size: int) -> Iterator[Row[bytes, bytes]]:
    """Leaves and hashes below `size`, a chunk a transaction, so that a long export holds no snapshot open."""
    for start in range(0, size, _CHUNK):
        inside = leaves.c.number.between(start, min(start + _CHUNK, size) - 1)
        with reading_from(engine) as connection:
            yield from connection.execute(
                select(leaves.c.leaf, leaves.c.hash).where(inside).order_by(leaves.c.number)
            ).all()
