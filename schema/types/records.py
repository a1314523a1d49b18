"""Record types, one a category, generated from the catalogue like the masked views they describe."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import strawberry

from domain.records.catalogue import CATEGORIES
from domain.records.category import Category, Kind, Sensitivity
from schema.types.scalars import Date, Money, Month

T = TypeVar("T")

_SCALAR_OF: Mapping[Kind, Any] = {
    Kind.TEXT: str,
    Kind.DATE: Date,
    Kind.MONTH: Month,
    Kind.INTEGER: int,
    Kind.MONEY: Money,
    Kind.FLAG: bool,
}


def _record_type(category: Category) -> type[Any]:
    annotations: dict[str, Any] = {}
    namespace: dict[str, Any] = {"__annotations__": annotations, "__module__": __name__}
    for name, (field, coarse) in category.outward().items():
        stated = field if coarse is None else coarse
        annotations[name] = _SCALAR_OF[stated.kind] | None
        namespace[name] = strawberry.field(description=stated.description)
    return strawberry.type(type(category.title, (), namespace), name=category.title, description=category.description)


RECORD_TYPES: Mapping[str, type[Any]] = {category.name: _record_type(category) for category in CATEGORIES}
"""Category name → GraphQL type: a nullable field for every outward name."""


def _description(category: Category) -> str:
    empty = "an empty list or null" if category.many else "null"
    if category.sensitivity is Sensitivity.SECRET:
        return f"{category.description} What is withheld reads like none known: {empty}."
    return f"{category.description} Withheld or none known: {empty}."


def with_records(person: type[T]) -> type[T]:
    """Add a field for every category to the type of a person: one record, or a list where there may be several."""
    for category in CATEGORIES:
        record = RECORD_TYPES[category.name]
        person.__annotations__[category.name] = (list[record] if category.many else record) | None  # type: ignore[valid-type]
        setattr(person, category.name, strawberry.field(description=_description(category)))
    return person
