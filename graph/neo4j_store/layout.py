"""Constraints and indexes, as a list of steps from an empty database to the newest layout.

A step that was released is never edited. Steps are schema statements, each a transaction of its own that may be
repeated; only when all indexes are online does the meta node tell the new number. The meta node is also what writers
lock, so that batches have one order: it holds the newest sequence and instant, and how many claims and entries there
were.
"""

from __future__ import annotations

from neo4j import AsyncManagedTransaction

from domain.errors import Broken
from graph.neo4j_store.connection import Connection
from graph.neo4j_store.given import run
from graph.neo4j_store.searching import set_apart


def _unique(label: str, name: str) -> str:
    return f"CREATE CONSTRAINT {label}_{name} IF NOT EXISTS FOR (n:{label}) REQUIRE n.{name} IS UNIQUE"


def _index(label: str, name: str) -> str:
    return f"CREATE INDEX {label}_{name} IF NOT EXISTS FOR (n:{label}) ON (n.{name})"


_FIRST = (
    _unique("Batch", "seq"),
    _index("Batch", "instant"),
    _unique("Key", "key"),
    _unique("Claim", "claim"),
    # The recorded order, which a dump keeps.
    _index("Claim", "n"),
    _unique("Person", "id"),
    _unique("Household", "id"),
    _index("National", "hash"),
    _index("Search", "key"),
    _index("PastDecision", "key"),
    _index("PastDecision", "person"),
    _index("PastRecord", "person"),
    _index("PastLink", "person"),
    _index("PastLink", "other"),
    _index("PastMembership", "person"),
    _index("PastMembership", "household"),
    _unique("Mark", "hash"),
    _unique("Cursor", "source"),
    _unique("Outbox", "entry"),
    _index("Outbox", "n"),
)

STEPS: tuple[tuple[str, ...], ...] = (_FIRST, ())
NEWEST = len(STEPS)
_ANEW = {2: set_apart}
"""Layout → what brings the data of the one before to it, once all indexes are online; may be repeated."""

_ONE_META = _unique("Meta", "one")
_ANYTHING = "MATCH (n) WHERE NOT n:Meta RETURN true LIMIT 1"
_LAYOUT = "MATCH (m:Meta {one: 1}) RETURN m.layout"
_READY = "MATCH (m:Meta {one: 1}) WHERE m.loading IS NULL RETURN m.layout"
_AWAIT = "CALL db.awaitIndexes(300)"
_WAITING = "SHOW INDEXES YIELD state WHERE state <> 'ONLINE' RETURN count(*)"
_DONE = """MERGE (m:Meta {one: 1})
    ON CREATE SET m.seq = 0, m.instant = '', m.parted = 0, m.claims = 0, m.entries = 0
    SET m.layout = $given.layout"""


async def layout_of(connection: Connection) -> int:
    """The layout of a database: 0 for an empty one. Broken if it holds something else or is of a later hub."""
    rows = await connection.read(_LAYOUT, fresh=True)
    if not rows:
        if await connection.read(_ANYTHING, fresh=True):
            raise Broken(cause="not a graph database")
        return 0
    layout = int(rows[0][0])
    if layout > NEWEST:
        raise Broken(cause="layout of a later version")
    return layout


async def is_ready(connection: Connection) -> bool:
    """Whether the layout is the newest and no dump is being loaded."""
    return await connection.read(_READY, fresh=True) == [[NEWEST]]


async def bring_up(connection: Connection) -> int:
    """Run the missing steps; the newest layout. Cut off, it goes on where it was when it is called again."""
    layout = await layout_of(connection)
    if layout == NEWEST:
        return NEWEST
    await connection.run(_ONE_META)
    for step in STEPS[layout:]:
        for statement in step:
            await connection.run(statement)
    await connection.run(_AWAIT)
    if (await connection.run(_WAITING))[0][0]:
        raise Broken(cause="an index did not come online")
    for number in range(layout + 1, NEWEST + 1):
        if layout and number in _ANEW:
            await _ANEW[number](connection)

    async def done(transaction: AsyncManagedTransaction) -> None:
        await (await run(transaction, _DONE, layout=NEWEST)).consume()

    await connection.write(done)
    return NEWEST
