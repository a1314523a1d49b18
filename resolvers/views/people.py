"""Views of people, households, members and kin."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from resolvers.views.pages import Page
from resolvers.views.records import ProvenanceView


@dataclass(slots=True)
class PersonView:
    """A person as the caller may see them: an attribute a category (None where withheld or none known).

    `pages` holds connections that take arguments, under the name they have in the answer.
    """

    id: str
    name: Any = None
    identity: Any = None
    residence: Any = None
    civil_status: Any = None
    employment: Any = None
    income: Any = None
    health_cover: Any = None
    clinic: Any = None
    disability: Any = None
    conditions: Any = None
    contact_unit: str | None = None
    households: list[HouseholdView] = field(default_factory=list)
    pages: dict[str, Page[Any]] = field(default_factory=dict)


@dataclass(slots=True)
class HouseholdView:
    """A household: an id without content; `pages` holds its members under their names in the answer."""

    id: str
    pages: dict[str, Page[Any]] = field(default_factory=dict)


@dataclass(slots=True)
class MemberView:
    """A member of a household, on the day that was asked about."""

    person: PersonView
    role: str | None = None
    since: str | None = None
    until: str | None = None
    provenance: list[ProvenanceView] | None = None


@dataclass(slots=True)
class KinView:
    """Somebody whom a walk reached, how far, over which links (child_birth, partner_marriage …), and what that makes
    them. `terms` holds what they are called, under the names that the field has in the answer."""

    person: PersonView
    degree: int | None = None
    relation: list[str] | None = None
    kind: str | None = None
    civil_degree: int | None = None
    line: str | None = None
    side: str | None = None
    full: bool | None = None
    terms: dict[str, str] = field(default_factory=dict)
    provenance: list[ProvenanceView] | None = None


@dataclass(slots=True)
class KinStepView:
    """One person of a way between two: by which link they follow the one before, and what they are to its start."""

    person: PersonView
    relation: str
    terms: dict[str, str] = field(default_factory=dict)
    provenance: list[ProvenanceView] | None = None


@dataclass(slots=True)
class KinPathView:
    """A shortest way between two people: everyone after the start, to the end."""

    degree: int
    kind: str
    steps: list[KinStepView]


@dataclass(slots=True)
class MeView:
    """The caller as the token names them."""

    actor: str
    role: str
    agency: str
    unit: str | None
    region: str | None
    activity: str
    person: PersonView | None = None
