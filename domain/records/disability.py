"""Disability: group and period."""

from __future__ import annotations

from domain.records.category import Category, Coarse, Field, Kind
from domain.records.coarsening import year_of
from domain.records.validity import Period

_SOURCE = ("health",)

DISABILITY = Category(
    name="disability",
    number=7,
    title="Disability",
    description="Recognised disabilities.",
    fields=(
        Field("group", Kind.TEXT, "group-1, group-2, group-3 or child.", _SOURCE, plain=True),
        Field("cause", Kind.TEXT, "What it rests on.", _SOURCE),
        Field(
            "since",
            Kind.DATE,
            "Recognised since.",
            _SOURCE,
            coarse=Coarse("since_year", Kind.INTEGER, year_of, "Year of recognition."),
        ),
        Field("until", Kind.DATE, "Recognised until; empty while it lasts.", _SOURCE),
    ),
    item_key=("group", "since", "cause"),
    valid=Period(),
)
