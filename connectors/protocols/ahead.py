"""Asking for what comes next while the last of it is worked on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from typing import TypeVar

T = TypeVar("T")


@asynccontextmanager
async def ahead(coming: AsyncIterator[T]) -> AsyncIterator[AsyncIterator[T]]:
    """The same things, one of them fetched ahead and never more. Leaving ends the fetching, whatever the reason."""
    reading = _reading(coming)
    try:
        yield reading
    finally:
        await reading.aclose()


async def _reading(things: AsyncIterator[T]) -> AsyncGenerator[T, None]:
    coming = asyncio.create_task(_next(things))
    try:
        while (one := await coming) is not None:
            coming = asyncio.create_task(_next(things))
            yield one
    finally:
        coming.cancel()
        await asyncio.gather(coming, return_exceptions=True)


async def _next(things: AsyncIterator[T]) -> T | None:
    return await anext(things, None)
