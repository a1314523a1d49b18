"""Who keys are and whom ids name: decisions made anew, moves, and what of them makes a batch stale."""

from __future__ import annotations

from neo4j import AsyncManagedTransaction

from domain.errors import Invalid
from domain.ids import KeyHash, PersonId
from graph.neo4j_store.given import run
from graph.neo4j_store.looking import Found, change
from graph.shapes import Batch

_DECIDE_ANEW = """UNWIND $given.rows AS row MATCH (k:Key {key: row[0]})-[of:OF]->(was:Person)
    MATCH (p:Person {id: row[1]})
    CREATE (:PastDecision {key: k.key, person: was.id, reason: k.reason, seq: k.seq})
    SET k.reason = row[2], k.seq = $given.seq DELETE of CREATE (k)-[:OF]->(p)"""
_MOVE_BACK = "UNWIND $given.rows AS id MATCH (:Person {id: id})-[into:INTO]->() DELETE into"
_MOVE = """UNWIND $given.rows AS row MATCH (p:Person {id: row[0]}) MATCH (target:Person {id: row[1]})
    CREATE (p)-[:INTO {seq: $given.seq}]->(target)"""
_ENDLESS = "UNWIND $given.ids AS id MATCH (p:Person {id: id})-[:INTO*1..]->(p) RETURN true LIMIT 1"
_PARTED = "MATCH (m:Meta {one: 1}) SET m.parted = $given.seq"
_STANDS = """UNWIND $given.ids AS id MATCH (p:Person {id: id})
    WHERE EXISTS { (p)<-[:OF]-() } OR EXISTS { (p)-[:LINK]-() } OR EXISTS { (p)-[:IN]->() }
        OR p.searches IS NOT NULL OR EXISTS { (p)-[:STATED]->() }
    RETURN true LIMIT 1"""


def compare_decisions(batch: Batch, found: Found) -> set[PersonId]:
    """Everyone about whom a batch is wrong.

    For a key that is decided otherwise both people are named: the one it is and the one the batch took it for. An id
    that names somebody else today may stand in a batch only to be moved by it.
    """
    expected: dict[KeyHash, PersonId] = {row.key: row.person for row in batch.keys}
    expected |= {row.key: row.was for row in batch.redecisions}
    wrong: set[PersonId] = set()
    for key, person in expected.items():
        owner = found.owners.get(key)
        if owner is not None and owner != person:
            wrong |= {owner, person}
    wrong |= {row.was for row in batch.redecisions if found.owners.get(row.key) is None}
    ids = {row.person for row in batch.keys} | {row.person for row in batch.redecisions}
    ids |= {write.person for write in batch.people}
    ids |= {link.other for write in batch.people for link in write.links or ()}
    return wrong | ((ids & found.elsewhere) - {move.person for move in batch.moves})


async def decide_anew(transaction: AsyncManagedTransaction, batch: Batch, sequence: int) -> None:
    """Write the redecisions and moves of a batch that is not stale; all people have nodes by now.

    Invalid if a chain of ids would lead to itself.
    """
    anew = [[row.key, row.person, row.reason] for row in batch.redecisions]
    away = [[move.person, move.into] for move in batch.moves if move.into is not None]
    await change(transaction, _DECIDE_ANEW, anew, seq=sequence)
    await change(transaction, _MOVE_BACK, (move.person for move in batch.moves))
    await change(transaction, _MOVE, away, seq=sequence)
    if await _any(transaction, _ENDLESS, [person for person, _ in away]):
        raise Invalid(field="moves")
    await (await run(transaction, _PARTED, seq=sequence)).consume()


async def check_moved(transaction: AsyncManagedTransaction, batch: Batch) -> None:
    """Once all is written: Invalid if an id that names somebody else from now on still stands in a row of the present.

    Else a grade on their keys would no longer reach whoever has the old id for a parent or lives with it.
    """
    away: list[int] = [move.person for move in batch.moves if move.into is not None]
    if await _any(transaction, _STANDS, away):
        raise Invalid(field="moves")


async def _any(transaction: AsyncManagedTransaction, statement: str, ids: list[int]) -> bool:
    return bool(ids) and await (await run(transaction, statement, ids=ids)).single() is not None
