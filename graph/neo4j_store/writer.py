"""The Writer on Neo4j."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from neo4j import AsyncManagedTransaction

from domain.claims import ClaimKind
from domain.errors import Invalid
from domain.ids import KeyHash, PersonId
from graph.checks import check
from graph.neo4j_store.committing import commit
from graph.neo4j_store.connection import Connection
from graph.neo4j_store.looking import change, lock
from graph.neo4j_store.reader import known_range, moment
from graph.neo4j_store.shapes import AFTER, BEFORE
from graph.shapes import Batch, OutboxRow, PersonClaims, SealedClaim, Written

_CLAIMS = f"""{BEFORE} CALL () {{
    UNWIND $given.ids AS id MATCH (p:Person {{id: id}}) WHERE p.version IS NOT NULL
    RETURN collect([
        id, p.id, p.version, p.wrapped,
        [(p)<-[:OF]-(k:Key) | [k.key, k.wrapped]],
        [(p)<-[:OF]-(k:Key)<-[:ON]-(c:Claim) | [c.n, c.claim, k.key, c.kind, c.source, c.seq, c.sealed]],
        [(p)-[:STATED]->(n:National) | [n.seq, n.hash]]
    ]) AS people }}
    {AFTER}, people"""
_CURSOR = "MATCH (c:Cursor {source: $given.source}) RETURN c.sealed"
_PENDING = "MATCH (o:Outbox) WHERE o.n > 0 WITH o ORDER BY o.n LIMIT $given.limit RETURN collect([o.entry, o.sealed])"
_SETTLE = "UNWIND $given.rows AS entry MATCH (o:Outbox {entry: entry}) DELETE o"

_KIND = {str(kind): kind for kind in ClaimKind}


class Neo4jWriter:
    """Writes to one graph database, and what folding reads. Answers after the commit is durable."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def write(self, batch: Batch) -> Written:
        """As the port says.

        Invalid for a batch that no store can write. A link under a key that nobody decided is Broken, and nothing is
        written. A cancelled call leaves the batch whole or absent; like Unavailable, it does not say which.
        """
        check(batch)
        return await self._connection.write(partial(commit, batch=batch))

    async def claims(self, persons: Sequence[PersonId]) -> Mapping[PersonId, PersonClaims]:
        """As the port says, all of it of one moment: else a fold could miss a claim that its version counts."""
        asked = known_range(persons)
        _, (people,) = await moment(self._connection, _CLAIMS, ids=asked)
        found = {row[0]: row[1:] for row in people}
        return {PersonId(found[i][0]): _claims(*found[i]) for i in asked if i in found}

    async def cursor(self, source: str) -> bytes | None:
        """As the port says."""
        rows = await self._connection.read(_CURSOR, fresh=True, source=source)
        return bytes(rows[0][0]) if rows else None

    async def pending(self, limit: int) -> tuple[OutboxRow, ...]:
        """As the port says. Invalid for a negative limit."""
        if limit < 0:
            raise Invalid(field="limit")
        rows = await self._connection.read(_PENDING, fresh=True, limit=limit)
        return tuple(OutboxRow(*row) for row in rows[0][0])

    async def settle(self, ids: Sequence[bytes]) -> None:
        """As the port says."""

        async def gone(transaction: AsyncManagedTransaction) -> None:
            await lock(transaction)
            await change(transaction, _SETTLE, ids)

        await self._connection.write(gone)


def _claims(
    person: PersonId,
    version: int,
    wrapped: bytes,
    keys: list[tuple[KeyHash, bytes]],
    rows: list[Any],
    nationals: list[tuple[int, KeyHash]],
) -> PersonClaims:
    return PersonClaims(
        person,
        version,
        wrapped,
        dict(keys),
        tuple(
            SealedClaim(claim, key, _KIND[kind], source, sequence, sealed)
            for _, claim, key, kind, source, sequence, sealed in sorted(rows)
        ),
        tuple(national for _, national in sorted(nationals)),
    )
