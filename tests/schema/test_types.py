"""The schema as published: committed, described throughout, generated from the catalogue."""

from __future__ import annotations

from pathlib import Path

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    get_named_type,
    is_introspection_type,
    is_non_null_type,
)

from domain.records.catalogue import CATEGORIES
from schema.executor import SchemaExecutor
from tests.schema.fakes import EXECUTOR, FakeReads, run

_SCHEMA = EXECUTOR.schema
_COMMITTED = Path(__file__).resolve().parents[2] / "schema" / "schema.graphql"


def test_the_committed_schema_is_the_one_that_is_served() -> None:
    assert _COMMITTED.read_text(encoding="utf-8") == EXECUTOR.sdl, (
        "write it anew: kindred schema > schema/schema.graphql"
    )


def test_it_is_a_subgraph_of_federation_2_5_with_its_entities() -> None:
    assert 'url: "https://specs.apollo.dev/federation/v2.5"' in EXECUTOR.sdl
    assert 'type Person implements Node @key(fields: "id")' in EXECUTOR.sdl
    assert 'type Household implements Node @key(fields: "id")' in EXECUTOR.sdl


def test_everything_is_described() -> None:
    bare = []
    for name, kind in _SCHEMA.type_map.items():
        if is_introspection_type(kind) or name in {"String", "Int", "Boolean", "ID", "Float"}:
            continue
        if not kind.description:
            bare.append(name)
        if name.startswith(("_", "link__")):
            continue
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            for field_name, field in kind.fields.items():
                if field_name.startswith("_"):
                    continue
                bare += [f"{name}.{field_name}"] if not field.description else []
                bare += [f"{name}.{field_name}({a})" for a, arg in field.args.items() if not arg.description]
        if isinstance(kind, GraphQLEnumType):
            bare += [f"{name}.{v}" for v, value in kind.values.items() if not value.description]
    assert bare == []


def test_what_stands_behind_the_gate_is_nullable() -> None:
    for name in ("Person", "Household", "Member", "Kin", "Query", *(c.title for c in CATEGORIES)):
        kind = _SCHEMA.type_map[name]
        assert isinstance(kind, GraphQLObjectType)
        strict = [n for n, f in kind.fields.items() if is_non_null_type(f.type) and n != "id" and not n.startswith("_")]
        assert strict == [], name


@pytest.mark.parametrize("category", CATEGORIES, ids=lambda c: c.name)
def test_a_type_has_a_field_for_every_outward_name(category: object) -> None:
    from domain.records.category import Category

    assert isinstance(category, Category)
    kind = _SCHEMA.type_map[category.title]
    assert isinstance(kind, GraphQLObjectType)
    assert len(kind.fields) == len(category.outward()) + 1, "and provenance"
    person = _SCHEMA.type_map["Person"]
    assert isinstance(person, GraphQLObjectType)
    assert category.title in {get_named_type(f.type).name for f in person.fields.values()}


async def test_introspection_is_a_setting() -> None:
    open_ = SchemaExecutor(FakeReads(), introspection=True)
    answer = await run(open_, "{ __schema { queryType { name } } _service { sdl } }")
    assert answer["data"]["__schema"] == {"queryType": {"name": "Query"}}
    assert answer["data"]["_service"]["sdl"].rstrip() == open_.sdl.rstrip()
