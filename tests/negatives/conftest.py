"""One country for all tests here, pulled once; a copy of its stores for each test."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.worlds import copies
from tests.worlds.copies import Made
from tests.worlds.hub import Hub


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The country that was pulled."""
    return await copies.made(tmp_path_factory.mktemp("made"))


@pytest_asyncio.fixture
async def here(made: Made, tmp_path: Path) -> AsyncIterator[Hub]:
    """A hub over a copy of its stores, with an empty ledger."""
    async with made.copy(tmp_path / "hub") as hub:
        yield hub


@pytest.fixture
def runner(made: Made, tmp_path: Path) -> Any:
    """A hub over a copy of the stores, on a loop of its own, for ordinary test functions."""
    with asyncio.Runner() as one:
        context = made.copy(tmp_path / "hub")
        hub = one.run(context.__aenter__())
        try:
            yield one, hub, count()
        finally:
            one.run(context.__aexit__(None, None, None))
