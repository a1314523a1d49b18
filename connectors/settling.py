"""From a store's outbox to the ledger: nothing lost, nothing twice, whenever the hub was killed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from typing import Any, Protocol

import msgspec

from connectors.parts import Append, Open
from domain.errors import Broken
from domain.packing import unpacked
from domain.records.payload import outbox_label

_AT_ONCE = 100


class _Row(Protocol):
    @property
    def entry(self) -> bytes: ...

    @property
    def sealed(self) -> bytes: ...


class Outbox(Protocol):
    """The outbox of a store: the graph's writer and the docket have one each."""

    async def pending(self, limit: int) -> Sequence[_Row]: ...

    async def settle(self, ids: Sequence[bytes]) -> None: ...


async def settle(store: Outbox, open_entry: Open, append: Append, *, most: int | None = None) -> int:
    """Append every entry that waits in the outbox to the ledger, or the oldest of them, about `most`; returns how many.

    Called after each page, before each alteration and at start-up. An entry is struck off only when the ledger has it;
    killed in between, it comes again, and its key makes the second append nothing. Raises what the ledger raises; the
    rest then waits.
    """
    settled = 0
    while (most is None or settled < most) and (rows := await store.pending(_AT_ONCE)):
        for row in rows:
            try:
                entry = unpacked(open_entry(row.sealed, outbox_label(row.entry)))
            except msgspec.MsgspecError:
                raise Broken(cause="an outbox entry that is none") from None
            await append(entry)
        await store.settle([row.entry for row in rows])
        settled += len(rows)
        if len(rows) < _AT_ONCE:
            break
    return settled


@asynccontextmanager
async def settling(settled: Callable[[], Coroutine[Any, Any, None]]) -> AsyncIterator[Callable[[], Awaitable[None]]]:
    """A call that begins to settle, beside what its caller goes on with, and waits for the one before it first.

    What `settled` raises is raised by the next call, or when the block is left; leaving waits for the last, unless it
    is left with an error: then that is cut off, and what waits in an outbox is settled by the next pull or start.
    """
    under_way: asyncio.Task[None] | None = None

    async def begin() -> None:
        nonlocal under_way
        if under_way is not None:
            await under_way
        under_way = asyncio.create_task(settled())

    try:
        yield begin
        if under_way is not None:
            await under_way
    finally:
        if under_way is not None:
            under_way.cancel()
            await asyncio.gather(under_way, return_exceptions=True)
