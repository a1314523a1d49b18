"""Employment: jobs present and past."""

from __future__ import annotations

from domain.records.category import Category, Coarse, Field, Kind
from domain.records.coarsening import year_of
from domain.records.validity import Period

_SOURCE = ("tax",)

EMPLOYMENT = Category(
    name="employment",
    number=3,
    title="Job",
    description="Jobs, present and past.",
    fields=(
        Field("employer", Kind.TEXT, "Employer's name.", _SOURCE, locates=True),
        Field("employer_bin", Kind.TEXT, "Employer's business id.", _SOURCE, locates=True),
        Field("employer_region", Kind.TEXT, "Region of the work place.", _SOURCE, locates=True),
        Field("position", Kind.TEXT, "Position held.", _SOURCE),
        Field(
            "since",
            Kind.DATE,
            "Employed since.",
            _SOURCE,
            coarse=Coarse("since_year", Kind.INTEGER, year_of, "Year in which the job began."),
        ),
        Field("until", Kind.DATE, "Employed until; empty while it lasts.", _SOURCE),
    ),
    item_key=("employer_bin", "since"),
    valid=Period(),
)
