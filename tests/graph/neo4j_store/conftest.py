"""An emptied graph on the process's real server."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from graph.opening import GraphStore
from tests.conformance.graph.factories import at
from tests.servers.neo4j.server import Neo4jServer
from tests.servers.neo4j.shared import empty_neo4j


@pytest.fixture
def server() -> Neo4jServer:
    return empty_neo4j()


@pytest.fixture
async def store(server: Neo4jServer) -> AsyncIterator[GraphStore]:
    opened = at(server)
    await opened.upkeep.migrate()
    yield opened
    await opened.upkeep.close()
