"""Claims: what one version of one source record says. Immutable; other people are named by source key only."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import msgspec

from domain.ids import SourceKey
from domain.links import LinkKind


class ClaimKind(StrEnum):
    """The kinds of claim, kept as a clear label."""

    RECORD = "record"
    LINK = "link"
    MEMBERSHIP = "membership"
    RETRACTION = "retraction"


class ClaimBody(msgspec.Struct, frozen=True, omit_defaults=True, array_like=False):
    """What is sealed of a claim.

    `source`/`record_id`/`version` name the source record; a later version of the same record id supersedes the earlier
    one whole, whatever arrives first. `event` is the source's own instant for this version. `part` tells the claims of
    one row about one person apart. RECORD: `category` and `items` (field → value, ISO dates as text, absent fields
    left out). LINK: `link`, `other` (agency and source id of the far person). MEMBERSHIP: `household` (the register's
    number), `role`. `since`/`until`: valid time, ISO dates.
    """

    source: str
    record_id: str
    version: int
    part: str
    event: str
    category: str | None = None
    items: tuple[dict[str, str | int | bool], ...] = ()
    link: str | None = None
    other: tuple[str, str] | None = None
    household: str | None = None
    role: str | None = None
    since: str | None = None
    until: str | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim on the way in, before sealing: it hangs on `key`, the source key that its source gave the person."""

    kind: ClaimKind
    key: SourceKey
    body: ClaimBody


@dataclass(frozen=True, slots=True)
class Address:
    """Where a row says that someone lives, as far as it says so; `region` is a code (ISO 3166-2)."""

    region: str | None = None
    locality: str | None = None
    street: str | None = None
    house: str | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a row says about who one of its people is. Names as the source writes them, in its order."""

    key: SourceKey
    national_id: str | None
    surname: str | None
    given_name: str | None
    patronymic: str | None = None
    birth_surname: str | None = None
    birth_date: str | None = None
    full_name: str | None = None
    sex: str | None = None
    address: Address | None = None


class ProtectiveKind(StrEnum):
    """Kinds of protective matter. GUARD: a key whose person may be somebody under a grade and was founded apart from
    them; no source states it, the hub does, and it counts as a grade until it was decided that they are two."""

    GRADE = "grade"
    REPORT = "report"
    GUARD = "guard"


@dataclass(frozen=True, slots=True)
class ProtectiveMatter:
    """Goes to the docket's protective compartment and nowhere else.

    GRADE: `keys` holds the person's source key (and the stated national id stands in `national_ids`), `grade` the
    grade. REPORT: `keys[0]` against `keys[1]`; each one's location is kept off officers' views of the other's case.
    `text` is kept sealed for the responding unit. `people`: what the row says of each side, where nothing better than
    that may tell who they are.
    """

    kind: ProtectiveKind
    keys: tuple[SourceKey, ...]
    national_ids: tuple[str | None, ...]
    grade: str | None = None
    status: str | None = None
    since: str | None = None
    text: str | None = None
    people: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class SignedDocument:
    """A case, warrant or closure whose signature was verified; `content` is its JSON."""

    content: dict[str, object]


@dataclass(frozen=True, slots=True)
class RowClaims:
    """All that one row turned into. `people` in a fixed order; a row without people and claims is protective only."""

    source: str
    record_id: str
    version: int
    people: tuple[Evidence, ...] = ()
    claims: tuple[Claim, ...] = ()
    protective: tuple[ProtectiveMatter, ...] = ()
    document: SignedDocument | None = None
    retracts: bool = False


LINK_KINDS: frozenset[str] = frozenset(LinkKind)

__all__ = [
    "Address",
    "Claim",
    "ClaimBody",
    "ClaimKind",
    "Evidence",
    "LINK_KINDS",
    "ProtectiveKind",
    "ProtectiveMatter",
    "RowClaims",
    "SignedDocument",
]
