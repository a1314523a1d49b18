"""What is derived about people: written anew, and what that replaces kept for reads at an earlier sequence.

Sealed categories are properties of the person (`r0` to `r15`, in force since `q0` to `q15`), links and memberships
relationships. Somebody new (base 0) replaces nothing: for them nothing is matched, deleted or kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from neo4j import AsyncManagedTransaction

from domain.ids import KeyHash
from graph.neo4j_store.looking import Found, change
from graph.shapes import Batch, PersonWrite

_ADD_PEOPLE = "UNWIND $rows AS row CREATE (p:Person) SET p = row"
_CHANGE_PEOPLE = "UNWIND $rows AS row MATCH (p:Person {id: row.id}) SET p += row"
_ADD_HOUSEHOLDS = "UNWIND $rows AS id CREATE (:Household {id: id})"
_KEEP_RECORDS = """UNWIND $rows AS row MATCH (p:Person {id: row[0]})
    WITH p, row[1] AS category WHERE p['r' + category] IS NOT NULL
    CREATE (:PastRecord {person: p.id, category: category, since: p['q' + category], until: $seq,
        sealed: p['r' + category]})"""
_CUT_LINKS = """UNWIND $rows AS id MATCH (p:Person {id: id})-[l:LINK]->(o:Person)
    CREATE (:PastLink {person: p.id, other: o.id, place: l.place, kind: l.kind, year: l.year, key: l.key,
        sealed: l.sealed, since: l.since, until: $seq})
    DELETE l"""
_ADD_LINKS = """UNWIND $rows AS row MATCH (p:Person {id: row[0]}) MATCH (o:Person {id: row[2]})
    CREATE (p)-[:LINK {place: row[1], kind: row[3], year: row[4], key: row[5], sealed: row[6], since: $seq}]->(o)"""
_CUT_MEMBERSHIPS = """UNWIND $rows AS id MATCH (p:Person {id: id})-[i:IN]->(h:Household)
    CREATE (:PastMembership {person: p.id, household: h.id, place: i.place, sealed: i.sealed, since: i.since,
        until: $seq})
    DELETE i"""
_ADD_MEMBERSHIPS = """UNWIND $rows AS row MATCH (p:Person {id: row[0]}) MATCH (h:Household {id: row[2]})
    CREATE (p)-[:IN {place: row[1], sealed: row[3], since: $seq}]->(h)"""
_CUT_NATIONALS = """UNWIND $rows AS row MATCH (:Person {id: row[1]})-[:STATED]->(n:National) WHERE n.hash = row[0]
    DETACH DELETE n"""
_ADD_NATIONALS = """UNWIND $rows AS row MATCH (p:Person {id: row[1]})
    CREATE (p)-[:STATED]->(:National {hash: row[0], seq: $seq, place: row[2]})"""
_CUT_SEARCHES = """UNWIND $rows AS row MATCH (:Person {id: row[1]})-[:FOUND_BY]->(s:Search) WHERE s.key = row[0]
    DETACH DELETE s"""
_ADD_SEARCHES = """UNWIND $rows AS row MATCH (p:Person {id: row[1]})
    CREATE (p)-[:FOUND_BY]->(:Search {key: row[0]})"""


async def found_people(transaction: AsyncManagedTransaction, batch: Batch, found: Found, sequence: int) -> None:
    """Give everyone whom the batch names a node, and those whom it writes their payloads; households likewise."""
    written = {write.person: write for write in batch.people}
    new = [_row(write, sequence) for write in batch.people if write.person not in found.versions]
    bare = sorted(_named(batch) - found.versions.keys() - written.keys())
    again = [write for write in batch.people if write.person in found.versions]
    homes = {row.household for write in batch.people for row in write.memberships or ()} - found.households
    kept = [[write.person, category] for write in again for category in write.records]
    await change(transaction, _ADD_PEOPLE, [*new, *({"id": person} for person in bare)])
    await change(transaction, _KEEP_RECORDS, kept, seq=sequence)
    await change(transaction, _CHANGE_PEOPLE, (_row(write, sequence) for write in again))
    await change(transaction, _ADD_HOUSEHOLDS, sorted(homes))


async def derive(transaction: AsyncManagedTransaction, batch: Batch, found: Found, sequence: int) -> None:
    """Write everything else that is derived about the people of a batch."""
    people = batch.people
    links = [(write, write.links) for write in people if write.links is not None]
    homes = [(write, write.memberships) for write in people if write.memberships is not None]
    await change(transaction, _CUT_LINKS, (write.person for write, _ in links if write.base), seq=sequence)
    await change(
        transaction,
        _ADD_LINKS,
        (
            [write.person, place, row.other, str(row.kind), row.year, row.key, row.sealed]
            for write, rows in links
            for place, row in enumerate(rows)
        ),
        seq=sequence,
    )
    await change(transaction, _CUT_MEMBERSHIPS, (write.person for write, _ in homes if write.base), seq=sequence)
    await change(
        transaction,
        _ADD_MEMBERSHIPS,
        ([write.person, place, row.household, row.sealed] for write, rows in homes for place, row in enumerate(rows)),
        seq=sequence,
    )
    cut, add = _difference(found.nationals, ((write.person, write.nationals) for write in people))
    places: dict[tuple[bytes, int], int] = {pair: place for place, pair in enumerate(dict.fromkeys(batch.stated))}
    await change(transaction, _CUT_NATIONALS, cut)
    await change(transaction, _ADD_NATIONALS, ([*row, places.get(row, len(places))] for row in add), seq=sequence)
    cut, add = _difference(found.searches, ((write.person, write.searches) for write in people))
    await change(transaction, _CUT_SEARCHES, cut)
    await change(transaction, _ADD_SEARCHES, add)


def _row(write: PersonWrite, sequence: int) -> dict[str, Any]:
    """The properties that a write gives a person; those it leaves out stay as they are."""
    row: dict[str, Any] = {"id": write.person, "version": write.base + 1, "facts": write.facts}
    if write.wrapped is not None:
        row["wrapped"] = write.wrapped
    for category, sealed in write.records.items():
        row[f"r{category}"] = sealed
        row[f"q{category}"] = sequence
    return row


def _named(batch: Batch) -> set[int]:
    """Whom a batch names without writing anything about them."""
    ids: set[int] = {row.person for row in batch.keys} | {row.person for row in batch.redecisions}
    ids.update(i for move in batch.moves for i in (move.person, move.into) if i is not None)
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
