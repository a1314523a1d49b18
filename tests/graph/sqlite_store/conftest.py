"""A migrated store in a file of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from graph.opening import GraphStore
from tests.graph.sqlite_store.inside import at


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "graph.db"


@pytest.fixture
async def store(path: Path) -> AsyncIterator[GraphStore]:
    opened = at(path)
    await opened.upkeep.migrate()
    yield opened
    await opened.upkeep.close()
