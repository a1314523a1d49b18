"""Erasing people, inside the caller's transaction.

A key may have been decided to be somebody else before. What was derived about that other person in those days may hold
what the key says, so it goes as well; what stands about them today was derived without it.

Neo4j frees what is deleted without overwriting it at once, and its transaction log holds it for as long as the server
keeps logs (docs/how-to/run-on-neo4j.md). What erases for good is that the wrapped keys go: nothing sealed under them
can be opened any more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from neo4j import AsyncManagedTransaction

from domain.ids import KeyHash
from graph.checks import EPOCH
from graph.neo4j_store.given import run
from graph.neo4j_store.looking import change, lock, take_turn
from graph.neo4j_store.packing import unpacked
from graph.neo4j_store.shapes import NAMED

_LOOK = f"""UNWIND $given.ids AS id {NAMED} WITH DISTINCT p
    RETURN collect([
        p.id,
        EXISTS {{ MATCH (q:Person)-[:INTO*0..]->(p) WHERE q.version IS NOT NULL OR EXISTS {{ (q)<-[:OF]-() }} }},
        [(q:Person)-[:INTO*1..]->(p) | q.id]
    ])"""
_OWNED = """UNWIND $given.ids AS id MATCH (p:Person {id: id})
    RETURN collect([[(p)<-[:OF]-(k:Key) | k.key], [(p)-[:STATED]->(n:National) | n.hash], p.id, p.searches])"""
_MARKED = "UNWIND $given.hashes AS hash MATCH (m:Mark {hash: hash}) RETURN collect(m.hash)"
_DECIDED = """UNWIND $given.keys AS key CALL (key) {
        MATCH (k:Key {key: key})-[:OF]->(p:Person) RETURN [k.key, k.seq, p.id] AS row
        UNION ALL
        MATCH (d:PastDecision {key: key}) RETURN [d.key, d.seq, d.person] AS row
    }
    RETURN collect(row)"""
_MOVE_ON = """UNWIND $given.ids AS id MATCH (:Person {id: id})-[:LINK]-(o:Person)
    WHERE NOT o.id IN $given.ids AND o.version IS NOT NULL
    WITH DISTINCT o SET o.version = o.version + 1"""
_MARK = "UNWIND $given.rows AS hash CREATE (:Mark {hash: hash})"
_PARTED = "MATCH (m:Meta {one: 1}) SET m.parted = $given.seq"

_OF_HOLDER = (
    "UNWIND $given.rows AS row MATCH (:Person {id: row[0]})-[l:LINK]->() WHERE l.key = row[1] DELETE l",
    "UNWIND $given.rows AS row MATCH (l:PastLink {person: row[0]}) WHERE l.key = row[1] DELETE l",
)
_OF_THOSE_DAYS = tuple(
    f"UNWIND $given.rows AS row MATCH (n:{label} {{{name}: row[0]}}) "
    "WHERE n.since >= row[2] AND n.since < row[3] DELETE n"
    for label, name in (
        ("PastRecord", "person"),
        ("PastLink", "person"),
        ("PastLink", "other"),
        ("PastMembership", "person"),
    )
)
_OF_PERSON = (
    "UNWIND $given.rows AS id MATCH (n:PastRecord {person: id}) DELETE n",
    "UNWIND $given.rows AS id MATCH (n:PastLink {person: id}) DELETE n",
    "UNWIND $given.rows AS id MATCH (n:PastLink {other: id}) DELETE n",
    "UNWIND $given.rows AS id MATCH (n:PastMembership {person: id}) DELETE n",
    "UNWIND $given.rows AS id MATCH (n:PastDecision {person: id}) DELETE n",
    "UNWIND $given.rows AS id MATCH (:Person {id: id})-[:STATED]->(n:National) DETACH DELETE n",
    """UNWIND $given.rows AS id MATCH (:Person {id: id})-[i:IN]->(h:Household) DELETE i
        WITH DISTINCT h WHERE NOT EXISTS { (h)<-[:IN]-() } DELETE h""",
)
_OF_KEY = (
    "UNWIND $given.rows AS key MATCH (:Key {key: key})<-[:ON]-(n:Claim) DETACH DELETE n",
    "UNWIND $given.rows AS key MATCH (n:PastDecision {key: key}) DELETE n",
    "UNWIND $given.rows AS key MATCH (n:Key {key: key}) DETACH DELETE n",
)
_NOT_SEARCHED = "UNWIND $given.rows AS row MATCH (s:Search {key: row[0]}) WHERE s.person = row[1] DELETE s"
_GONE = "UNWIND $given.rows AS id MATCH (n:Person {id: id}) DETACH DELETE n"


async def forget(transaction: AsyncManagedTransaction, ids: Sequence[int], marks: Sequence[KeyHash]) -> int:
    """Erase the people whom the ids name today, and set the marks; how many people there were.

    Takes a sequence of its own if anything changed, so that a batch that was begun before it is Stale.
    """
    await lock(transaction)
    roots = await _one(transaction, _LOOK, ids=list(ids))
    whole = sorted({*(root for root, _, _ in roots), *(other for _, _, others in roots for other in others)})
    owned = await _one(transaction, _OWNED, ids=whole)
    keys = sorted({key for found, *_ in owned for key in found})
    count = sum(bool(there) for _, there, _ in roots)
    wanted = {*marks, *keys, *(national for _, found, *_ in owned for national in found)}
    new = sorted(wanted.difference(await _one(transaction, _MARKED, hashes=sorted(wanted))))
    if not count and not new:
        return 0
    sequence = await take_turn(transaction, EPOCH)
    await (await run(transaction, _MOVE_ON, ids=whole)).consume()
    searched = [[key, person] for *_, person, kept in owned for key in sorted(unpacked(kept))]
    await change(transaction, _NOT_SEARCHED, searched)
    await _erase(transaction, whole, keys)
    await change(transaction, _MARK, new)
    await (await run(transaction, _PARTED, seq=sequence)).consume()
    return count


async def _erase(transaction: AsyncManagedTransaction, whole: list[int], keys: list[bytes]) -> None:
    held = _held(await _one(transaction, _DECIDED, keys=keys))
    others = [row for row in held if row[0] not in set(whole)]
    for statement in (*_OF_HOLDER, *_OF_THOSE_DAYS):
        await change(transaction, statement, others)
    for statement in _OF_PERSON:
        await change(transaction, statement, whole)
    for statement in _OF_KEY:
        await change(transaction, statement, keys)
    await change(transaction, _GONE, whole)


def _held(rows: Iterable[list[Any]]) -> list[list[Any]]:
    """(person, key, since, until) of the decisions about the keys that were replaced."""
    decided: defaultdict[Any, list[tuple[Any, Any]]] = defaultdict(list)
    for key, sequence, person in sorted(rows):
        decided[key].append((sequence, person))
    return [
        [person, key, since, until] for key, steps in decided.items() for (since, person), (until, _) in pairwise(steps)
    ]


async def _one(transaction: AsyncManagedTransaction, statement: str, **parameters: Any) -> list[Any]:
    record = await (await run(transaction, statement, **parameters)).single(strict=True)
    found: list[Any] = record[0]
    return found
