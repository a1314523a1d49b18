"""What stood in the graph at a sequence: records, links and memberships, now or after an earlier batch.

Now is read from the people and what they hang together by. At a sequence the nodes of what was replaced are read too:
what is there was in force if it was written by then, what was replaced if since <= at < until.
"""

from __future__ import annotations

from typing import Any

from domain.ids import KeyHash, PersonId
from domain.links import LinkKind
from graph.neo4j_store.shapes import AFTER, AROUND, BEFORE, NAMED
from graph.shapes import LinkShape, MemberRow, RecordRow

_PEOPLE = f"UNWIND $given.ids AS id {NAMED} WITH DISTINCT p"

RECORDS = f"""{_PEOPLE} UNWIND $given.wanted AS category
    WITH p, category, p['r' + category] AS sealed WHERE sealed IS NOT NULL
    RETURN collect([p.id, category, sealed])"""
RECORDS_AT = f"""{_PEOPLE} CALL (p) {{
        UNWIND $given.wanted AS category
        WITH p, category, p['r' + category] AS sealed WHERE sealed IS NOT NULL AND p['q' + category] <= $given.at
        RETURN [p.id, category, sealed] AS row
        UNION ALL
        MATCH (past:PastRecord {{person: p.id}})
        WHERE past.category IN $given.wanted AND past.since <= $given.at AND past.until > $given.at
        RETURN [past.person, past.category, past.sealed] AS row
    }}
    RETURN collect(row)"""

MEMBERSHIPS = f"""{_PEOPLE} MATCH (p)-[i:IN]->(h:Household)
    RETURN collect([p.id, h.id, i.place, i.sealed])"""
MEMBERSHIPS_AT = f"""{_PEOPLE} CALL (p) {{
        MATCH (p)-[i:IN]->(h:Household) WHERE i.since <= $given.at RETURN [p.id, h.id, i.place, i.sealed] AS row
        UNION ALL
        MATCH (past:PastMembership {{person: p.id}}) WHERE past.since <= $given.at AND past.until > $given.at
        RETURN [past.person, past.household, past.place, past.sealed] AS row
    }}
    RETURN collect(row)"""
HOUSEHOLDS = """UNWIND $given.ids AS id MATCH (h:Household {id: id})<-[i:IN]-(p:Person)
    RETURN collect([p.id, h.id, i.place, i.sealed])"""
HOUSEHOLDS_AT = """UNWIND $given.ids AS id CALL (id) {
        MATCH (h:Household {id: id})<-[i:IN]-(p:Person) WHERE i.since <= $given.at
        RETURN [p.id, h.id, i.place, i.sealed] AS row
        UNION ALL
        MATCH (past:PastMembership {household: id}) WHERE past.since <= $given.at AND past.until > $given.at
        RETURN [past.person, past.household, past.place, past.sealed] AS row
    }
    RETURN collect(row)"""

_BOTH_WAYS = """CALL (p) {
        MATCH (p)-[l:LINK]->(o:Person) WHERE l.kind IN $given.kinds RETURN l, o, true AS outgoing
        UNION ALL
        MATCH (p)<-[l:LINK]-(o:Person) WHERE l.kind IN $given.kinds RETURN l, o, false AS outgoing
    }
    MATCH (k:Key {key: l.key})"""
_LINK = "[p.id, o.id, l.kind, outgoing, l.place, l.key, k.wrapped, l.sealed]"

TIES = f"{_PEOPLE} {_BOTH_WAYS} RETURN collect({_LINK})"
LINKS = f"""{BEFORE}
    CALL () {{ {_PEOPLE} {_BOTH_WAYS} RETURN collect({_LINK}) AS links, collect(DISTINCT o) AS core }}
    {AROUND}
    {AFTER}, links, [o IN core | [o.id, o.id]], homes, shapes"""
LINKS_AT = f"""{BEFORE} CALL () {{ {_PEOPLE}
    CALL (p) {{
        MATCH (p)-[l:LINK]->(o:Person) WHERE l.kind IN $given.kinds AND l.since <= $given.at
        RETURN l, o.id AS other, true AS outgoing
        UNION ALL
        MATCH (p)<-[l:LINK]-(o:Person) WHERE l.kind IN $given.kinds AND l.since <= $given.at
        RETURN l, o.id AS other, false AS outgoing
        UNION ALL
        MATCH (l:PastLink {{person: p.id}})
        WHERE l.kind IN $given.kinds AND l.since <= $given.at AND l.until > $given.at
        RETURN l, l.other AS other, true AS outgoing
        UNION ALL
        MATCH (l:PastLink {{other: p.id}}) WHERE l.kind IN $given.kinds AND l.since <= $given.at AND l.until > $given.at
        RETURN l, l.person AS other, false AS outgoing
    }}
    MATCH (k:Key {{key: l.key}})
    RETURN collect([p.id, other, l.kind, outgoing, l.place, l.key, k.wrapped, l.sealed]) AS links,
        collect(DISTINCT other) AS others
    }}
    CALL (others) {{ UNWIND others AS id {NAMED} RETURN collect([id, p.id]) AS named, collect(DISTINCT p) AS core }}
    {AROUND}
    {AFTER}, links, named, homes, shapes"""

_KIND = {str(kind): kind for kind in LinkKind}


def records(rows: list[Any]) -> tuple[RecordRow, ...]:
    """Records in force, ascending (person, category)."""
    rows.sort()
    return tuple(RecordRow(PersonId(person), category, sealed) for person, category, sealed in rows)


def of_people(rows: list[Any]) -> tuple[MemberRow, ...]:
    """Memberships of people, ascending (person, household), each person's in the order written."""
    rows.sort(key=lambda row: (row[0], row[1], row[2]))
    return tuple(MemberRow(person, household, sealed) for person, household, _, sealed in rows)


def of_households(rows: list[Any]) -> tuple[MemberRow, ...]:
    """Memberships of households, ascending (household, person), each person's in the order written."""
    rows.sort(key=lambda row: (row[1], row[0], row[2]))
    return tuple(MemberRow(person, household, sealed) for person, household, _, sealed in rows)


def links(rows: list[Any]) -> tuple[LinkShape, ...]:
    """Links at either end, ascending (person, other, kind), outgoing first, then in the order written."""
    rows.sort(key=lambda row: (row[0], row[1], row[2], not row[3], row[4]))
    return tuple(
        LinkShape(PersonId(person), PersonId(other), _KIND[kind], outgoing, KeyHash(key), wrapped, sealed)
        for person, other, kind, outgoing, _, key, wrapped, sealed in rows
    )
