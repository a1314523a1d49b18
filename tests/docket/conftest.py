from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from docket.store import DocketStore
from tests.docket.factories import FACTORIES, RING


@pytest_asyncio.fixture(params=sorted(FACTORIES))
async def docket(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[DocketStore]:
    store = FACTORIES[request.param](tmp_path, RING)
    await store.migrate()
    yield store
    await store.close()
