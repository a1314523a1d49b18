"""The port of the graph, in three protocols that never travel together.

The Reader goes to the gate and to `connectors/pipeline/candidates` alone; the Writer to `connectors/pull` and
`resolvers/commands/identity`; Upkeep to operators' commands. What a store returns is shape and sealed payloads: a read
forced past the gate yields ciphertext. All calls accept empty lists and then still cost one call, so that the sequence
of calls tells nothing about what was found.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Protocol

from domain.errors import Unavailable
from domain.ids import HouseholdId, KeyHash, PersonId
from domain.links import LinkKind
from graph.shapes import (
    Batch,
    Facts,
    Hop,
    LineageRow,
    LinkShape,
    MemberRow,
    OutboxRow,
    PersonClaims,
    RecordRow,
    Written,
)


class Stale(Unavailable):
    """A batch was folded from versions that are no longer the newest: fold again from `persons` and write again."""

    def __init__(self, persons: frozenset[PersonId]) -> None:
        super().__init__(cause="stale fold")
        self.persons = persons


class Reader(Protocol):
    """Reads. Answers follow the order of the ids asked for; ids that name no one are simply absent from the answer."""

    async def sequence(self) -> int:
        """The recorded sequence of the newest committed batch; 0 for an empty graph."""
        ...

    async def find(self, nationals: Sequence[KeyHash]) -> Mapping[KeyHash, tuple[PersonId, ...]]:
        """People to whom a national id (hashed) was ever stated by an accepted row, in order of first statement."""
        ...

    async def owners(self, keys: Sequence[KeyHash]) -> Mapping[KeyHash, PersonId]:
        """The person that each source key (hashed) is decided to be; undecided keys are absent."""
        ...

    async def search(self, keys: Sequence[KeyHash], limit: int) -> tuple[PersonId, ...]:
        """People under any of the search keys, ascending id, at most `limit` + 1 (so that the caller sees excess)."""
        ...

    async def facts(self, ids: Sequence[PersonId]) -> Facts:
        """Shape and sealed facts of people and of those around them whose protection reaches them (parents ever
        stated, everyone who shares a household with them, at any time; the caller unseals dates and decides)."""
        ...

    async def households(self, ids: Sequence[HouseholdId]) -> tuple[MemberRow, ...]:
        """All memberships ever of the households, ascending (household, person). Dates are sealed."""
        ...

    async def links(self, ids: Sequence[PersonId], kinds: frozenset[LinkKind]) -> Hop:
        """Links of these kinds at either end of the people, with the facts of everyone at the far end."""
        ...

    async def ties(self, ids: Sequence[PersonId], kinds: frozenset[LinkKind]) -> tuple[LinkShape, ...]:
        """The links that `links` gives, without anyone's facts: for questions about the caller's own family."""
        ...

    async def records(self, ids: Sequence[PersonId], categories: Sequence[int]) -> tuple[RecordRow, ...]:
        """Sealed records, ascending (person, category)."""
        ...

    async def lineage(self, ids: Sequence[PersonId]) -> tuple[LineageRow, ...]:
        """Which claims a person's records rest on: ids, sources, sequences, instants. No payloads."""
        ...

    def scan(self, after: PersonId | None = None, size: int = 1000) -> AsyncIterator[tuple[PersonId, ...]]:
        """All people in ascending id, in pages. For the gate's bulk functions."""
        ...


class Writer(Protocol):
    """Writes, and the one narrow read that folding needs."""

    async def write(self, batch: Batch) -> Written:
        """Commit a batch whole, in one durable transaction, or not at all.

        Idempotent: claims and keys that are there already change nothing and are counted as repeated. The answer's
        `sequence` is the recorded sequence given to the batch. Raises Stale if a named base version is old, Unavailable
        if it is not known whether the store committed (write the same batch again).
        """
        ...

    async def claims(self, persons: Sequence[PersonId]) -> Mapping[PersonId, PersonClaims]:
        """Every claim of the people, sealed, with each person's version: what a fold starts from."""
        ...

    async def cursor(self, source: str) -> bytes | None:
        """The sealed cursor last committed for a source (with its wrapped key packed by the caller)."""
        ...

    async def pending(self, limit: int) -> tuple[OutboxRow, ...]:
        """Outbox rows not yet settled, oldest first."""
        ...

    async def settle(self, ids: Sequence[bytes]) -> None:
        """Mark outbox rows as delivered. Settling twice changes nothing."""
        ...


class Upkeep(Protocol):
    """What operators' commands need."""

    async def migrate(self) -> int:
        """Bring the store's layout to the newest version; returns it. A second call changes nothing."""
        ...

    async def ready(self) -> bool:
        """Whether the store answers and its layout is the newest."""
        ...

    async def close(self) -> None:
        """Release everything. A second call changes nothing."""
        ...
