"""Civil status events: birth, marriage, divorce, adoption, death."""

from __future__ import annotations

from domain.records.category import Category, Coarse, Field, Kind
from domain.records.coarsening import year_of
from domain.records.validity import Happened

_SOURCE = ("civil", "population", "gedcom")

CIVIL_STATUS = Category(
    name="civil_status",
    number=2,
    title="CivilStatusEvent",
    description="Civil status acts about the person.",
    fields=(
        Field("event", Kind.TEXT, "birth, marriage, divorce, adoption or death.", _SOURCE, plain=True),
        Field(
            "event_date",
            Kind.DATE,
            "When it happened.",
            _SOURCE,
            coarse=Coarse("event_year", Kind.INTEGER, year_of, "Year in which it happened."),
        ),
        Field("place", Kind.TEXT, "Where the act was registered.", _SOURCE, locates=True),
    ),
    item_key=("event", "event_date"),
    valid=Happened(),
)
