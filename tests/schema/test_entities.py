"""Ids of others: any representation that is not a proper one gives null, and all proper ones share one read."""

from __future__ import annotations

from typing import Any

import pytest

from schema.executor import SchemaExecutor
from tests.schema.fakes import FakeReads, run

QUERY = "query($r: [_Any!]!) { _entities(representations: $r) { __typename ... on Node { id } } }"


async def test_one_read_for_all_entities() -> None:
    reads = FakeReads()
    given: list[Any] = [
        {"__typename": "Person", "id": "a"},
        {"__typename": "Household", "id": "h"},
        {"__typename": "Person", "id": "b", "more": 1},
    ]
    answer = await run(SchemaExecutor(reads), QUERY, {"r": given})
    assert [e["id"] for e in answer["data"]["_entities"]] == ["a", "h", "b"]
    assert [e["__typename"] for e in answer["data"]["_entities"]] == ["Person", "Household", "Person"]
    assert [(name, keys) for name, (keys,), _ in reads.seen] == [
        ("entities", (("Person", "a"), ("Household", "h"), ("Person", "b")))
    ]


@pytest.mark.parametrize(
    "bad",
    [
        {},
        {"__typename": "Person"},
        {"id": "a"},
        {"__typename": "Person", "id": 5},
        {"__typename": "Person", "id": None},
        {"__typename": "Query", "id": "a"},
        {"__typename": "Nobody", "id": "a"},
        {"__typename": ["Person"], "id": "a"},
        {"__typename": {"a": 1}, "id": "a"},
        "text",
        7,
        [],
    ],
)
async def test_bad_representations_are_null_and_spoil_no_others(bad: Any) -> None:
    answer = await run(SchemaExecutor(FakeReads()), QUERY, {"r": [bad, {"__typename": "Person", "id": "a"}]})
    assert "errors" not in answer
    assert answer["data"]["_entities"] == [None, {"__typename": "Person", "id": "a"}]


async def test_node_tells_its_type() -> None:
    executor = SchemaExecutor(FakeReads())
    query = '{ a: node(id: "p1") { __typename id } b: node(id: "h1") { __typename id } }'
    answer = await run(executor, query)
    assert answer["data"] == {"a": {"__typename": "Person", "id": "p1"}, "b": {"__typename": "Household", "id": "h1"}}
