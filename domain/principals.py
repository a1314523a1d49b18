"""Who asks, and in what capacity."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.ids import KeyHash


class RoleName(StrEnum):
    """The roles an activity may name."""

    CASEWORKER = "caseworker"
    BENEFITS_OFFICER = "benefits_officer"
    INVESTIGATOR = "investigator"
    DV_UNIT = "dv_unit"
    PRIVACY_OFFICER = "privacy_officer"
    IDENTITY_STEWARD = "identity_steward"
    FAMILY_MEMBER = "family_member"


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks, from a verified token. The token's national id is already a keyed hash; the clear one is dropped.

    `actor` is who acts and sees, `national` theirs; `acting_for` is on whose behalf (an officer's, by an agency's
    client), None when on their own. It opens nothing.
    """

    actor: str
    role: RoleName
    agency: str
    sector: str
    unit: str | None
    region: str | None
    client: str
    token_id: str
    activities: frozenset[str]
    national: KeyHash | None
    human: bool
    expires: datetime
    acting_for: str | None = None


@dataclass(frozen=True, slots=True)
class Warrant:
    """A court's leave to walk links: bound to a case, limited in depth, kinds of link and subjects."""

    number: str
    depth: int
    families: frozenset[str]
    subjects: frozenset[KeyHash]
    issued: datetime
    expires: datetime


@dataclass(frozen=True, slots=True)
class Case:
    """An officer's case as its signed document states it. Subjects are source keys, hashed."""

    number: str
    activity: str
    agency: str
    unit: str | None
    region: str | None
    officers: frozenset[str]
    subjects: frozenset[KeyHash]
    opened: datetime
    expires: datetime
    warrants: tuple[Warrant, ...] = ()


@dataclass(frozen=True, slots=True)
class Mandate:
    """Principal + activity + case: in which capacity this one request reads. Made only by the gate's admit."""

    principal: Principal
    activity: str
    case: Case | None
    warrant: Warrant | None
    request_id: str
