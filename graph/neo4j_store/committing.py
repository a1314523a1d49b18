"""What a batch does inside its transaction, top to bottom: number, compare, decide, keep, derive, hand over.

The function is run again by the driver if the transaction failed for a reason that may pass; it reads all it decides
by inside the transaction, so that a run that left nothing behind is no different from the first.
"""

from __future__ import annotations

from neo4j import AsyncManagedTransaction

from domain.errors import Broken
from graph.checks import canonical
from graph.neo4j_store.deciding import check_moved, compare_decisions, decide
from graph.neo4j_store.deriving import derive, found_people
from graph.neo4j_store.looking import Found, Turn, change, look, take_turn
from graph.port import Stale
from graph.shapes import Batch, Written

_ADD_CLAIMS = """UNWIND $rows AS row MATCH (k:Key {key: row[1]})
    CREATE (:Claim {claim: row[0], n: row[5], kind: row[2], source: row[3], seq: $seq, sealed: row[4]})-[:ON]->(k)"""
_PUT_CURSOR = "UNWIND $rows AS row MERGE (c:Cursor {source: row[0]}) SET c.sealed = row[1]"
_ADD_ENTRIES = "UNWIND $rows AS row CREATE (:Outbox {entry: row[0], sealed: row[1], n: row[2], seq: $seq})"
_COUNT = "MATCH (m:Meta {one: 1}) SET m.claims = m.claims + $claims, m.entries = m.entries + $entries"


async def commit(transaction: AsyncManagedTransaction, batch: Batch) -> Written:
    """Write a checked batch inside the caller's transaction. Raises Stale before anything of it is written.

    Invalid (field moves) if an id that the batch moves still stands elsewhere in the graph afterwards; Broken for a
    link under a key that nobody decided.
    """
    turn = await take_turn(transaction, canonical(batch.instant))
    found = await look(transaction, batch)
    _compare(batch, turn, found)
    await found_people(transaction, batch, found, turn.sequence)
    await decide(transaction, batch, found, turn.sequence)
    new_claims = await _keep(transaction, batch, turn, found)
    await derive(transaction, batch, found, turn.sequence)
    await check_moved(transaction, batch)
    if batch.cursor is not None:
        await change(transaction, _PUT_CURSOR, [list(batch.cursor)])
    await _hand_over(transaction, batch, turn, found, new_claims)
    return Written(turn.sequence, new_claims, len(batch.claims) - new_claims)


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


async def _keep(transaction: AsyncManagedTransaction, batch: Batch, turn: Turn, found: Found) -> int:
    """Append the claims that are not there yet, in the batch's order; how many that were."""
    new = {row.claim: row for row in reversed(batch.claims) if row.claim not in found.claims}
    ordered = [new[claim] for claim in dict.fromkeys(row.claim for row in batch.claims) if claim in new]
    await change(
        transaction,
        _ADD_CLAIMS,
        (
            [row.claim, row.key, str(row.kind), row.source, row.sealed, turn.claims + place]
            for place, row in enumerate(ordered, 1)
        ),
        seq=turn.sequence,
    )
    return len(ordered)


async def _hand_over(
    transaction: AsyncManagedTransaction, batch: Batch, turn: Turn, found: Found, new_claims: int
) -> None:
    new = {row.entry: row for row in reversed(batch.outbox) if row.entry not in found.entries}
    ordered = [new[entry] for entry in dict.fromkeys(row.entry for row in batch.outbox) if entry in new]
    rows = ([row.entry, row.sealed, turn.entries + place] for place, row in enumerate(ordered, 1))
    await change(transaction, _ADD_ENTRIES, rows, seq=turn.sequence)
    await (await transaction.run(_COUNT, claims=new_claims, entries=len(ordered))).consume()
