"""The `store` fixture: each test runs once on each store."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from graph.opening import GraphStore
from tests.conformance.graph.factories import FACTORIES, Factory


@pytest.fixture(params=sorted(FACTORIES))
def factory(request: pytest.FixtureRequest) -> Factory:
    return FACTORIES[request.param]


@pytest.fixture
async def store(factory: Factory, tmp_path: Path) -> AsyncIterator[GraphStore]:
    async with factory(tmp_path) as opened:
        yield opened
