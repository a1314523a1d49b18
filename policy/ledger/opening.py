"""Makes a ledger from its setting."""

from __future__ import annotations

import os
from pathlib import Path

from policy.ledger.committer import Committer
from policy.ledger.engines import BUSY_SECONDS, database_path, reading, writing
from policy.ledger.leaves import Preparer, Randomness
from policy.ledger.ledger import Ledger
from policy.ledger.publishing import Publisher
from policy.ledger.reading import Opener, Pages
from policy.ledger.store import Store
from vault.key_ring import KeyRing

CHECKPOINT_SECONDS = 60.0
QUEUE = 4096
RESERVED_QUEUE = 1024
PATIENCE_SECONDS = 10.0


def ledger_is_there(url: str) -> bool:
    """Whether a log was ever made at an address. Raises Invalid for another kind of address."""
    return Path(database_path(url)).is_file()


def open_ledger(
    url: str,
    ring: KeyRing,
    *,
    opener: Opener | None = None,
    randomness: Randomness = os.urandom,
    checkpoint_seconds: float = CHECKPOINT_SECONDS,
    queue: int = QUEUE,
    reserved_queue: int = RESERVED_QUEUE,
    patience_seconds: float = PATIENCE_SECONDS,
    busy_seconds: float = BUSY_SECONDS,
    published: Path | None = None,
) -> Ledger:
    """Open the log at `sqlite:///path`, made if there is none, and start its writing thread.

    `opener` unseals who was shown, for reviewers. `randomness` gives salts and the order of leaves. Each lane holds at
    most `queue` and `reserved_queue` entries; an append waits at most `patience_seconds`. Close it to stop the thread.
    `published`: a file off the host that takes every checkpoint; the log must have grown from what stands there.
    Raises Invalid(field="KINDRED_LEDGER") for another kind of address, Invalid(field="KINDRED_KEYS") for keys that did
    not sign what is there, Unavailable, Broken for another format.
    """
    writer = writing(url, busy_seconds)
    store = Store(writer, randomness)
    store.migrate()
    signer = ring.signer()
    store.check_signer(signer)
    publisher = None if published is None else Publisher(published, signer, writer)
    if publisher is not None:
        publisher.check()

    def mark() -> None:
        note = store.sign_head(signer)
        if publisher is not None:
            publisher.publish(note)

    preparer = Preparer(ring, randomness)
    committer = Committer(
        store.commit,
        mark,
        every=checkpoint_seconds,
        limit=queue,
        reserved=reserved_queue,
        patience=patience_seconds,
    )
    return Ledger(preparer, store, Pages(reading(url), preparer.names, opener), signer, committer)
