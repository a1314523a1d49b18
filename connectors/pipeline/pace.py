"""Leaving the event loop to others in the middle of long work."""

from __future__ import annotations

import asyncio
import time

_SLICE = 0.015


class Pace:
    """Call `breathe` between small pieces of work: every 15 ms it lets others run, so nobody waits for a batch."""

    def __init__(self) -> None:
        self._until = time.perf_counter() + _SLICE

    async def breathe(self) -> None:
        """Yield to the loop if the slice is used up."""
        if time.perf_counter() >= self._until:
            await asyncio.sleep(0)
            self._until = time.perf_counter() + _SLICE
