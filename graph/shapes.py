"""What crosses the graph's port: internal ids, hashes, labels and sealed bytes; never a clear value about a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import msgspec

from domain.claims import ClaimKind
from domain.ids import HouseholdId, KeyHash, PersonId
from domain.links import LinkKind


class MemberRow(msgspec.Struct, frozen=True):
    """A membership. `sealed` ({role, since, until}) is under the person's key."""

    person: PersonId
    household: HouseholdId
    sealed: bytes


@dataclass(frozen=True, slots=True)
class PersonShape:
    """A person without content: version, wrapped key, sealed facts, and what their protection hangs on.

    `keys` are the hashes of all source keys and all national ids ever stated; `parents` everyone ever stated as a
    parent or as holding responsibility or guardianship.
    """

    person: PersonId
    version: int
    wrapped: bytes
    facts: bytes
    keys: tuple[KeyHash, ...]
    memberships: tuple[MemberRow, ...]
    parents: tuple[PersonId, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """`people`: asked id → the person it names today: the shape's own `person` is another id where the asked one was
    merged into another (absent ids are absent). `around`: their parents and all who ever shared a household
    with them, as shapes too (without a further step); `household` → everyone ever in it. `at`: the sequence of the
    state that was read, where the store can tell; the gate refuses facts older than the newest sequence it was told."""

    people: Mapping[PersonId, PersonShape]
    around: Mapping[PersonId, PersonShape]
    households: Mapping[HouseholdId, tuple[PersonId, ...]]
    at: int | None = field(default=None, compare=False)


class LinkShape(msgspec.Struct, frozen=True):
    """A link as seen from `person`. `outgoing`: `person` is the child, ward or first partner; `sealed` ({since, until})
    is under the data key (`wrapped`) of the source key (`key`) that stated it."""

    person: PersonId
    other: PersonId
    kind: LinkKind
    outgoing: bool
    key: KeyHash
    wrapped: bytes
    sealed: bytes


@dataclass(frozen=True, slots=True)
class Hop:
    """One step of a walk: the links, ascending (person, other, kind), and the facts of everyone at their far ends."""

    links: tuple[LinkShape, ...]
    far: Facts


@dataclass(frozen=True, slots=True)
class RecordRow:
    """One category of one person, sealed under the person's key."""

    person: PersonId
    category: int
    sealed: bytes


@dataclass(frozen=True, slots=True)
class LineageRow:
    """Where a claim came from, without what it says."""

    person: PersonId
    claim: bytes
    source: str
    kind: ClaimKind
    sequence: int
    instant: str


@dataclass(frozen=True, slots=True)
class Origin:
    """A claim that a value rests on, with all that it takes to say where it came from.

    `person`: whose key it hangs on today. `instant`: when the hub recorded it (RFC 3339). `sealed` is the claim itself,
    under the data key (`wrapped`) of its source key (`key`).
    """

    claim: bytes
    person: PersonId
    source: str
    kind: ClaimKind
    sequence: int
    instant: str
    key: KeyHash
    wrapped: bytes
    sealed: bytes


@dataclass(frozen=True, slots=True)
class Former:
    """An id that was merged into another one, and the sequence at which it was. It names nobody else, ever."""

    person: PersonId
    sequence: int


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """One decision that a source key is a person. The newest of a key is the one in force; none is ever rewritten."""

    key: KeyHash
    person: PersonId
    reason: str
    sequence: int


@dataclass(frozen=True, slots=True)
class NewKey:
    """A decision that a source key is a person: `reason` is new, matched or reviewed. `wrapped` is its data key."""

    key: KeyHash
    source: str
    wrapped: bytes
    person: PersonId
    reason: str


@dataclass(frozen=True, slots=True)
class Redecision:
    """A decision that a key which `was` one person is another (or the same, confirmed). `reason` is merged, unmerged or
    reviewed. The claims on the key stay where they are and are sealed as they were."""

    key: KeyHash
    was: PersonId
    person: PersonId
    reason: str


@dataclass(frozen=True, slots=True)
class Move:
    """From now on `person` names `into`; None: it names itself again. Chains are followed (A into B, B into C)."""

    person: PersonId
    into: PersonId | None


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A sealed claim. `claim` (16 bytes, keyed digest of source, record id, version, part) is its idempotency key."""

    claim: bytes
    key: KeyHash
    kind: ClaimKind
    source: str
    sealed: bytes


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A folded link, stored once, from the stating key's person to the other. `year` is the year it began, or 0."""

    person: PersonId
    other: PersonId
    kind: LinkKind
    year: int
    key: KeyHash
    sealed: bytes


@dataclass(frozen=True, slots=True)
class PersonWrite:
    """Everything derived about one person, replacing what was derived before.

    `base`: the version it was folded from, 0 for a new person (then `wrapped` is set). `records`: category number →
    sealed payload; categories left out are unchanged. `links`, `memberships`, `searches`, `nationals`: the whole set
    after the fold; None leaves it as it is.
    """

    person: PersonId
    base: int
    wrapped: bytes | None
    facts: bytes
    records: Mapping[int, bytes] = field(default_factory=dict)
    links: tuple[LinkRow, ...] | None = None
    memberships: tuple[MemberRow, ...] | None = None
    searches: tuple[KeyHash, ...] | None = None
    nationals: tuple[KeyHash, ...] | None = None


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """An entry for the ledger on its way; `entry` is its idempotency key, `sealed` its body."""

    entry: bytes
    sealed: bytes


@dataclass(frozen=True, slots=True)
class Batch:
    """What one transaction writes. `instant`: RFC 3339, the hub's clock; the store keeps sequences monotone.

    `stated`: (national id, person) in the order in which the batch's rows first stated them, so that `Reader.find` can
    keep it; those that `people` bring and this leaves out come after them, in ascending id.
    `redecisions`, `moves`: who keys are now, and which ids name someone else now; `people` then holds everyone whose
    fold changes by that, those at the far end of links included. `read_at`: the graph's sequence before anything that
    the batch rests on was read; if a key was decided anew or a person forgotten after it, the batch is Stale, for it
    may name someone whom a key no longer is. None: it rests on nobody else.
    """

    instant: str
    keys: tuple[NewKey, ...] = ()
    claims: tuple[ClaimRow, ...] = ()
    people: tuple[PersonWrite, ...] = ()
    cursor: tuple[str, bytes] | None = None
    outbox: tuple[OutboxRow, ...] = ()
    stated: tuple[tuple[KeyHash, PersonId], ...] = ()
    redecisions: tuple[Redecision, ...] = ()
    moves: tuple[Move, ...] = ()
    read_at: int | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """What a write changed."""

    sequence: int
    claims_new: int
    claims_repeated: int


@dataclass(frozen=True, slots=True)
class SealedClaim:
    """A claim as stored, for folding."""

    claim: bytes
    key: KeyHash
    kind: ClaimKind
    source: str
    sequence: int
    sealed: bytes


@dataclass(frozen=True, slots=True)
class PersonClaims:
    """A person's claims in recorded order, with the version to name in the next write and the keys to open them."""

    person: PersonId
    version: int
    wrapped: bytes
    keys: Mapping[KeyHash, bytes]
    claims: tuple[SealedClaim, ...]
    nationals: tuple[KeyHash, ...]


@dataclass(frozen=True, slots=True)
class DumpPage:
    """Rows of one table of the store's logical form, which is the same for every store: what one dumps another loads.

    `table` and the order of the columns are those of `graph/dumping.py`. Sealed as stored.
    """

    table: str
    rows: tuple[tuple[int | str | bytes | None, ...], ...]
