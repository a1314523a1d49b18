"""Health insurance cover and the clinic a person is attached to."""

from __future__ import annotations

from domain.records.category import Category, Field, Kind
from domain.records.validity import Period

_SOURCE = ("health",)

HEALTH_COVER = Category(
    name="health_cover",
    number=5,
    title="HealthCover",
    description="Health insurance cover periods.",
    fields=(
        Field("insured", Kind.FLAG, "Whether the cover is active.", _SOURCE, plain=True),
        Field("payor", Kind.TEXT, "Who pays for the cover.", _SOURCE),
        Field("since", Kind.DATE, "Covered since.", _SOURCE),
        Field("until", Kind.DATE, "Covered until; empty while it lasts.", _SOURCE),
    ),
    item_key=("since", "payor"),
    valid=Period(),
)
