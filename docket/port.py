"""The port of the docket: one protocol, the same on SQLite and PostgreSQL.

Durability: a write that returned has reached the disk. A write that raised Unavailable may have been committed or not;
every write may be repeated as it was. A cancelled write is committed whole or not at all. Reads see everything that was
committed before they began.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from docket.dossiers import (
    Dossier,
    Held,
    IntakeRow,
    Line,
    Narrative,
    OutboxRow,
    Outcome,
    Protection,
    ReviewDossier,
)
from domain.errors import Unavailable
from domain.flags import Flagged
from domain.ids import KeyHash, PersonId
from domain.principals import Case


class Stale(Unavailable):
    """A save named a version that is no longer the newest: load again, apply again, save again."""

    def __init__(self) -> None:
        super().__init__(cause="stale dossier")


class Docket(Protocol):
    """What is under way. Any call raises Unavailable if the store cannot answer now, Broken if it is damaged."""

    async def migrate(self) -> int:
        """Bring the store's layout to the newest version; returns it. A second call changes nothing."""
        ...

    async def ready(self) -> bool:
        """Whether the store answers and its layout is the newest. Never raises."""
        ...

    async def close(self) -> None:
        """Finish what is being written and release everything. A second call changes nothing."""
        ...

    async def intake(
        self, rows: Sequence[IntakeRow], outbox: Sequence[OutboxRow] = (), flagged: Sequence[Flagged] = ()
    ) -> None:
        """Take rows in, in one durable transaction: rows, protective matters, documents, reviews, outbox entries,
        flags.

        `flagged`: all flags of each of these people, in the place of those that stood there; none strikes them off.

        A position that is there already keeps what it has, but for one that is held and now suppressed: somebody whom
        its row names was erased meanwhile, and its content and its reviews go. Matters only raise: whatever arrives in
        whatever order, the highest grade and status stay. Flags that rest on somebody who was erased since they were
        found, and what a review tells of such people, are left out. Raises Invalid for a document that cannot be read
        (see `docket.documents.read_document`); nothing of the batch is then stored.
        """
        ...

    async def seen(self, digests: Sequence[bytes]) -> Mapping[bytes, bytes]:
        """The position at which each row digest was first taken in; digests never seen are absent."""
        ...

    async def standing(self, positions: Sequence[bytes]) -> Mapping[bytes, Outcome]:
        """The outcome given to each position; positions never taken in are absent."""
        ...

    async def counts(self) -> Mapping[tuple[str, Outcome], int]:
        """How many rows of each source had each outcome."""
        ...

    async def quarantined(self, limit: int, after: Held | None = None) -> tuple[Held, ...]:
        """Rows in quarantine after one of them, source by source, oldest first, with their reason."""
        ...

    async def reviews(self, limit: int, after: Held | None = None) -> tuple[Held, ...]:
        """Rows under review after one of them, source by source, oldest first, with their reason."""
        ...

    async def line(self, line: Line, limit: int, after: int = 0) -> tuple[ReviewDossier, ...]:
        """What waits in a line after a place, oldest first. What cannot be read is passed over, counted in the log."""
        ...

    async def review(self, id: bytes) -> ReviewDossier | None:
        """The newest version of an identity review; None if there is none of this id. One that cannot be read
        is as none, counted in the log."""
        ...

    async def reviews_of(self, position: bytes) -> tuple[ReviewDossier, ...]:
        """All reviews that the row at a position asked for."""
        ...

    async def reviews_about(self, key: KeyHash) -> tuple[ReviewDossier, ...]:
        """All reviews about a source key (hashed), whichever row asked for them; at most 256 of each kind."""
        ...

    async def save_reviews(
        self, read: Sequence[ReviewDossier], outbox: Sequence[OutboxRow] = (), accepted: Sequence[bytes] = ()
    ) -> tuple[ReviewDossier, ...]:
        """Store reviews whose versions are those that were read (0: new ones), each in the lines where its state
        belongs, and accept the held rows at the positions `accepted`, whose content is then dropped; all in one durable
        transaction. Where two stewards said that a key is not somebody under protection, the guard on it ends.
        Returns them under their new versions. Raises Stale, and then nothing is stored."""
        ...

    async def held(self, position: bytes) -> Held | None:
        """The row at a position, whatever became of it; without content unless it is held."""
        ...

    def raw(self, held: Held) -> bytes | None:
        """The content of a held row as its source sent it. Raises Broken if it was altered."""
        ...

    async def flags(self, people: Sequence[PersonId]) -> Mapping[PersonId, Flagged]:
        """The flags of these people; people without any are absent."""
        ...

    async def flags_about(self, keys: Sequence[KeyHash]) -> Mapping[PersonId, Flagged]:
        """Everyone's flags that rest on what any of these source keys (hashed) states, or wait for it to be decided."""
        ...

    async def flagged(self, limit: int, after: int = 0) -> tuple[Flagged, ...]:
        """All that is flagged after a place, in the order of their places; a person's place moves as their flags do.
        Who waits to be looked at again is among them, without flags. What cannot be read is passed over, counted in the
        log."""
        ...

    async def protection(self, keys: Sequence[KeyHash]) -> tuple[Protection, ...]:
        """Every protective matter that touches any of the keys; the same calls whatever is there.

        What cannot be read counts as a strict grade over the keys that led to it, never as none. After a restore that
        could not tell all that was raised, so does everybody (`docket/carrying.py`).
        """
        ...

    async def caught_up(self, source: str) -> None:
        """A source was pulled to its end. If everybody is held for it since a restore, they no longer are."""
        ...

    async def texts(self, keys: Sequence[KeyHash]) -> tuple[Narrative, ...]:
        """The texts of the matters that touch any of the keys, by position. Raises Broken if one cannot be read."""
        ...

    async def case(self, number: str, at: datetime) -> Case | None:
        """The case if its document is there, `at` lies within its time and no closure ended it by then; with the
        warrants in force at `at`. The same calls whether it exists or not.
        """
        ...

    async def save(self, dossier: Dossier, outbox: Sequence[OutboxRow] = ()) -> Dossier:
        """Store a dossier whose version is the one that was read; returns it under its new version. Raises Stale."""
        ...

    async def load(self, id: bytes) -> Dossier | None:
        """The newest version of a dossier."""
        ...

    async def pending(self, limit: int) -> tuple[OutboxRow, ...]:
        """Outbox rows not yet settled, oldest first."""
        ...

    async def settle(self, ids: Sequence[bytes]) -> None:
        """Mark outbox rows as delivered; they do not come back if the same entry is written again."""
        ...
