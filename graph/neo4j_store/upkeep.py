"""Upkeep on Neo4j: the layout, readiness, erasure, wrapped keys, dumps, the end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from functools import partial

from domain.errors import Invalid, KindredError, Unavailable
from domain.ids import KeyHash, PersonId
from graph.dumping import Form
from graph.neo4j_store.connection import Connection
from graph.neo4j_store.dumping import dumped
from graph.neo4j_store.filling import Filling
from graph.neo4j_store.forgetting import forget
from graph.neo4j_store.layout import bring_up, is_ready
from graph.neo4j_store.reader import known_range
from graph.neo4j_store.rekeying import OF_PEOPLE, OF_SOURCES, Page, rekey_page
from graph.shapes import DumpPage

_PAGE_SECONDS = 60.0
"""How long a load waits for the next page."""


class Neo4jUpkeep:
    """Migrates, checks, erases in, rekeys, dumps, fills and closes one graph database."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def migrate(self) -> int:
        """As the port says; waits until all indexes are online.

        Broken if the database holds something else or is of a later version of the hub.
        """
        return await bring_up(self._connection)

    async def ready(self) -> bool:
        """As the port says; never raises."""
        try:
            return await is_ready(self._connection)
        except KindredError:
            return False

    async def forget(self, persons: Sequence[PersonId], marks: Sequence[KeyHash]) -> int:
        """As the port says.

        The server's files and logs may hold the deleted bytes for a while; the keys that open them are gone.
        """
        return await self._connection.write(partial(forget, ids=known_range(persons), marks=marks))

    async def rekey(self, rewrap: Callable[[bytes], bytes], size: int = 500) -> AsyncIterator[int]:
        """As the port says. Invalid for a size below 1."""
        if size < 1:
            raise Invalid(field="size")
        seen = 0
        for keys in (OF_PEOPLE, OF_SOURCES):
            page = Page(size, None)
            while page.count == size:
                page = await self._connection.write(
                    partial(rekey_page, keys=keys, after=page.last, size=size, rewrap=rewrap)
                )
                if page.count:
                    seen += page.count
                    yield seen

    async def dump(self) -> AsyncIterator[DumpPage]:
        """As the port says. Writers of all hubs wait until the last page was taken, or give up."""
        async with self._connection.locked() as transaction:
            async for page in dumped(transaction):
                yield page

    async def load(self, pages: AsyncIterator[DumpPage]) -> int:
        """As the port says, a page a transaction; until the end the store is not ready."""
        filling, form, count = Filling(self._connection), Form(), 0
        await filling.begin()
        try:
            while True:
                async with asyncio.timeout(_PAGE_SECONDS):
                    page = await anext(pages, None)
                if page is None:
                    break
                form.check(page)
                await filling.page(page)
                count += len(page.rows)
            await filling.end()
        except TimeoutError:
            await filling.take_back()
            raise Unavailable(cause="the pages of a dump stopped coming") from None
        except BaseException:
            await asyncio.shield(filling.take_back())
            raise
        return count

    async def close(self) -> None:
        """As the port says. Waits for writes that were handed in; afterwards every call raises Unavailable."""
        await self._connection.close()
