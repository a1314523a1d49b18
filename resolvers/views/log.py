"""Views of the access log."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class EntryCategoryView:
    """What was disclosed of one category."""

    name: str
    detail: str
    fields: list[str]


@dataclass(slots=True)
class EntrySubjectView:
    """One subject of an entry: the person's outward id, or None where protective activity keeps it sealed."""

    person: str | None
    reach: str
    categories: list[EntryCategoryView]


@dataclass(slots=True)
class EntryView:
    """An entry as a privacy officer sees it."""

    id: str
    at: str
    act: str
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
    subjects: list[EntrySubjectView] = field(default_factory=list)


@dataclass(slots=True)
class OwnEntryView:
    """An entry as the person it is about sees it: who reached for them and why, whether answered or not.

    It names no categories: what was shown depends on protection, and an account's bytes must not.
    """

    id: str
    at: str
    actor: str
    agency: str
    unit: str | None
    role: str
    activity: str
    purpose: str
    basis: str
