"""Where things came from: claims with their sources and instants, the decisions about keys, ids that name another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from domain.claims import ClaimKind
from domain.ids import KeyHash, PersonId
from graph.neo4j_store.shapes import NAMED
from graph.shapes import DecisionRow, Former, LineageRow, Origin

LINEAGE = f"""UNWIND $given.ids AS id {NAMED}
    MATCH (p)<-[:OF]-(:Key)<-[:ON]-(c:Claim) MATCH (b:Batch {{seq: c.seq}})
    RETURN collect([id, p.id, c.n, c.claim, c.source, c.kind, c.seq, b.instant])"""
ORIGINS = """UNWIND $given.claims AS claim
    MATCH (c:Claim {claim: claim})-[:ON]->(k:Key)-[:OF]->(p:Person) MATCH (b:Batch {seq: c.seq})
    RETURN collect([c.claim, p.id, c.source, c.kind, c.seq, b.instant, k.key, k.wrapped, c.sealed])"""
FORMER = f"""UNWIND $given.ids AS id {NAMED}
    WITH collect([id, p.id]) AS named, collect(DISTINCT p) AS people
    CALL (people) {{
        UNWIND people AS p MATCH (other:Person)-[steps:INTO*1..]->(p)
        RETURN collect([p.id, other.id, steps[0].seq]) AS rows
    }}
    RETURN named, rows"""
DECISIONS = """UNWIND $given.ids AS id CALL (id) {
        MATCH (:Person {id: id})<-[:OF]-(k:Key) RETURN k.key AS key
        UNION
        MATCH (d:PastDecision {person: id}) RETURN d.key AS key
    }
    WITH DISTINCT key CALL (key) {
        MATCH (k:Key {key: key})-[:OF]->(p:Person) RETURN [k.seq, k.key, p.id, k.reason] AS row
        UNION ALL
        MATCH (d:PastDecision {key: key}) RETURN [d.seq, d.key, d.person, d.reason] AS row
    }
    RETURN collect(row)"""

_KIND = {str(kind): kind for kind in ClaimKind}


def lineage(ids: Iterable[int], rows: Iterable[Sequence[Any]]) -> tuple[LineageRow, ...]:
    """The claims on the keys of these people, in the order of the people, each one's in recorded order."""
    rank = {asked: place for place, asked in enumerate(ids)}
    first: dict[int, int] = {}
    for asked, person, *_ in rows:
        first[person] = min(first.get(person, rank[asked]), rank[asked])
    kept = sorted((rank[row[0]], *row[1:]) for row in rows if rank[row[0]] == first[row[1]])
    return tuple(
        LineageRow(PersonId(person), claim, source, _KIND[kind], sequence, instant)
        for _, person, _, claim, source, kind, sequence, instant in kept
    )


def origins(claims: Iterable[bytes], rows: Iterable[Sequence[Any]]) -> tuple[Origin, ...]:
    """The claims of these ids with where they came from, in the order asked."""
    found = {row[0]: row for row in rows}
    return tuple(
        Origin(claim, person, source, _KIND[kind], sequence, instant, KeyHash(key), wrapped, sealed)
        for claim, person, source, kind, sequence, instant, key, wrapped, sealed in (
            found[asked] for asked in claims if asked in found
        )
    )


def former(
    ids: Iterable[int], named: Iterable[tuple[int, int]], rows: Iterable[Sequence[int]]
) -> Mapping[PersonId, tuple[Former, ...]]:
    """Person → the other ids that name them, by sequence of the merge, then ascending; people in the order asked."""
    found: dict[int, list[tuple[int, int]]] = {}
    for person, other, sequence in rows:
        found.setdefault(person, []).append((sequence, other))
    now: dict[int, int] = dict(named)
    people = dict.fromkeys(now[i] for i in ids if now.get(i) in found)
    return {PersonId(i): tuple(Former(PersonId(o), s) for s, o in sorted(found[i])) for i in people}


def decisions(rows: Iterable[list[Any]]) -> tuple[DecisionRow, ...]:
    """Decisions, ascending (sequence, key)."""
    return tuple(DecisionRow(KeyHash(key), person, reason, seq) for seq, key, person, reason in sorted(rows))
