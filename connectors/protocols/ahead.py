"""Asking for the next page while the last one is worked on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager

from connectors.protocols.page import Page


@asynccontextmanager
async def ahead(pages: AsyncIterator[Page]) -> AsyncIterator[AsyncIterator[Page]]:
    """The same pages, one of them fetched ahead and never more. Leaving ends the fetching, whatever the reason."""
    reading = _reading(pages)
    try:
        yield reading
    finally:
        await reading.aclose()


async def _reading(pages: AsyncIterator[Page]) -> AsyncGenerator[Page, None]:
    coming = asyncio.create_task(_next(pages))
    try:
        while (page := await coming) is not None:
            coming = asyncio.create_task(_next(pages))
            yield page
    finally:
        coming.cancel()
        await asyncio.gather(coming, return_exceptions=True)


async def _next(pages: AsyncIterator[Page]) -> Page | None:
    return await anext(pages, None)
