"""Record types, one a category, generated from the catalogue like the masked views they describe."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import strawberry
from strawberry.utils.str_converters import to_camel_case

from domain.records.catalogue import CATEGORIES, ORIGIN
from domain.records.category import PROVENANCE, Category, Kind, Sensitivity
from schema.types.scalars import Date, DateTime, Money, Month

T = TypeVar("T")

_SCALAR_OF: Mapping[Kind, Any] = {
    Kind.TEXT: str,
    Kind.DATE: Date,
    Kind.MONTH: Month,
    Kind.INTEGER: int,
    Kind.MONEY: Money,
    Kind.FLAG: bool,
    Kind.INSTANT: DateTime,
}


def _field_name(root: strawberry.Parent[Any]) -> str | None:
    return to_camel_case(root.field)


_SOURCE = ORIGIN.field("source").description
_SOURCE_ID = ORIGIN.field("source_id").description
_RETRIEVED = ORIGIN.field("retrieved_at").description
_CLAIM = ORIGIN.field("claim").description


@strawberry.type(description="What another claim states of the same field, that one counting less.")
class Overruled:
    """A loser of the fold."""

    value: str | None = strawberry.field(description="What it states, as text.")
    agrees: bool | None = strawberry.field(description="Whether that is the value shown.")
    source: str | None = strawberry.field(description=_SOURCE)
    source_id: str | None = strawberry.field(description=_SOURCE_ID)
    retrieved_at: DateTime | None = strawberry.field(description=_RETRIEVED)
    claim: strawberry.ID | None = strawberry.field(description=_CLAIM)


@strawberry.type(description="Where the value of one field came from.")
class Provenance:
    """The claim behind a value, and what it overruled."""

    field = strawberry.field(resolver=_field_name, graphql_type=str | None, description="The field, as selected.")
    source: str | None = strawberry.field(description=_SOURCE)
    source_id: str | None = strawberry.field(description=_SOURCE_ID)
    retrieved_at: DateTime | None = strawberry.field(description=_RETRIEVED)
    claim: strawberry.ID | None = strawberry.field(description=_CLAIM)
    overruled: list[Overruled] | None = strawberry.field(
        description="Other claims in force about the same field, agreeing ones too."
    )


WHERE_FROM = (
    "Where the values selected beside this came from, a line a field. Withheld where the person's location is: null."
)
"""Of every type that has provenance of its own fields."""


def _record_type(category: Category) -> type[Any]:
    annotations: dict[str, Any] = {}
    namespace: dict[str, Any] = {"__annotations__": annotations, "__module__": __name__}
    for name, (field, coarse) in category.outward().items():
        stated = field if coarse is None else coarse
        annotations[name] = _SCALAR_OF[stated.kind] | None
        namespace[name] = strawberry.field(description=stated.description)
    annotations[PROVENANCE] = list[Provenance] | None
    namespace[PROVENANCE] = strawberry.field(description=WHERE_FROM)
    return strawberry.type(type(category.title, (), namespace), name=category.title, description=category.description)


RECORD_TYPES: Mapping[str, type[Any]] = {category.name: _record_type(category) for category in CATEGORIES}
"""Category name → GraphQL type: a nullable field for every outward name, and one for provenance."""


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
