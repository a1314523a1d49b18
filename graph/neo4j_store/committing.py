"""What a batch does inside its transaction, top to bottom: lock, look, compare, write, decide anew.

The function is run again by the driver if the transaction failed for a reason that may pass; it reads all it decides
by inside the transaction, so that a run that left nothing behind is no different from the first.

A round trip costs as much as a hundred rows, so that everything is looked up in one statement and written in three.
"""

from __future__ import annotations

from neo4j import AsyncManagedTransaction

from domain.errors import Broken
from graph.checks import canonical
from graph.neo4j_store.deciding import check_moved, compare_decisions, decide_anew
from graph.neo4j_store.deriving import derive
from graph.neo4j_store.given import run
from graph.neo4j_store.keeping import Kept, keep
from graph.neo4j_store.looking import Found, Turn, lock, look
from graph.port import Stale
from graph.shapes import Batch, Written

_HAND_OVER = """MATCH (m:Meta {one: 1})
    SET m.seq = $given.seq, m.instant = CASE WHEN m.instant < $given.instant THEN $given.instant ELSE m.instant END,
        m.claims = m.claims + $given.claims, m.entries = m.entries + size($given.entries)
    CREATE (:Batch {seq: $given.seq, instant: m.instant})
    FOREACH (row IN $given.entries | CREATE (:Outbox {entry: row[0], sealed: row[1], n: row[2], seq: $given.seq}))
    FOREACH (row IN $given.cursors | MERGE (c:Cursor {source: row[0]}) SET c.sealed = row[1])"""


async def commit(transaction: AsyncManagedTransaction, batch: Batch) -> Written:
    """Write a checked batch inside the caller's transaction. Raises Stale before anything of it is written.

    Invalid (field moves) if an id that the batch moves still stands elsewhere in the graph afterwards; Broken for a
    link under a key that nobody decided.
    """
    await lock(transaction)
    turn, found = await look(transaction, batch)
    _compare(batch, turn, found)
    kept = await keep(transaction, batch, turn, found)
    await derive(transaction, batch, found, turn.sequence)
    await _hand_over(transaction, batch, turn, found, kept)
    if batch.redecisions or batch.moves:
        await decide_anew(transaction, batch, turn.sequence)
        await check_moved(transaction, batch)
    return Written(turn.sequence, kept.claims, len(batch.claims) - kept.claims)


def _compare(batch: Batch, turn: Turn, found: Found) -> None:
    """Stale if anything that the batch rests on is not so any more."""
    stale = {write.person for write in batch.people if found.versions.get(write.person, 0) != write.base}
    stale |= compare_decisions(batch, found)
    parted = batch.read_at is not None and turn.parted > batch.read_at
    if parted:
        stale |= {write.person for write in batch.people}
    if stale or parted:
        raise Stale(frozenset(stale))
    decided = {key for key, owner in found.owners.items() if owner is not None} | {row.key for row in batch.keys}
    if any(link.key not in decided for write in batch.people for link in write.links or ()):
        raise Broken(cause="a link under a key that nobody decided")


async def _hand_over(transaction: AsyncManagedTransaction, batch: Batch, turn: Turn, found: Found, kept: Kept) -> None:
    """Number the batch; its cursor, and the entries that are not there yet, in the batch's order."""
    new = {row.entry: row for row in reversed(batch.outbox) if row.entry not in found.entries}
    ordered = [new[entry] for entry in dict.fromkeys(row.entry for row in batch.outbox) if entry in new]
    result = await run(
        transaction,
        _HAND_OVER,
        seq=turn.sequence,
        instant=canonical(batch.instant),
        claims=kept.claims,
        entries=[[row.entry, row.sealed, turn.entries + place] for place, row in enumerate(ordered, 1)],
        cursors=[list(batch.cursor)] if batch.cursor is not None else [],
    )
    await result.consume()
