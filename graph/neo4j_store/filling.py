"""A dump written into an empty database: a page a transaction, for one transaction would have to fit into memory.

While it goes on the meta node says so, and nothing else is written; if it fails, all is taken back. Cut off, it leaves
a database that is not ready, and that the next load empties first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from neo4j import AsyncManagedTransaction
from neo4j.exceptions import ConstraintError

from domain.errors import Invalid
from graph.dumping import Value
from graph.neo4j_store.connection import Connection
from graph.neo4j_store.given import run
from graph.neo4j_store.looking import lock
from graph.neo4j_store.searching import set_apart
from graph.shapes import DumpPage

_STATE = "MATCH (m:Meta {one: 1}) RETURN m.loading IS NOT NULL"
_FILLED = "MATCH (n) WHERE NOT n:Meta RETURN true LIMIT 1"
_BEGIN = "MATCH (m:Meta {one: 1}) SET m.loading = true"
_EMPTY = "MATCH (n) WHERE NOT n:Meta CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 2000 ROWS"
_AFRESH = """MATCH (m:Meta {one: 1})
    SET m.seq = 0, m.instant = '', m.parted = 0, m.claims = 0, m.entries = 0, m.loading = null"""
_END = "MATCH (m:Meta {one: 1}) SET m.loading = null"
_ENDLESS = "MATCH (p:Person)-[:INTO*1..]->(p) RETURN true LIMIT 1"

# Search keys come one by one, in an order of their own: they hang on their people until all are there.
_LOAD: Mapping[str, str] = {
    "batch": """UNWIND $given.rows AS row CREATE (:Batch {seq: row[0], instant: row[1]})
        WITH max(row[0]) AS seq, max(row[1]) AS instant
        MATCH (m:Meta {one: 1}) SET m.seq = seq, m.instant = instant""",
    "parting": "UNWIND $given.rows AS row MATCH (m:Meta {one: 1}) SET m.parted = row[0]",
    "key": """UNWIND $given.rows AS row MERGE (p:Person {id: row[3]})
        CREATE (:Key {key: row[0], source: row[1], wrapped: row[2], reason: row[4], seq: row[5]})-[:OF]->(p)""",
    "decision_past": """UNWIND $given.rows AS row MATCH (k:Key {key: row[0]})-[:OF]->()
        CREATE (:PastDecision {key: row[0], seq: row[1], person: row[2], reason: row[3]})""",
    "moved": """UNWIND $given.rows AS row MERGE (p:Person {id: row[0]}) MERGE (t:Person {id: row[1]})
        CREATE (p)-[:INTO {seq: row[2]}]->(t)""",
    "mark": "UNWIND $given.rows AS row CREATE (:Mark {hash: row[0]})",
    "person": """UNWIND $given.rows AS row MERGE (p:Person {id: row[0]})
        SET p.version = row[1], p.wrapped = row[2], p.facts = row[3]""",
    "national": """UNWIND $given.rows AS row MERGE (p:Person {id: row[1]})
        CREATE (p)-[:STATED]->(:National {hash: row[0], seq: row[2], place: row[3]})""",
    "search": "UNWIND $given.rows AS row MERGE (p:Person {id: row[1]}) CREATE (p)-[:FOUND_BY]->(:Search {key: row[0]})",
    "claim": """UNWIND $given.rows AS row MERGE (k:Key {key: row[1]})
        CREATE (:Claim {claim: row[0], kind: row[2], source: row[3], seq: row[4], sealed: row[5], n: row[6]})-[:ON]->(k)
        WITH max(row[6]) AS newest MATCH (m:Meta {one: 1}) SET m.claims = newest""",
    "record": "UNWIND $given.rows AS row MERGE (p:Person {id: row.id}) SET p += row",
    "record_past": """UNWIND $given.rows AS row
        CREATE (:PastRecord {person: row[0], category: row[1], since: row[2], until: row[3], sealed: row[4]})""",
    "link": """UNWIND $given.rows AS row MATCH (k:Key {key: row[5]})-[:OF]->()
        MERGE (p:Person {id: row[0]}) MERGE (o:Person {id: row[2]})
        CREATE (p)-[:LINK {place: row[1], kind: row[3], year: row[4], key: row[5], since: row[6],
            sealed: row[7]}]->(o)""",
    "link_past": """UNWIND $given.rows AS row MATCH (k:Key {key: row[7]})-[:OF]->()
        CREATE (:PastLink {person: row[0], since: row[1], place: row[2], until: row[3], other: row[4], kind: row[5],
            year: row[6], key: row[7], sealed: row[8]})""",
    "membership": """UNWIND $given.rows AS row MERGE (p:Person {id: row[0]}) MERGE (h:Household {id: row[2]})
        CREATE (p)-[:IN {place: row[1], since: row[3], sealed: row[4]}]->(h)""",
    "membership_past": """UNWIND $given.rows AS row
        CREATE (:PastMembership {person: row[0], since: row[1], place: row[2], until: row[3], household: row[4],
            sealed: row[5]})""",
    "cursor": "UNWIND $given.rows AS row CREATE (:Cursor {source: row[0], sealed: row[1]})",
    "outbox": """UNWIND $given.rows AS row CREATE (:Outbox {entry: row[0], seq: row[1], sealed: row[2], n: row[3]})
        WITH max(row[3]) AS newest MATCH (m:Meta {one: 1}) SET m.entries = newest""",
}

_HELD_BY_A_KEY = {"decision_past": "nodes", "link": "relationships", "link_past": "nodes"}
"""Tables whose rows hang on a decided key, and what a row makes: if less is made, a key was missing."""

_IDENTITY: Mapping[str, Callable[[Sequence[Value]], Any]] = {
    "decision_past": lambda row: (row[0], row[1]),
    "moved": lambda row: row[0],
    "person": lambda row: row[0],
    "national": lambda row: (row[0], row[1]),
    "search": lambda row: (row[0], row[1]),
    "record": lambda row: (row[0], row[1]),
    "record_past": lambda row: (row[0], row[1], row[2]),
    "link": lambda row: (row[0], row[1]),
    "link_past": lambda row: (row[0], row[1], row[2]),
    "membership": lambda row: (row[0], row[1]),
    "membership_past": lambda row: (row[0], row[1], row[2]),
}
"""What no two rows of a table may share where no constraint says so. Rows come ordered by it, so that a repeat stands
next to its like; one that does not is told by what is read later."""


class Filling:
    """One load: pages in, all taken back if it fails."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._numbered: defaultdict[str, int] = defaultdict(int)
        self._last: tuple[str, Any] = ("", None)

    async def begin(self) -> None:
        """Claim the empty database. Invalid if it is not empty."""
        if (await self._connection.read(_STATE, fresh=True))[0][0]:
            await self.take_back()
        if await self._connection.read(_FILLED, fresh=True):
            raise Invalid(field="store")
        await self._connection.write(lambda transaction: _alone(transaction, _BEGIN))

    async def page(self, page: DumpPage) -> None:
        """Write a page that was held against the form. Invalid, with its table, for a row that cannot be."""
        self._check_apart(page)
        rows = self._rows(page)

        async def put(transaction: AsyncManagedTransaction) -> int:
            await lock(transaction, loading=True)
            result = await run(transaction, _LOAD[page.table], rows=rows)
            counters = (await result.consume()).counters
            kind = _HELD_BY_A_KEY.get(page.table)
            if kind is None:
                return len(page.rows)
            return counters.nodes_created if kind == "nodes" else counters.relationships_created

        if await self._connection.write(put, refused=(ConstraintError, Invalid(field=page.table))) < len(page.rows):
            raise Invalid(field=page.table)

    async def end(self) -> None:
        """All is there. Invalid if a chain of ids leads to itself."""
        if await self._connection.read(_ENDLESS, fresh=True):
            raise Invalid(field="moved")
        await set_apart(self._connection)
        await self._connection.write(lambda transaction: _alone(transaction, _END))

    async def take_back(self) -> None:
        """Empty the database again."""
        await self._connection.run(_EMPTY)
        await self._connection.write(lambda transaction: _alone(transaction, _AFRESH))

    def _rows(self, page: DumpPage) -> list[Any]:
        if page.table == "record":
            people: defaultdict[Value, dict[str, Value]] = defaultdict(dict)
            for person, category, since, sealed in page.rows:
                people[person] |= {"id": person, f"r{category!r}": sealed, f"q{category!r}": since}
            return list(people.values())
        if page.table in {"claim", "outbox"}:
            first = self._numbered[page.table] + 1
            self._numbered[page.table] += len(page.rows)
            return [[*row, number] for number, row in enumerate(page.rows, first)]
        return [list(row) for row in page.rows]

    def _check_apart(self, page: DumpPage) -> None:
        identity = _IDENTITY.get(page.table)
        if identity is None:
            return
        table, last = self._last
        before = last if table == page.table else None
        for row in page.rows:
            if (this := identity(row)) == before:
                raise Invalid(field=page.table)
            before = this
        self._last = (page.table, before)


async def _alone(transaction: AsyncManagedTransaction, statement: str) -> None:
    await lock(transaction, loading=True)
    await (await run(transaction, statement)).consume()
