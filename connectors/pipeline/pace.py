"""Leaving the event loop to others in the middle of long work."""

from __future__ import annotations

import asyncio
import time

_SLICE = 0.010


class Pace:
    """Call `breathe` between small pieces of work: at first and then every 10 ms it lets others run, so that nobody
    waits for a batch. At first, because what ran before this pace began has used up part of the slice.
    """

    def __init__(self) -> None:
        self._until = 0.0

    async def breathe(self) -> None:
        """Yield to the loop if the slice is used up."""
        if time.perf_counter() >= self._until:
            await asyncio.sleep(0)
            self._until = time.perf_counter() + _SLICE
