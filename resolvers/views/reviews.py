"""Views of identity reviews."""

from __future__ import annotations

from dataclasses import dataclass, field

from resolvers.views.people import PersonView


@dataclass(slots=True)
class StatedView:
    """What a row states about who its person is."""

    surname: str | None
    given_name: str | None
    patronymic: str | None
    birth_surname: str | None
    full_name: str | None
    birth_date: str | None
    national_id: str | None


@dataclass(slots=True)
class ComparisonView:
    """One comparison's part; `level` is None where it would tell where somebody lives."""

    name: str
    level: str | None
    weight: float


@dataclass(slots=True)
class CandidateView:
    """Somebody whom a review is about; without weight for one who was not compared."""

    person: PersonView
    weight: float | None = None
    probability: float | None = None
    comparisons: list[ComparisonView] = field(default_factory=list)


@dataclass(slots=True)
class ChoiceView:
    """What a steward chose; `people` are outward ids."""

    decision: str
    people: list[str]
    reason: str
    by: str
    at: str


@dataclass(slots=True)
class ReviewView:
    """An identity review as a steward sees it."""

    id: str
    version: int
    state: str
    reason: str
    source: str
    model: str
    carried: bool
    stated: StatedView | None = None
    candidates: list[CandidateView] = field(default_factory=list)
    choice: ChoiceView | None = None
    approval: ChoiceView | None = None
    left: list[StatedView] = field(default_factory=list)
