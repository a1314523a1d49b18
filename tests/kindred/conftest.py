"""Both stores under a hub."""

from __future__ import annotations

import pytest

from tests.kindred.graphs import Graph, on_server


@pytest.fixture(params=["neo4j", "sqlite"])
def graph(request: pytest.FixtureRequest) -> Graph:
    """Either store, empty."""
    return on_server() if request.param == "neo4j" else {}
