"""Identity: what tells namesakes apart. The name itself is a category of its own (`domain/records/name.py`)."""

from __future__ import annotations

from domain.records.category import Category, Coarse, Field, Kind
from domain.records.coarsening import year_of

IDENTITY = Category(
    name="identity",
    number=0,
    title="Identity",
    description="Birth date, sex, name at birth, national id.",
    fields=(
        Field("birth_surname", Kind.TEXT, "Family name at birth.", ("civil", "population", "gedcom")),
        Field(
            "birth_date",
            Kind.DATE,
            "Date of birth.",
            ("civil", "population", "health", "tax", "gedcom"),
            coarse=Coarse("birth_year", Kind.INTEGER, year_of, "Year of birth."),
        ),
        Field("sex", Kind.TEXT, "F or M.", ("civil", "population", "health", "gedcom"), plain=True),
        Field("national_id", Kind.TEXT, "National id (IIN).", ("population", "civil", "health", "tax")),
    ),
)
