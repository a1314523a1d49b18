"""The port of the graph, in three protocols that never travel together.

The Reader goes to the gate and to `connectors/pipeline/candidates` alone; the Writer to `connectors/pull` and
`resolvers/commands/identity`; Upkeep to operators' commands. What a store returns is shape and sealed payloads: a read
forced past the gate yields ciphertext. All calls accept empty lists and then still cost one call, so that the sequence
of calls tells nothing about what was found.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import Protocol

from domain.errors import Unavailable
from domain.ids import HouseholdId, KeyHash, PersonId
from domain.links import LinkKind
from graph.shapes import (
    Batch,
    DecisionRow,
    DumpPage,
    Facts,
    Former,
    Hop,
    LineageRow,
    LinkShape,
    MemberRow,
    Origin,
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
    """Reads. Answers follow the order of the ids asked for; ids that name no one are simply absent from the answer.

    An id that was merged into another goes on resolving: every call that takes people answers for the person whom it
    names today, under that person's own id (`facts` alone lists it under the id asked for). `at` is a recorded
    sequence: the state after the batch of that number, as the graph then knew it; None is now. Only shape that is
    shown follows it: what policy must know (`facts`, `ties`, the far facts of `links`) is always today's.

    Where reads come from several servers, what policy must know (`sequence`, `find`, `owners`, `facts`, `links`,
    `ties`, `former`, `suppressed`) is never older than the newest committed batch; every other read is never older
    than what the hub was told or wrote before it. What cannot be had so is Unavailable.
    """

    async def sequence(self) -> int:
        """The recorded sequence of the newest committed batch; 0 for an empty graph."""
        ...

    async def sequence_at(self, instant: str) -> int:
        """The sequence of the newest batch recorded at or before an instant (RFC 3339 with zone); 0 if there is none.
        Raises Invalid for what is no instant."""
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

    async def households(self, ids: Sequence[HouseholdId], at: int | None = None) -> tuple[MemberRow, ...]:
        """All memberships ever of the households, ascending (household, person). Dates are sealed."""
        ...

    async def memberships(self, ids: Sequence[PersonId], at: int | None = None) -> tuple[MemberRow, ...]:
        """All memberships of the people, ascending (person, household), each person's in the order written."""
        ...

    async def links(self, ids: Sequence[PersonId], kinds: frozenset[LinkKind], at: int | None = None) -> Hop:
        """Links of these kinds at either end of the people, with the facts (today's) of everyone at the far end."""
        ...

    async def ties(self, ids: Sequence[PersonId], kinds: frozenset[LinkKind]) -> tuple[LinkShape, ...]:
        """The links that `links` gives, without anyone's facts: for questions about the caller's own family."""
        ...

    async def records(
        self, ids: Sequence[PersonId], categories: Sequence[int], at: int | None = None
    ) -> tuple[RecordRow, ...]:
        """Sealed records, ascending (person, category)."""
        ...

    async def lineage(self, ids: Sequence[PersonId]) -> tuple[LineageRow, ...]:
        """Which claims a person's records rest on: ids, sources, sequences, instants. No payloads."""
        ...

    async def origins(self, claims: Sequence[bytes]) -> tuple[Origin, ...]:
        """The claims of these ids, sealed, with where they came from; in the order asked, unknown ones absent."""
        ...

    async def former(self, ids: Sequence[PersonId]) -> Mapping[PersonId, tuple[Former, ...]]:
        """The ids that name each of these people besides their own, by sequence of the merge; absent where none do."""
        ...

    async def decisions(self, ids: Sequence[PersonId]) -> tuple[DecisionRow, ...]:
        """Every decision ever made about a key that is or ever was one of these people's, ascending (sequence, key).
        Asked by the ids themselves: a merged one is not followed."""
        ...

    async def suppressed(self, hashes: Sequence[KeyHash]) -> frozenset[KeyHash]:
        """Those of the hashes (source keys, national ids) that are marked as an erased person's."""
        ...

    def scan(self, after: PersonId | None = None, size: int = 1000) -> AsyncIterator[tuple[PersonId, ...]]:
        """All people in ascending id, in pages. For the gate's bulk functions."""
        ...


class Writer(Protocol):
    """Writes, and the one narrow read that folding needs."""

    async def write(self, batch: Batch) -> Written:
        """Commit a batch whole, in one durable transaction, or not at all.

        Idempotent: claims and keys that are there already change nothing and are counted as repeated. The answer's
        `sequence` is the recorded sequence given to the batch. What derived rows replace is kept for reads `at` an
        earlier sequence. Raises Stale if a named base version is old, if a redecided key is not (or no longer) the
        person whom the batch says it was, if it names somebody (as a key's person, in `people`, at the far end of a
        link) whose id names another person today, or if people were joined, parted or forgotten after `read_at`
        (`persons` is then everyone in `people`); Invalid for what no store can write (`graph/checks.py`, and see
        Batch on `moves`); Unavailable if it is not known whether the store committed (write the same batch again: it
        then repeats or is Stale).
        """
        ...

    async def claims(self, persons: Sequence[PersonId]) -> Mapping[PersonId, PersonClaims]:
        """Every claim of the people, sealed, with each person's version: what a fold starts from.

        Asked by the ids themselves: a merged one is not followed. It has no claims, but a version and a key of its own,
        which it is parted again with.
        """
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

    async def forget(self, persons: Sequence[PersonId], marks: Sequence[KeyHash]) -> int:
        """Erase people: their keys, claims, records, memberships, links at either end, search keys, national ids and
        decisions, now and at every earlier sequence, ids that were merged into them included; how many there were.

        What was written about somebody else while one of the keys was decided to be theirs, and replaced since, is
        erased too: it may hold what the key says. The hashes of their keys and national ids, and `marks`, stay as
        marks (`Reader.suppressed`); the versions of the people they are linked to move on. In one durable transaction,
        which takes a sequence of its own, with the instant of the last (the epoch's if there is none), if anybody was
        there or a mark is new. A second call changes nothing.
        """
        ...

    def rekey(self, rewrap: Callable[[bytes], bytes], size: int = 500) -> AsyncIterator[int]:
        """Replace every wrapped key by what `rewrap` makes of it, in pages of `size`, each in one transaction; yields
        how many were looked at so far. `rewrap` gives a key that is wrapped as it should be back as it is, so that a
        run that was cut off may be started again. Reads and writes go on meanwhile."""
        ...

    def dump(self) -> AsyncIterator[DumpPage]:
        """Everything, from one moment, in the form of `graph/dumping.py`. Writers may wait meanwhile; reads do not."""
        ...

    async def load(self, pages: AsyncIterator[DumpPage]) -> int:
        """Fill an empty, migrated store from a dump of any store; the number of rows. Raises Invalid if the store is
        not empty or a page is not of the form; what was loaded of a dump that fails is taken back."""
        ...

    async def close(self) -> None:
        """Release everything. A second call changes nothing."""
        ...
