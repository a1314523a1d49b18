"""Behind the store's back: any statement on its server."""

from __future__ import annotations

from typing import Any

from neo4j import GraphDatabase

from tests.servers.neo4j.server import USER, Neo4jServer


def ask(server: Neo4jServer, statement: str, **parameters: Any) -> list[list[Any]]:
    """The rows of a statement."""
    with GraphDatabase.driver(server.address, auth=(USER, server.password)) as driver, driver.session() as session:
        return session.run(statement, parameters).values()


def everything(server: Neo4jServer) -> dict[str, dict[str, list[Any]]]:
    """Label or type → property → all its values."""
    found: dict[str, dict[str, list[Any]]] = {}
    nodes = "MATCH (n) UNWIND labels(n) AS name UNWIND keys(n) AS key RETURN name, key, collect(n[key])"
    links = "MATCH ()-[n]->() UNWIND keys(n) AS key RETURN type(n), key, collect(n[key])"
    for statement in (nodes, links):
        for name, key, values in ask(server, statement):
            found.setdefault(name, {})[key] = values
    return found
