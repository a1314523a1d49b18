"""Every test that takes `url` runs on every store a ledger can be kept in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from policy.ledger.ledger import Ledger
from tests.policy.ledger.making import opened


@pytest.fixture(params=["sqlite"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty store."""
    return f"{request.param}:///{tmp_path / 'ledger.db'}"


@pytest.fixture
async def ledger(url: str) -> AsyncIterator[Ledger]:
    """An open, empty ledger."""
    made = opened(url)
    yield made
    await made.close()
