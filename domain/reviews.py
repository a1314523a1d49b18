"""Identity reviews: what a human is asked about a source key, what they chose, and what came of it. Kept sealed."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from domain.claims import Evidence
from domain.ids import PersonId
from domain.matching import Proposal


class State(StrEnum):
    """OPEN: awaits a choice. PROPOSED, UNDOING: a merge, or its undoing, awaits a second person; so does, of somebody
    who may be under protection, that they are somebody new. MERGED: in force.
    RESOLVED, UNMERGED, WITHDRAWN: nothing is asked any more."""

    OPEN = "open"
    PROPOSED = "proposed"
    RESOLVED = "resolved"
    MERGED = "merged"
    UNDOING = "undoing"
    UNMERGED = "unmerged"
    WITHDRAWN = "withdrawn"


WAITING = frozenset({State.OPEN, State.PROPOSED})
"""States of what stands in the queue."""
IN_FORCE = frozenset({State.MERGED, State.UNDOING})
"""States of a merge that can be undone."""


class What(StrEnum):
    """MATCH: the key is this person. NEW: it is somebody new. MERGE: two people are one. UNMERGE: they never were.
    WITHDRAW: what was proposed is taken back."""

    MATCH = "match"
    NEW = "new"
    MERGE = "merge"
    UNMERGE = "unmerge"
    WITHDRAW = "withdraw"


class Choice(msgspec.Struct, frozen=True):
    """What one steward chose, `on` which version, and why (`grounds`, the steward's own words).

    MATCH: `people` is the one chosen. MERGE: `people` are the two. `by` is who acted, `acting_for` on whose behalf.
    `national`: the keyed hash of the national id of who acted, where their token states one.
    """

    what: What
    people: tuple[PersonId, ...]
    grounds: str
    by: str
    acting_for: str | None
    at: str
    on: int
    national: bytes | None = None


class Merge(msgspec.Struct, frozen=True):
    """Two people who are one: `dropped` names `kept` from then on. Which survives: `connectors/identity/merging.py`."""

    kept: PersonId
    dropped: PersonId


class Review(msgspec.Struct, frozen=True):
    """One review. `about`: every source key (hashed) that the row names. `position`: where that row stood, None where
    two people are asked about and no row.

    `said`: what the row states about who its person is; dropped once nothing is asked. `choice` is the newest one,
    `approval` the second person's. `carried`: whether what was ordered is done. `left`: source keys that were decided
    after a merge and agreed with neither or both of the two when it was undone; they stayed with the one kept.
    """

    proposal: Proposal
    source: str
    about: tuple[bytes, ...] = ()
    position: bytes | None = None
    said: Evidence | None = None
    choice: Choice | None = None
    approval: Choice | None = None
    merge: Merge | None = None
    carried: bool = True
    left: tuple[Evidence, ...] = ()

    @property
    def cleared(self) -> bool:
        """Whether cleared stewards alone know of it."""
        return self.proposal.cleared

    @property
    def people(self) -> tuple[PersonId, ...]:
        """Everyone whom a steward gets to see under the review."""
        found = [candidate.person for candidate in self.proposal.candidates]
        if self.choice is not None:
            found += self.choice.people
        return tuple(dict.fromkeys(found))

    @property
    def told_of(self) -> tuple[PersonId, ...]:
        """Everyone whose id stands anywhere in it."""
        found = list(self.people)
        if self.approval is not None:
            found += self.approval.people
        if self.merge is not None:
            found += (self.merge.kept, self.merge.dropped)
        return tuple(dict.fromkeys(found))
