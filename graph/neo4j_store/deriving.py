"""How people hang together: links and memberships written anew, and what that replaces kept for earlier sequences.

Both are relationships with sealed terms. Somebody new (base 0) replaces nothing: for them nothing is matched, deleted
or kept. All people have nodes by now.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from neo4j import AsyncManagedTransaction

from graph.neo4j_store.given import run
from graph.neo4j_store.looking import Found
from graph.shapes import Batch

_DERIVE = """
    CALL () { UNWIND $given.unlinked AS id MATCH (p:Person {id: id})-[l:LINK]->(o:Person)
        CREATE (:PastLink {person: id, other: o.id, place: l.place, kind: l.kind, year: l.year, key: l.key,
            sealed: l.sealed, since: l.since, until: $given.seq})
        DELETE l }
    CALL () { UNWIND $given.links AS row MATCH (p:Person {id: row[0]})
        UNWIND row[1] AS one MATCH (o:Person {id: one[1]})
        CREATE (p)-[:LINK {place: one[0], kind: one[2], year: one[3], key: one[4], sealed: one[5],
            since: $given.seq}]->(o) }
    CALL () { UNWIND $given.unhoused AS id MATCH (p:Person {id: id})-[i:IN]->(h:Household)
        CREATE (:PastMembership {person: id, household: h.id, place: i.place, sealed: i.sealed, since: i.since,
            until: $given.seq})
        DELETE i }
    CALL () { UNWIND $given.homes AS id CREATE (:Household {id: id}) }
    CALL () { UNWIND $given.members AS row MATCH (h:Household {id: row[0]})
        UNWIND row[1] AS one MATCH (p:Person {id: one[0]})
        CREATE (p)-[:IN {place: one[1], sealed: one[2], since: $given.seq}]->(h) }"""


async def derive(transaction: AsyncManagedTransaction, batch: Batch, found: Found, sequence: int) -> None:
    """Write the links and memberships of the people of a batch, where it says anything of them."""
    linked = [write for write in batch.people if write.links is not None]
    housed = [write for write in batch.people if write.memberships is not None]
    if not linked and not housed:
        return
    members: defaultdict[int, list[Any]] = defaultdict(list)
    for write in housed:
        for place, row in enumerate(write.memberships or ()):
            members[row.household].append([write.person, place, row.sealed])
    result = await run(
        transaction,
        _DERIVE,
        unlinked=[write.person for write in linked if write.base],
        links=[
            [
                write.person,
                [[place, r.other, str(r.kind), r.year, r.key, r.sealed] for place, r in enumerate(write.links)],
            ]
            for write in linked
            if write.links
        ],
        unhoused=[write.person for write in housed if write.base],
        homes=sorted(members.keys() - found.households),
        members=[[household, rows] for household, rows in members.items()],
        seq=sequence,
    )
    await result.consume()
