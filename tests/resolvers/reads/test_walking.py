"""Walks give way between their steps."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import pytest

from domain.links import Family
from resolvers.gate.gate import Gate
from resolvers.reads.walking import walk_from


async def test_a_walk_lets_others_go_on_and_can_be_stopped() -> None:
    """Although its steps never wait."""
    done = 0

    async def step(*_: Any) -> tuple[()]:
        nonlocal done
        done += 1
        return ()

    start: Any = SimpleNamespace(person=1)
    gate = SimpleNamespace(
        step=step,
        walk_depth=lambda depth: depth,
        walkable=list,
        walk_families=lambda: frozenset(Family),
        reach_for_family=lambda: None,
        walks_in_the_past=False,
    )
    walking = asyncio.create_task(walk_from(cast(Gate, gate), [start], 8, None))
    while not done and not walking.done():
        await asyncio.sleep(0)
    walking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await walking
    assert done < 8
