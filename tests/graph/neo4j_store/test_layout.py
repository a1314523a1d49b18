"""A database of an earlier layout brought to the newest one, with what it holds."""

from __future__ import annotations

from dataclasses import replace

from graph.neo4j_store.layout import NEWEST
from graph.opening import GraphStore
from tests.conformance.graph.making import batch, hashed, ids, person
from tests.graph.neo4j_store.inside import ask
from tests.servers.neo4j.server import Neo4jServer

_AS_BEFORE = """MATCH (s:Search) MATCH (p:Person {id: s.person}) CREATE (p)-[:FOUND_BY]->(s)
    REMOVE s.person, p.searches"""


async def test_search_keys_that_hang_on_people_are_set_apart(store: GraphStore, server: Neo4jServer) -> None:
    first = person(1, searches=["a", "b"])
    await store.writer.write(batch(first, person(2, searches=["b"]), person(3)))
    ask(server, _AS_BEFORE)
    ask(server, "MATCH (m:Meta) SET m.layout = 1")
    assert not await store.upkeep.ready()
    assert await store.upkeep.migrate() == NEWEST
    assert await store.upkeep.ready()
    assert await store.reader.search([hashed("a")], 9) == tuple(ids(1))
    assert await store.reader.search([hashed("b")], 9) == tuple(ids(1, 2))
    await store.writer.write(batch(replace(first, base=1, wrapped=None, searches=(hashed("c"),))))
    assert await store.reader.search([hashed("a"), hashed("b")], 9) == tuple(ids(2))
    assert await store.reader.search([hashed("c")], 9) == tuple(ids(1))
    assert ask(server, "MATCH ()-[found:FOUND_BY]->() RETURN count(found)") == [[0]]


async def test_a_second_call_changes_nothing(store: GraphStore, server: Neo4jServer) -> None:
    await store.writer.write(batch(person(1, searches=["a"])))
    for _ in range(2):
        assert await store.upkeep.migrate() == NEWEST
        assert await store.reader.search([hashed("a")], 9) == tuple(ids(1))
