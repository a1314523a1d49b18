"""Residence: registered addresses over time. Every field of it locates."""

from __future__ import annotations

from domain.records.category import Category, Field, Kind
from domain.records.validity import Period

_SOURCE = ("population",)

RESIDENCE = Category(
    name="residence",
    number=1,
    title="Residence",
    description="Registered addresses, present and past.",
    fields=(
        Field("region", Kind.TEXT, "Region, ISO 3166-2:KZ.", _SOURCE, locates=True, plain=True),
        Field("locality", Kind.TEXT, "City, town or village.", _SOURCE, locates=True, plain=True),
        Field("street", Kind.TEXT, "Street.", _SOURCE, locates=True),
        Field("house", Kind.TEXT, "House number.", _SOURCE, locates=True),
        Field("flat", Kind.TEXT, "Flat number.", _SOURCE, locates=True),
        Field("since", Kind.DATE, "Registered there since.", _SOURCE, locates=True),
        Field("until", Kind.DATE, "Registered there until; empty while it lasts.", _SOURCE, locates=True),
    ),
    item_key=("since", "region", "locality", "street", "house", "flat"),
    valid=Period(),
)
