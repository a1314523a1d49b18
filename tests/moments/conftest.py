"""Countries with a past, each made once; every test asks a copy of their stores."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.moments.past import Past, past
from tests.worlds.hub import Hub

SEEDS = (3, 8)


@pytest.fixture(scope="session", params=SEEDS, ids=lambda seed: f"seed-{seed}")
def before(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Past:
    """A country and its past."""
    return asyncio.run(past(tmp_path_factory.mktemp("past"), request.param))


@pytest_asyncio.fixture
async def here(before: Past, tmp_path: Path) -> AsyncIterator[Hub]:
    """A hub of today."""
    async with before.opened(tmp_path / "now") as hub:
        yield hub
