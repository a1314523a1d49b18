"""From the graph's outbox to the ledger: nothing lost, nothing twice, whenever the hub was killed."""

from __future__ import annotations

import msgspec

from connectors.parts import Append, Open
from connectors.pipeline.entries import unpacked
from domain.errors import Broken
from domain.records.payload import outbox_label
from graph.port import Writer

_AT_ONCE = 100


async def settle(writer: Writer, open_entry: Open, append: Append) -> int:
    """Append every entry that waits in the outbox to the ledger; returns how many.

    Called after each page and at start-up. An entry is struck off only when the ledger has it; killed in between, it
    comes again, and its key makes the second append nothing. Raises what the ledger raises; the rest then waits.
    """
    settled = 0
    while rows := await writer.pending(_AT_ONCE):
        for row in rows:
            try:
                entry = unpacked(open_entry(row.sealed, outbox_label(row.entry)))
            except msgspec.MsgspecError:
                raise Broken(cause="an outbox entry that is none") from None
            await append(entry)
        await writer.settle([row.entry for row in rows])
        settled += len(rows)
    return settled
