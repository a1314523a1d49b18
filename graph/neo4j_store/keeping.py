"""What a batch adds about people and their keys: nodes of people with their payloads, decisions, claims, hashes.

Everything hangs on a person or on a key, and is written below it, so that a node is looked up once whatever is added
to it, and for whoever is new nothing is looked up at all. What is there already was found before (`looking`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from neo4j import AsyncManagedTransaction

from domain.ids import KeyHash
from graph.neo4j_store.given import run
from graph.neo4j_store.looking import Found, Turn, change
from graph.neo4j_store.packing import packed
from graph.shapes import Batch, NewKey, PersonWrite

_CLAIMS = """FOREACH (c IN %s |
        CREATE (:Claim {claim: c[0], kind: c[1], source: c[2], sealed: c[3], n: c[4], seq: $given.seq})-[:ON]->(k))"""
_BELOW = f"""
    FOREACH (one IN row.searches | CREATE (:Search {{key: one, person: row.id}}))
    FOREACH (one IN row.nationals | CREATE (p)-[:STATED]->(:National {{hash: one[0], place: one[1], seq: $given.seq}}))
    FOREACH (one IN row.keys |
        CREATE (k:Key {{key: one[0], source: one[1], wrapped: one[2], reason: one[3], seq: $given.seq}})-[:OF]->(p)
        {_CLAIMS % "one[4]"})"""
_KEEP = f"""
    CALL () {{ UNWIND $given.fresh AS row CREATE (p:Person) SET p = row.own {_BELOW} }}
    CALL () {{ UNWIND $given.again AS row MATCH (p:Person {{id: row.id}})
        FOREACH (category IN [one IN row.replaced WHERE p['r' + one] IS NOT NULL] |
            CREATE (:PastRecord {{person: row.id, category: category, since: p['q' + category], until: $given.seq,
                sealed: p['r' + category]}}))
        SET p += row.own {_BELOW} }}
    CALL () {{ UNWIND $given.unknown AS row CREATE (k:Key {{key: row[0]}}) {_CLAIMS % "row[1]"} }}
    CALL () {{ UNWIND $given.said AS row MATCH (k:Key {{key: row[0]}}) {_CLAIMS % "row[1]"} }}"""
_DECIDE = """UNWIND $given.rows AS row MATCH (k:Key {key: row[0]}) MATCH (p:Person {id: row[4]})
    SET k.source = row[1], k.wrapped = row[2], k.reason = row[3], k.seq = $given.seq CREATE (k)-[:OF]->(p)"""
_CUT_NATIONALS = """UNWIND $given.rows AS row MATCH (:Person {id: row[1]})-[:STATED]->(n:National) WHERE n.hash = row[0]
    DETACH DELETE n"""
_CUT_SEARCHES = "UNWIND $given.rows AS row MATCH (s:Search {key: row[0]}) WHERE s.person = row[1] DELETE s"


@dataclass(frozen=True, slots=True)
class Kept:
    """How many of a batch's claims were new."""

    claims: int


async def keep(transaction: AsyncManagedTransaction, batch: Batch, turn: Turn, found: Found) -> Kept:
    """Give everyone whom the batch names a node, with all that hangs on it; new claims in the batch's order."""
    claims = _claims(batch, turn, found)
    decided = {row.key: row for row in batch.keys if found.owners.get(row.key) is None}
    unknown = {key: [key, said] for key, said in claims.items() if key not in decided and key not in found.owners}
    said = [[key, rows] for key, rows in claims.items() if key not in unknown and key in found.owners]
    cut, people = _people(batch, turn, found, claims, decided)
    await change(transaction, _CUT_NATIONALS, cut.nationals)
    await change(transaction, _CUT_SEARCHES, cut.searches)
    fresh = [row for person, row in people.items() if person not in found.versions]
    again = [row for person, row in people.items() if person in found.versions]
    result = await run(
        transaction, _KEEP, fresh=fresh, again=again, unknown=list(unknown.values()), said=said, seq=turn.sequence
    )
    await result.consume()
    filled = [[row.key, row.source, row.wrapped, row.reason, row.person] for row in decided.values()]
    await change(transaction, _DECIDE, (row for row in filled if row[0] in found.owners), seq=turn.sequence)
    return Kept(sum(len(rows) for rows in claims.values()))


@dataclass(frozen=True, slots=True)
class _Cut:
    nationals: list[tuple[bytes, int]]
    searches: list[tuple[bytes, int]]


def _claims(batch: Batch, turn: Turn, found: Found) -> dict[KeyHash, list[Any]]:
    """Key → the claims on it that are not there yet, numbered in the batch's order."""
    new = {row.claim: row for row in reversed(batch.claims) if row.claim not in found.claims}
    ordered = [new[claim] for claim in dict.fromkeys(row.claim for row in batch.claims) if claim in new]
    rows: defaultdict[KeyHash, list[Any]] = defaultdict(list)
    for place, row in enumerate(ordered, turn.claims + 1):
        rows[row.key].append([row.claim, str(row.kind), row.source, row.sealed, place])
    return dict(rows)


def _people(
    batch: Batch,
    turn: Turn,
    found: Found,
    claims: Mapping[KeyHash, list[Any]],
    decided: Mapping[KeyHash, NewKey],
) -> tuple[_Cut, dict[int, dict[str, Any]]]:
    """What is to be cut first, and a row for each person whom the batch names."""
    rows = {person: _named(person) for person in sorted(_asked(batch))}
    for write in batch.people:
        rows[write.person] |= {"own": _own(write, turn.sequence), "replaced": sorted(write.records)}
    for row in decided.values():
        if row.key not in found.owners:
            rows[row.person]["keys"].append([row.key, row.source, row.wrapped, row.reason, claims.get(row.key, [])])
    cut_nationals, nationals = _difference(found.nationals, ((one.person, one.nationals) for one in batch.people))
    cut_searches, searches = _difference(found.searches, ((one.person, one.searches) for one in batch.people))
    places: dict[tuple[bytes, int], int] = {pair: place for place, pair in enumerate(dict.fromkeys(batch.stated))}
    for hashed, person in nationals:
        rows[person]["nationals"].append([hashed, places.get((hashed, person), len(places))])
    for key, person in searches:
        rows[person]["searches"].append(key)
    return _Cut(cut_nationals, cut_searches), {
        person: row for person, row in rows.items() if person not in found.versions or _tells(row)
    }


def _named(person: int) -> dict[str, Any]:
    return {"id": person, "own": {"id": person}, "replaced": [], "keys": [], "nationals": [], "searches": []}


def _tells(row: Mapping[str, Any]) -> bool:
    """Whether a row says anything about somebody who has a node."""
    return len(row["own"]) > 1 or bool(row["keys"] or row["nationals"] or row["searches"])


def _own(write: PersonWrite, sequence: int) -> dict[str, Any]:
    """The properties that a write gives a person; those it leaves out stay as they are."""
    row: dict[str, Any] = {"id": write.person, "version": write.base + 1, "facts": write.facts}
    if write.wrapped is not None:
        row["wrapped"] = write.wrapped
    for category, sealed in write.records.items():
        row[f"r{category}"] = sealed
        row[f"q{category}"] = sequence
    if write.searches is not None:
        row["searches"] = packed(write.searches)
    return row


def _asked(batch: Batch) -> set[int]:
    """Everyone who needs a node."""
    ids: set[int] = {row.person for row in batch.keys} | {row.person for row in batch.redecisions}
    ids.update(i for move in batch.moves for i in (move.person, move.into) if i is not None)
    ids.update(write.person for write in batch.people)
    ids.update(link.other for write in batch.people for link in write.links or ())
    return ids


def _difference(
    there: Mapping[int, set[bytes]], wanted: Iterable[tuple[int, Sequence[KeyHash] | None]]
) -> tuple[list[tuple[bytes, int]], list[tuple[bytes, int]]]:
    """(hash, person) rows to cut and to add. What stays is not touched, so that a first statement keeps its place."""
    cut: list[tuple[bytes, int]] = []
    add: list[tuple[bytes, int]] = []
    for person, values in wanted:
        if values is not None:
            present, whole = there.get(person, set()), set(values)
            cut += [(value, person) for value in present - whole]
            add += [(value, person) for value in whole - present]
    return sorted(cut), sorted(add)
