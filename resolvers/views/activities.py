"""Views of the public register of processing activities."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class ActivityCategoryView:
    """One category that an activity may read."""

    name: str
    detail: str
    reach: str


@dataclass(slots=True)
class ActivityView:
    """A registered processing activity."""

    name: str
    title: str
    description: str
    role: str
    purpose: str
    basis: str
    controllers: list[str]
    recipients: list[str]
    retention: str
    requires_case: bool
    requires_warrant: bool
    categories: list[ActivityCategoryView]
