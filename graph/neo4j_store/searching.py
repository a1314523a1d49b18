"""Search keys beside people: nodes that name their person by id, and the whole set packed into one property of theirs.

A person has some eight of them. As relationships they stood in the way of everything else that is read from a person,
for Neo4j looks through all relationships of a node that has few; the packed set tells what is there without reading
them one by one.
"""

from __future__ import annotations

from functools import partial

from graph.neo4j_store.connection import Connection
from graph.neo4j_store.looking import change
from graph.neo4j_store.packing import packed

_TIED = """MATCH (p:Person) WHERE p.id > $given.last WITH p ORDER BY p.id LIMIT $given.size
    RETURN collect([p.id, [(p)-[:FOUND_BY]->(s:Search) | s.key]])"""
_APART = """UNWIND $given.rows AS row MATCH (p:Person {id: row[0]}) SET p.searches = row[1]
    WITH p MATCH (p)-[found:FOUND_BY]->(s:Search) SET s.person = p.id DELETE found"""
_AT_ONCE = 1000


async def set_apart(connection: Connection) -> None:
    """Bring a database in which search keys hang on people to this form; cut off, it is called again."""
    last = 0
    while rows := (await connection.read(_TIED, fresh=True, last=last, size=_AT_ONCE))[0][0]:
        last = max(person for person, _ in rows)
        told = [[person, packed(keys)] for person, keys in rows if keys]
        await connection.write(partial(change, statement=_APART, rows=told))
