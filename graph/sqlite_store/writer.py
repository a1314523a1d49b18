"""The Writer on SQLite."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Mapping, Sequence

from domain.claims import ClaimKind
from domain.errors import Invalid
from domain.ids import KeyHash, PersonId
from graph.checks import check
from graph.shapes import Batch, OutboxRow, PersonClaims, SealedClaim, Written
from graph.sqlite_store.committing import commit
from graph.sqlite_store.reading import Reading, known_range, select
from graph.sqlite_store.writing import WriteThread

_PERSONS = "SELECT id, version, wrapped FROM person WHERE id IN ($)"
_KEYS = "SELECT person, key, wrapped FROM source_key WHERE person IN ($) ORDER BY person, key"
_CLAIMS = """SELECT c.n, k.person, c.claim, c.key, c.kind, c.source, c.seq, c.sealed FROM source_key k
    CROSS JOIN claim c ON c.key = k.key WHERE k.person IN ($)"""
_NATIONALS = "SELECT person, seq, hash FROM national WHERE person IN ($)"
_CURSOR = "SELECT sealed FROM cursor WHERE source = ?"
_PENDING = "SELECT entry, sealed FROM outbox ORDER BY n LIMIT ?"
_SETTLE = "DELETE FROM outbox WHERE entry = ?"

_KIND = {str(kind): kind for kind in ClaimKind}


class SqliteWriter:
    """Writes to one graph file, and what folding reads. Answers after the commit is on disk."""

    def __init__(self, thread: WriteThread, file: Reading) -> None:
        self._thread = thread
        self._file = file

    async def write(self, batch: Batch) -> Written:
        """As the port says.

        Invalid for a batch that no store can write. A link under a key that nobody decided is Broken, and nothing is
        written. A cancelled call leaves the batch whole or absent; like Unavailable, it does not say which.
        """
        check(batch)

        def job(connection: sqlite3.Connection) -> Written:
            return commit(connection, batch)

        return await self._thread.run(job)

    async def claims(self, persons: Sequence[PersonId]) -> Mapping[PersonId, PersonClaims]:
        """As the port says, all of it from one snapshot."""
        with self._file as connection:
            asked = known_range(persons)
            people = {row[0]: row for row in select(connection, _PERSONS, asked)}
            keys: defaultdict[int, dict[KeyHash, bytes]] = defaultdict(dict)
            for person, key, wrapped in select(connection, _KEYS, asked):
                keys[person][key] = wrapped
            nationals: defaultdict[int, list[KeyHash]] = defaultdict(list)
            for person, _, national in sorted(select(connection, _NATIONALS, asked)):
                nationals[person].append(national)
            rows = sorted(select(connection, _CLAIMS, asked))
        claims: defaultdict[int, list[SealedClaim]] = defaultdict(list)
        for _, person, claim, key, kind, source, sequence, sealed in rows:
            claims[person].append(SealedClaim(claim, key, _KIND[kind], source, sequence, sealed))
        return {
            PersonId(i): PersonClaims(
                PersonId(i), people[i][1], people[i][2], keys[i], tuple(claims[i]), tuple(nationals[i])
            )
            for i in asked
            if i in people
        }

    async def cursor(self, source: str) -> bytes | None:
        """As the port says."""
        with self._file as connection:
            row = connection.execute(_CURSOR, (source,)).fetchone()
        return row[0] if row is not None else None

    async def pending(self, limit: int) -> tuple[OutboxRow, ...]:
        """As the port says. Invalid for a negative limit."""
        if limit < 0:
            raise Invalid(field="limit")
        with self._file as connection:
            return tuple(OutboxRow(*row) for row in connection.execute(_PENDING, (limit,)))

    async def settle(self, ids: Sequence[bytes]) -> None:
        """As the port says."""

        def job(connection: sqlite3.Connection) -> None:
            connection.executemany(_SETTLE, [(entry,) for entry in ids])

        await self._thread.run(job)
