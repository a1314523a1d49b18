"""The GraphQL schema as it is executed: a federation 2.5 subgraph over masked views."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

import strawberry
from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
    GraphQLUnionType,
    is_introspection_type,
)
from strawberry.schema.config import StrawberryConfig
from strawberry.types.field import StrawberryField

from resolvers.views.people import HouseholdView, PersonView
from schema.mutation import Mutation
from schema.query import Query
from schema.running import Running
from schema.types.people import Household, Person
from schema.types.scalars import SCALARS

DEFINITION = "strawberry-definition"
"""Where Strawberry keeps its own definition of a field or argument within the GraphQL one."""

ENTITIES = ("Person", "Household")
"""Types that other subgraphs may refer to by id."""

_TYPE_OF_VIEW: Mapping[type, str] = {PersonView: "Person", HouseholdView: "Household"}

_FEDERATION_WORDS: Mapping[str, str] = {
    "_FieldSet": "Fields of an entity's key.",
    "link__Import": "A name that the schema takes from a specification.",
    "link__Purpose": "Why the schema takes names from a specification.",
    "_Any": "A representation of an entity: its type name and its key.",
    "_Service": "What a federated router asks of a subgraph.",
    "_Entity": "Entities that other subgraphs may refer to.",
}


async def _entities(_root: Any, info: GraphQLResolveInfo[Running], representations: list[Any]) -> list[Any]:
    """All entities of a document's field in one read, in their order; whatever is not a proper key gives null.

    Takes the place of Strawberry's own resolver, which reads them one by one and tells a malformed key from an
    unknown one.
    """
    running = info.context
    keys = [entity_key(r) for r in representations]
    known = [key for key in keys if key is not None]
    found = iter(await running.reads.entities(running.gate, known, running.wanted[str(info.path.key)]))
    return [None if key is None else next(found) for key in keys]


def entity_key(representation: Any) -> tuple[str, str] | None:
    """(type name, id) of a representation, or None for anything that is not a proper one."""
    if not isinstance(representation, Mapping):
        return None
    name, id_ = representation.get("__typename"), representation.get("id")
    if name in ENTITIES and isinstance(id_, str):
        return cast(str, name), id_
    return None


def _attribute(name: str) -> Callable[..., Any]:
    get = operator.attrgetter(name)

    def plain(source: Any, _info: Any) -> Any:
        return get(source)

    return plain


def _view_type(view: Any, _info: Any, _abstract: Any) -> str | None:
    return _TYPE_OF_VIEW.get(type(view))


def _plain_fields(kind: GraphQLObjectType) -> None:
    """Let fields without arguments or code read the view's attribute; views are masked, so no hook is needed."""
    kind.is_type_of = None
    for field in kind.fields.values():
        definition = definition_of(field)
        if definition is not None and definition.is_basic_field:
            field.resolve = _attribute(definition.python_name)


def _lighten(kind: GraphQLNamedType) -> None:
    if isinstance(kind, GraphQLObjectType):
        _plain_fields(kind)
    elif isinstance(kind, GraphQLInterfaceType | GraphQLUnionType):
        kind.resolve_type = _view_type
    kind.description = kind.description or _FEDERATION_WORDS.get(kind.name)


def definition_of(field: GraphQLField) -> StrawberryField | None:
    """Strawberry's definition of a field, None for those that the engine adds."""
    return cast("StrawberryField | None", (field.extensions or {}).get(DEFINITION))


def build() -> tuple[GraphQLSchema, str]:
    """The executable schema and its text (SDL)."""
    subgraph = strawberry.federation.Schema(
        query=Query,
        mutation=Mutation,
        types=_entity_types(),
        config=StrawberryConfig(scalar_map=SCALARS, disable_field_suggestions=True),
        federation_version="2.5",
    )
    schema = subgraph._schema
    for kind in schema.type_map.values():
        if not is_introspection_type(kind):
            _lighten(kind)
    schema.type_map["Query"].fields["_entities"].resolve = _entities  # type: ignore[attr-defined]
    return schema, subgraph.as_str().rstrip() + "\n"


def _entity_types() -> Sequence[type[Any]]:
    return (Person, Household)
