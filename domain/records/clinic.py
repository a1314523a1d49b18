"""The clinic a person is attached to: apart from cover, because all of it locates."""

from __future__ import annotations

from domain.records.category import Category, Field, Kind

CLINIC = Category(
    name="clinic",
    number=6,
    title="Clinic",
    description="The clinic at which the person is registered.",
    fields=(Field("name", Kind.TEXT, "Clinic's name.", ("health",), locates=True),),
)
