"""What a batch finds when its turn has come: everything that it names, looked up in one statement under the lock.

With that known, nothing is merged: what is missing is created and what is there is changed, and creating is three
times as fast as merging.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from neo4j import AsyncManagedTransaction

from domain.errors import Broken, Unavailable
from domain.ids import KeyHash, PersonId
from graph.neo4j_store.given import run
from graph.neo4j_store.packing import unpacked
from graph.shapes import Batch

_LOCK = "MATCH (m:Meta {one: 1}) SET m.locked = true RETURN m.loading IS NOT NULL"
_NUMBER = """MATCH (m:Meta {one: 1})
    SET m.seq = m.seq + 1, m.instant = CASE WHEN m.instant < $given.instant THEN $given.instant ELSE m.instant END
    CREATE (:Batch {seq: m.seq, instant: m.instant})
    RETURN m.seq"""
_LOOK = """
    CALL () {
        UNWIND $given.people AS id MATCH (p:Person {id: id})
        RETURN collect([p.id, coalesce(p.version, 0), EXISTS { (p)-[:INTO]->() }]) AS people
    }
    CALL () {
        UNWIND $given.keys AS key MATCH (k:Key {key: key}) OPTIONAL MATCH (k)-[:OF]->(p:Person)
        RETURN collect([k.key, p.id]) AS keys
    }
    CALL () { UNWIND $given.households AS id MATCH (h:Household {id: id}) RETURN collect(h.id) AS households }
    CALL () { UNWIND $given.claims AS claim MATCH (c:Claim {claim: claim}) RETURN collect(c.claim) AS claims }
    CALL () { UNWIND $given.entries AS entry MATCH (o:Outbox {entry: entry}) RETURN collect(o.entry) AS entries }
    CALL () {
        UNWIND $given.written AS id MATCH (p:Person {id: id})
        RETURN collect([p.id, [(p)-[:STATED]->(n:National) | n.hash], p.searches]) AS sets
    }
    MATCH (m:Meta {one: 1})
    RETURN m.seq, m.parted, m.claims, m.entries, people, keys, households, claims, entries, sets"""


@dataclass(frozen=True, slots=True)
class Turn:
    """This batch's sequence, the newest that parted people, and how far the counters are."""

    sequence: int
    parted: int
    claims: int
    entries: int


@dataclass(frozen=True, slots=True)
class Found:
    """What is there of all that a batch names.

    `versions`: everyone with a node; 0 for whom nothing was written about yet. `owners`: keys with a node; None for one
    that only claims name. `nationals`, `searches`: of the people that are written again.
    """

    versions: dict[int, int]
    elsewhere: frozenset[int]
    owners: dict[KeyHash, PersonId | None]
    households: frozenset[int]
    claims: frozenset[bytes]
    entries: frozenset[bytes]
    nationals: dict[int, set[bytes]]
    searches: dict[int, set[bytes]]


async def lock(transaction: AsyncManagedTransaction, *, loading: bool = False) -> None:
    """Lock the meta node, so that nothing else is written by any hub meanwhile.

    Broken for a database without layout; Unavailable while it is being filled from a dump, but for who fills it.
    """
    record = await (await run(transaction, _LOCK)).single()
    if record is None:
        raise Broken(cause="no layout")
    if record[0] and not loading:
        raise Unavailable(cause="being filled from a dump")


async def take_turn(transaction: AsyncManagedTransaction, instant: str) -> int:
    """The next sequence, under the lock. Its instant is never before the last one's, wherever the clock has gone."""
    record = await (await run(transaction, _NUMBER, instant=instant)).single(strict=True)
    return int(record[0])


async def look(transaction: AsyncManagedTransaction, batch: Batch) -> tuple[Turn, Found]:
    """What the sequence of a batch will be, and everything that it names, under the lock."""
    again = [write for write in batch.people if write.base]
    record = await (
        await run(
            transaction,
            _LOOK,
            people=sorted(_people(batch)),
            keys=sorted(_keys(batch)),
            households=sorted({row.household for write in batch.people for row in write.memberships or ()}),
            claims=sorted({row.claim for row in batch.claims}),
            entries=sorted({row.entry for row in batch.outbox}),
            written=sorted(w.person for w in again if w.nationals is not None or w.searches is not None),
        )
    ).single(strict=True)
    newest, parted, claims_there, entries_there, people, keys, households, claims, entries, sets = record.values()
    return Turn(newest + 1, parted, claims_there, entries_there), Found(
        versions={person: version for person, version, _ in people},
        elsewhere=frozenset(person for person, _, elsewhere in people if elsewhere),
        owners=dict(keys),
        households=frozenset(households),
        claims=frozenset(claims),
        entries=frozenset(entries),
        nationals={person: set(hashes) for person, hashes, _ in sets},
        searches={person: unpacked(kept) for person, _, kept in sets},
    )


def _people(batch: Batch) -> set[int]:
    ids: set[int] = {row.person for row in batch.keys}
    ids.update(i for row in batch.redecisions for i in (row.was, row.person))
    ids.update(i for move in batch.moves for i in (move.person, move.into) if i is not None)
    ids.update(write.person for write in batch.people)
    ids.update(link.other for write in batch.people for link in write.links or ())
    return ids


def _keys(batch: Batch) -> set[bytes]:
    keys: set[bytes] = {row.key for row in batch.keys} | {row.key for row in batch.redecisions}
    keys.update(row.key for row in batch.claims)
    keys.update(link.key for write in batch.people for link in write.links or ())
    return keys


async def change(transaction: AsyncManagedTransaction, statement: str, rows: Iterable[Any], **more: Any) -> None:
    """Run a statement that unwinds `rows`, if there are any."""
    given = list(rows)
    if given:
        await (await run(transaction, statement, rows=given, **more)).consume()
