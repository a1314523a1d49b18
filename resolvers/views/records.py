"""Masked views of records, one class a category, generated from the catalogue like the GraphQL types are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import make_dataclass
from typing import Any

from domain.records.catalogue import CATEGORIES
from domain.records.category import Category


def _view_type(category: Category) -> type:
    fields = [(name, Any, None) for name in category.outward()]
    return make_dataclass(f"{category.title}View", fields, slots=True)


RECORD_VIEWS: Mapping[str, type] = {category.name: _view_type(category) for category in CATEGORIES}
"""Category name → view class: an attribute for every outward name, None where masked or empty."""


def mask(category: Category, item: Mapping[str, Any], fields: frozenset[str]) -> Any:
    """A view of one item that holds the named outward fields and nothing else."""
    view = RECORD_VIEWS[category.name]()
    outward = category.outward()
    for name in fields:
        field, coarse = outward[name]
        value = item.get(field.name)
        if value is not None:
            setattr(view, name, value if coarse is None else coarse.form(value))
    return view
