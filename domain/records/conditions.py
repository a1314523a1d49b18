"""Chronic conditions: a secret category."""

from __future__ import annotations

from domain.records.category import Category, Field, Kind, Sensitivity
from domain.records.validity import Period

_SOURCE = ("health",)

CONDITIONS = Category(
    name="conditions",
    number=8,
    title="Condition",
    description="Chronic conditions.",
    fields=(
        Field("condition", Kind.TEXT, "Name of the condition.", _SOURCE),
        Field("since", Kind.DATE, "Since when.", _SOURCE),
        Field("until", Kind.DATE, "Until when; empty while it lasts.", _SOURCE),
    ),
    item_key=("condition", "since"),
    valid=Period(),
    sensitivity=Sensitivity.SECRET,
)
