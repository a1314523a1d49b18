"""What crosses the docket's port."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from domain.claims import Evidence, ProtectiveKind
from domain.ids import KeyHash
from domain.matching import Proposal
from domain.reviews import Review, State


class Outcome(StrEnum):
    """What became of a row; each row has exactly one."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    QUARANTINED = "quarantined"
    REVIEW = "review"
    PROTECTIVE = "protective"
    SUPPRESSED = "suppressed"


class Grade(StrEnum):
    """Protection grades, lowest first. What cannot be read, or is not known, counts as the highest."""

    CONFIDENTIAL = "confidential"
    STRICT = "strict"


class GuardStatus(StrEnum):
    """Whether the person of a key is guarded, in the only order in which it goes. It counts for that key alone: that
    it ends lowers nothing that a source raised."""

    HELD = "held"
    ENDED = "ended"


class ReportStatus(StrEnum):
    """Statuses of a report, lowest first; a feed never lowers one."""

    WITHDRAWN = "withdrawn"
    REPORTED = "reported"
    CONFIRMED = "confirmed"


@dataclass(frozen=True, slots=True)
class Matter:
    """A protective matter on the way in, hashed.

    `sides`: for a grade or a guard one side, for a report two (who reported, then against whom); a side holds every
    hash the row gives for that person (source key, then national id if stated). `text` is kept for the responding unit
    alone.
    """

    kind: ProtectiveKind
    sides: tuple[tuple[KeyHash, ...], ...]
    grade: str | None = None
    status: str | None = None
    since: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Protection:
    """A protective matter as policy reads it.

    `keys` are the hashes of all its sides together. For a report `sides` tells the two apart. What could not be read
    comes as a strict grade over the keys that were asked for. `everybody`: so does that everybody is held after a
    restore; this is it.
    """

    keys: tuple[KeyHash, ...]
    kind: ProtectiveKind
    grade: str | None
    status: str | None
    since: str | None
    sides: tuple[tuple[KeyHash, ...], ...] = ()
    everybody: bool = False


@dataclass(frozen=True, slots=True)
class Narrative:
    """The text of a protective matter as one row gave it (`position`), for the responding unit alone."""

    position: bytes
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class IntakeRow:
    """A row on the way in.

    `position` (16 bytes, `Hasher.position`): where it stood; a row is counted once for each position. `digest` (16,
    `Hasher.row`): its content. `record` (16, `Hasher.record`): which version of which record. `raw`: the row itself
    where it has to be looked at again (quarantined, under review). `restricted`: `raw` may hold protective matter
    though no matter was made of it (a police row in quarantine); it is then sealed in the protective compartment.
    `document`: JSON of a verified case, warrant or closure. `proposals`: what a human is asked about its people, a
    review each; `said`: what the row states about those people.
    """

    source: str
    position: bytes
    digest: bytes
    record: bytes
    outcome: Outcome
    reason: str | None = None
    raw: bytes | None = None
    protective: tuple[Matter, ...] = ()
    document: dict[str, Any] | None = None
    restricted: bool = False
    proposals: tuple[Proposal, ...] = ()
    said: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Held:
    """A row in quarantine or under review. Its content is opened by `Opener.raw(held)`, from the protective compartment
    where `restricted`. `place`: where it stands among those of its source, 0 if it was read by its position.
    """

    position: bytes
    source: str
    outcome: Outcome
    reason: str | None
    sealed: bytes | None = field(repr=False)
    restricted: bool = False
    place: int = 0


@dataclass(frozen=True, slots=True)
class Dossier:
    """A thing under way. `version` is the one that was read, 0 for a new one; `body` holds plain msgpack values."""

    id: bytes
    kind: str
    subjects: tuple[KeyHash, ...]
    state: str
    version: int
    deadline: datetime | None
    body: dict[str, Any] = field(default_factory=dict)

    def at(self, version: int) -> Dossier:
        """The same dossier under another version."""
        return replace(self, version=version)


class Line(StrEnum):
    """What waits, oldest first: reviews for a steward, merges that may be undone, orders to be carried out. What
    cleared stewards alone know of waits apart."""

    REVIEW = "review"
    PROTECTED_REVIEW = "protected review"
    MERGE = "merge"
    PROTECTED_MERGE = "protected merge"
    ORDER = "order"


@dataclass(frozen=True, slots=True)
class ReviewDossier:
    """An identity review as it was read: `place` is where it stands in the line it was read from, 0 if read by id."""

    id: bytes
    version: int
    state: State
    review: Review
    place: int = 0


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """An entry for the ledger on its way; `entry` is its idempotency key, `sealed` its body (compartment outbox)."""

    entry: bytes
    sealed: bytes
