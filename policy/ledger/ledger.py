"""The ledger: append, read, attest."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from domain.entries import Entry
from domain.errors import Unavailable
from domain.ids import PersonId
from policy.ledger.committer import Committer
from policy.ledger.export import write_export
from policy.ledger.files import replace
from policy.ledger.leaves import Preparer
from policy.ledger.reading import Pages, reading_from
from policy.ledger.receipts import SubjectReceipt, subject_receipt
from policy.ledger.shapes import Look, Reviewed
from policy.ledger.store import Receipt, Store
from policy.ledger.tables import checkpoints
from vault.signing import CheckpointSigner


class Ledger:
    """An append-only log of what was done, durable before `append` returns.

    Made by `opening.open_ledger`. Used from event loops; the writing is one thread's. `pages`' engine only reads.
    """

    def __init__(
        self, preparer: Preparer, store: Store, pages: Pages, signer: CheckpointSigner, committer: Committer
    ) -> None:
        self._preparer = preparer
        self._store = store
        self._pages = pages
        self._signer = signer
        self._committer = committer

    async def append(self, entry: Entry) -> Receipt:
        """Write an entry; returns once it is on the disk.

        Idempotent by `entry.key`: the second append of a key writes nothing and returns the first's receipt. Quiet
        entries have a lane of their own and go first. Raises Unavailable (nothing may then be disclosed; the same key
        may be appended again), Invalid for texts that no leaf can hold.
        """
        return await self._committer.append(self._preparer.prepare(entry), reserved=entry.quiet)

    async def by_subject(
        self,
        person: PersonId,
        first: int,
        after: bytes | None = None,
        since: datetime | None = None,
        former: Sequence[PersonId] = (),
    ) -> tuple[Look, ...]:
        """Looks at a person, newest first: where they were opened, or asked for and hidden.

        None that are quiet, listed them only, or are subject access. `after` is a position of this person's own page;
        any other gives the empty page. `former`: other ids that name the person (`Reader.former`). Raises Invalid for a
        page size out of bounds, Unavailable.
        """
        return self._pages.by_subject(person, first, after, since, former)

    async def entries(
        self,
        first: int,
        after: bytes | None = None,
        *,
        actor: str | None = None,
        subject: PersonId | None = None,
        former: Sequence[PersonId] = (),
        activity: str | None = None,
        decision: str | None = None,
    ) -> tuple[Reviewed, ...]:
        """Everything, newest first, for reviewers; with `subject`, no quiet entries. `former`: other ids that name the
        subject. Raises as `by_subject`."""
        subjects = () if subject is None else (subject, *former)
        return self._pages.entries(first, after, actor=actor, subjects=subjects, activity=activity, decision=decision)

    async def receipt(self, position: bytes, person: PersonId) -> SubjectReceipt | None:
        """What lets a person check one look at them offline; None where there is none that their own log shows."""
        with reading_from(self._pages.engine) as connection:
            pseudonyms = self._pages.pseudonyms(person)
            return subject_receipt(connection, position, pseudonyms)

    async def checkpoint(self) -> str:
        """The log as it is now, signed and kept: a C2SP signed note. Raises Unavailable."""
        return await asyncio.to_thread(self._store.sign_head, self._signer)

    async def newest_checkpoint(self) -> str | None:
        """The newest note signed at a fixed time (or on demand), for publishing. Raises Unavailable."""
        newest = select(checkpoints.c.note).order_by(checkpoints.c.size.desc()).limit(1)
        with reading_from(self._pages.engine) as connection:
            return connection.execute(newest).scalar()

    async def export(self, path: Path | str) -> int:
        """Write the log as signed now: one leaf a line, then the checkpoint. Returns the number of leaves.

        Beside it, `<path>.hashes`: each leaf's hash, so that a check can name the leaf that was altered. Raises
        Unavailable.
        """
        note = await self.checkpoint()
        return await asyncio.to_thread(write_export, self._pages.engine, note, Path(path))

    def write_public_key(self, path: Path | str) -> None:
        """Write the verifier key (C2SP signed-note: `name+id+key`), one line. Raises Unavailable."""
        with replace(Path(path)) as file:
            file.write(self._signer.verifier.encode() + b"\n")

    async def ready(self) -> bool:
        """Whether the log can be read and the last write went well."""
        try:
            await self.newest_checkpoint()
        except Unavailable:
            return False
        return self._committer.fault is None

    async def close(self) -> None:
        """Write what is queued, sign, let go. Later appends raise Unavailable."""
        if await self._committer.close():
            self._store.close()
        self._pages.engine.dispose()
