"""Masked views of records, one class a category, generated from the catalogue like the GraphQL types are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, make_dataclass
from typing import Any

from domain.records.catalogue import CATEGORIES
from domain.records.category import PROVENANCE, Category


@dataclass(slots=True)
class OverruledView:
    """What another claim states of the same field, as text; `agrees` if it is the same value. None where withheld."""

    value: str
    agrees: bool
    source: str | None = None
    source_id: str | None = None
    retrieved_at: str | None = None
    claim: str | None = None


@dataclass(slots=True)
class ProvenanceView:
    """Where the value of one outward field came from. None where withheld."""

    field: str
    source: str | None = None
    source_id: str | None = None
    retrieved_at: str | None = None
    claim: str | None = None
    overruled: list[OverruledView] | None = None


def _view_type(category: Category) -> type:
    fields = [(name, Any, None) for name in (*category.outward(), PROVENANCE)]
    return make_dataclass(f"{category.title}View", fields, slots=True)


RECORD_VIEWS: Mapping[str, type] = {category.name: _view_type(category) for category in CATEGORIES}
"""Category name → view class: an attribute for every outward name and for provenance, None where masked or empty."""


def mask(category: Category, item: Mapping[str, Any], fields: frozenset[str]) -> Any:
    """A view of one item that holds the named outward fields and nothing else; provenance is filled in apart."""
    view = RECORD_VIEWS[category.name]()
    outward = category.outward()
    for name in fields:
        if name == PROVENANCE:
            continue
        stated, coarse = outward[name]
        value = item.get(stated.name)
        if value is not None:
            setattr(view, name, value if coarse is None else coarse.form(value))
    return view
