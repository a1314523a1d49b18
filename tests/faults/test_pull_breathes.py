"""A pull in the serving process must not hold up requests: between two turns of the event loop it works but briefly.

Measured as CPU time of the loop's thread, so that a busy machine does not fail it.
"""

from __future__ import annotations

import asyncio
import gc
import shutil
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from connectors.pipeline.pace import Pace
from kindred.startup import calm_collector
from tests.worlds.country import Country, country
from tests.worlds.hub import hub

MOST = 0.1
"""Seconds; half of it is what is aimed at, on a machine as slow as the one it was measured on."""


@pytest.fixture(autouse=True)
def _collector() -> Iterator[None]:
    before = gc.get_threshold()
    calm_collector()
    yield
    gc.unfreeze()
    gc.set_threshold(*before)


@asynccontextmanager
async def ticking() -> AsyncIterator[list[float]]:
    """CPU seconds between the ticks of a clock on the loop."""
    gaps: list[float] = []

    async def tick() -> None:
        last = time.thread_time()
        while True:
            await asyncio.sleep(0.005)
            now = time.thread_time()
            gaps.append(now - last)
            last = now

    ticker = asyncio.create_task(tick())
    yield gaps
    ticker.cancel()
    await asyncio.gather(ticker, return_exceptions=True)


async def longest(land: Country, folder: Path) -> float:
    """The longest work without a turn for others in a pull of people and of what is matched to them."""
    async with hub(land, folder) as here, ticking() as gaps:
        await here.pull("population", "tax")
    shutil.rmtree(folder)
    return max(gaps)


async def test_a_pull_leaves_the_loop_to_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with country(tmp_path / "country", people=200, seed=11) as land:
        paced = await longest(land, tmp_path / "paced")
        assert paced < MOST

        async def hold(_: Pace) -> None:
            pass

        monkeypatch.setattr(Pace, "breathe", hold)
        assert await longest(land, tmp_path / "held") > 2 * paced, "the control: without its pauses it holds the loop"
