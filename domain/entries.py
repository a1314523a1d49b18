"""What the ledger is told of a request: one header and one leaf for each subject shown."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from domain.ids import PersonId


class Act(StrEnum):
    """What was done (names after LED art. 25 where it has one)."""

    CONSULTATION = "consultation"
    SEARCH = "search"
    DENIAL = "denial"
    COLLECTION = "collection"
    COMBINATION = "combination"
    LOG_READ = "log_read"
    ALTERATION = "alteration"
    NOT_SENT = "not_sent"
    UPKEEP = "upkeep"
    ERASURE = "erasure"


class Reach(StrEnum):
    """Whether a subject was asked for (by id, national id or case household) or merely stood in a list.

    `AGAIN`: asked for, which an earlier entry of the same request tells already, whose bytes never left. A person's own
    log tells a request once, or a second entry in it would tell that something changed meanwhile: protection.
    """

    OPENED = "opened"
    AGAIN = "again"
    LISTED = "listed"


@dataclass(frozen=True, slots=True)
class Shown:
    """What one answer disclosed of one person: category → (detail, fields). An empty permitted field counts."""

    subject: PersonId
    reach: Reach
    categories: dict[str, tuple[str, frozenset[str]]]


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry. Everything that names a person is inside `shown` or `sealed`; the header may be read by reviewers.

    `sealed` is what was asked for and refused or not found (kept sealed, padded to one size), `key` makes an append
    idempotent (collection entries come from an outbox and may come twice), `quiet` marks entries that imply protective
    activity: no family account ever shows them. `attempted` are people asked for directly who are here but were hidden
    from the reader: indexed (never a leaf), so that a person's own log tells every reach for them, answered or not.
    """

    key: str
    act: Act
    at: datetime
    actor: str
    acting_for: str | None
    client: str
    agency: str
    unit: str | None
    role: str
    activity: str
    purpose: str
    basis: str
    case: str | None
    warrant: str | None
    decision: str
    reason: str | None
    request_id: str
    document_hash: str
    variables_hash: str
    token_id: str
    graph_sequence: int
    policy_hash: str
    quiet: bool = False
    sealed: dict[str, object] = field(default_factory=dict)
    shown: tuple[Shown, ...] = ()
    attempted: tuple[PersonId, ...] = ()
