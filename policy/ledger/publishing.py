"""Checkpoints off the host: what a log cut back, or restored from before, cannot talk its way around.

Whoever holds the host can cut the log and its own checkpoints. The published one lies elsewhere (a share, a mount, a
folder that another machine collects) and only ever moves on; a log that has not grown from it is not opened.
"""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.exc import SQLAlchemyError

from domain.errors import Broken, Invalid, Unavailable
from policy.ledger import note
from policy.ledger.engines import database_path, writing
from policy.ledger.files import replace
from policy.ledger.note import Checkpoint
from policy.ledger.store import Store
from policy.ledger.tables import head, leaves
from policy.ledger.tree import Frontier
from vault.key_ring import KeyRing
from vault.signing import CheckpointSigner, open_note

SETTING = "KINDRED_LEDGER_CHECKPOINT"
_CHUNK = 5000


def publish_first(url: str, ring: KeyRing, path: Path) -> None:
    """Sign the log at `url` as it is and publish it where nothing is. Raises Invalid if something is, Unavailable."""
    if path.exists():
        raise Invalid(field=SETTING, fix="ledger.published_already", cause="a checkpoint is published there already")
    if not Path(database_path(url)).is_file():
        raise Unavailable(field="KINDRED_LEDGER", cause="there is no ledger at this address")
    engine = writing(url)
    try:
        store, signer = Store(engine, os.urandom), ring.signer()
        store.migrate()
        store.check_signer(signer)
        Publisher(path, signer, engine).publish(store.sign_head(signer))
    finally:
        engine.dispose()


class Publisher:
    """Keeps the published checkpoint of one log. Called from one thread at a time; several processes may have one."""

    def __init__(self, path: Path, signer: CheckpointSigner, engine: Engine) -> None:
        self._path = path
        self._verifier = signer.verifier
        self._engine = engine
        self._last: str | None = None

    def check(self) -> None:
        """Refuse a log that has not grown from what was published, leaf by leaf.

        Raises Unavailable if the log is older, is another, or nothing is published of a log that holds something;
        Invalid for a note by other keys.
        """
        published = self._published()
        size = self._size()
        if published is None:
            if size:
                cause = "nothing is published of this ledger; if it is whole, publish it: kindred ledger publish"
                raise Unavailable(field=SETTING, fix="ledger.publish_first", cause=cause)
            return
        if size < published.size:
            cause = f"the ledger has {size} leaves, {published.size} were published: restore one that is not older"
            raise Unavailable(field="KINDRED_LEDGER", fix="ledger.restore_newer", cause=cause)
        if self._root(published.size) != published.root:
            cause = "the ledger is not the one that was published: it parts from it before its end"
            raise Unavailable(field="KINDRED_LEDGER", fix="ledger.restore_newer", cause=cause)

    def publish(self, signed: str) -> None:
        """Put a checkpoint in the place of the older one. One that is newer stays, if this log has come so far.

        Raises Unavailable, Broken for a log that is older than what was published.
        """
        if signed == self._last:
            return
        published = self._published()
        if published is not None and published.size > note.parse(signed).size:
            if self._size() < published.size:
                raise Broken(cause="the ledger is older than its published checkpoint")
            return  # another process signed more of the same log
        with replace(self._path) as file:
            file.write(signed.encode())
        self._last = signed

    def _published(self) -> Checkpoint | None:
        try:
            text = self._path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError) as error:
            raise Unavailable(field=SETTING, cause=f"checkpoint not read: {type(error).__name__}") from None
        try:
            return note.parse(open_note(text, self._verifier))
        except Broken:
            cause = "the published checkpoint is not by this ledger's keys"
            raise Invalid(field=SETTING, fix="keys.of_this_ledger", cause=cause) from None

    def _size(self) -> int:
        try:
            with self._engine.connect() as connection:
                found: int | None = connection.execute(select(head.c.leaves)).scalar()
        except SQLAlchemyError as error:
            raise Unavailable(cause=f"ledger store: {type(error).__name__}") from None
        return found or 0

    def _root(self, size: int) -> bytes | None:
        """The root over the first leaves, from their hashes; None if some are missing."""
        frontier = Frontier()
        try:
            with self._engine.connect() as connection:
                while frontier.size < size:
                    last = min(frontier.size + _CHUNK, size) - 1
                    inside = leaves.c.number.between(frontier.size, last)
                    found = connection.execute(select(leaves.c.hash).where(inside).order_by(leaves.c.number)).scalars()
                    before = frontier.size
                    for hashed in found:
                        frontier.add(hashed)
                    if frontier.size == before:
                        return None
        except SQLAlchemyError as error:
            raise Unavailable(cause=f"ledger store: {type(error).__name__}") from None
        return frontier.root()
