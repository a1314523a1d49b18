"""Bare batched writes to Neo4j: the rows of a batch under labels of their own, one transaction, UNWIND a kind of row.

The same server as the store's, the same shapes, indexes on what is looked up; nothing is compared or kept.
"""

from __future__ import annotations

from typing import Any

from neo4j import AsyncDriver, AsyncGraphDatabase, AsyncManagedTransaction

from benchmarks.scale.beside import Write
from graph.shapes import Batch

_INDEXES = (
    "CREATE CONSTRAINT bare_person IF NOT EXISTS FOR (n:BarePerson) REQUIRE n.id IS UNIQUE",
    "CREATE CONSTRAINT bare_household IF NOT EXISTS FOR (n:BareHousehold) REQUIRE n.id IS UNIQUE",
    "CREATE CONSTRAINT bare_key IF NOT EXISTS FOR (n:BareKey) REQUIRE n.key IS UNIQUE",
    "CREATE CONSTRAINT bare_claim IF NOT EXISTS FOR (n:BareClaim) REQUIRE n.claim IS UNIQUE",
    "CREATE INDEX bare_national IF NOT EXISTS FOR (n:BareNational) ON (n.hash)",
    "CREATE INDEX bare_search IF NOT EXISTS FOR (n:BareSearch) ON (n.key)",
)
_PEOPLE = "UNWIND $rows AS row MERGE (p:BarePerson {id: row.id}) SET p += row"
_KEYS = """UNWIND $rows AS row MATCH (p:BarePerson {id: row[3]})
    CREATE (:BareKey {key: row[0], source: row[1], wrapped: row[2], reason: row[4]})-[:BARE_OF]->(p)"""
_CLAIMS = """UNWIND $rows AS row MATCH (k:BareKey {key: row[1]})
    MERGE (c:BareClaim {claim: row[0]}) ON CREATE SET c.kind = row[2], c.source = row[3], c.sealed = row[4]
    CREATE (c)-[:BARE_ON]->(k)"""
_LINKS = """UNWIND $rows AS row MERGE (o:BarePerson {id: row[1]}) WITH row, o MATCH (p:BarePerson {id: row[0]})
    CREATE (p)-[:BARE_LINK {kind: row[2], year: row[3], key: row[4], sealed: row[5]}]->(o)"""
_MEMBERSHIPS = """UNWIND $rows AS row MERGE (h:BareHousehold {id: row[1]})
    WITH row, h MATCH (p:BarePerson {id: row[0]}) CREATE (p)-[:BARE_IN {sealed: row[2]}]->(h)"""
_NATIONALS = """UNWIND $rows AS row MATCH (p:BarePerson {id: row[1]})
    CREATE (p)-[:BARE_STATED]->(:BareNational {hash: row[0]})"""
_SEARCHES = """UNWIND $rows AS row MATCH (p:BarePerson {id: row[1]})
    CREATE (p)-[:BARE_FOUND_BY]->(:BareSearch {key: row[0]})"""

Statements = list[tuple[str, list[Any]]]


class BareNeo4j:
    """Writes barely to the server at `url`."""

    def __init__(self, driver: AsyncDriver) -> None:
        self._driver = driver

    @classmethod
    async def made(cls, url: str, user: str, password: str) -> BareNeo4j:
        """Make the indexes first."""
        driver = AsyncGraphDatabase.driver(url, auth=(user, password))
        async with driver.session() as session:
            for statement in _INDEXES:
                await (await session.run(statement)).consume()
            await (await session.run("CALL db.awaitIndexes(300)")).consume()
        return cls(driver)

    def prepare(self, batch: Batch, sequence: int) -> tuple[int, Write]:
        statements = _rows(batch)

        async def work(transaction: AsyncManagedTransaction) -> None:
            for cypher, rows in statements:
                if rows:
                    await (await transaction.run(cypher, rows=rows)).consume()

        async def write() -> None:
            async with self._driver.session() as session:
                await session.execute_write(work)

        # A record is a property here and a row of SQLite's: counted alike, so that the stores can be held together.
        records = sum(len(person.records) for person in batch.people)
        return sum(len(rows) for _, rows in statements) + records, write

    async def close(self) -> None:
        await self._driver.close()


def _rows(batch: Batch) -> Statements:
    people = batch.people
    return [
        (_PEOPLE, [_person(p.person, p.base + 1, p.wrapped, p.facts, p.records) for p in people]),
        (_KEYS, [[k.key, k.source, k.wrapped, k.person, k.reason] for k in batch.keys]),
        (_CLAIMS, [[c.claim, c.key, str(c.kind), c.source, c.sealed] for c in batch.claims]),
        (_LINKS, [[p.person, r.other, str(r.kind), r.year, r.key, r.sealed] for p in people for r in p.links or ()]),
        (_MEMBERSHIPS, [[p.person, r.household, r.sealed] for p in people for r in p.memberships or ()]),
        # Of what is a whole set, only what a new person brings: an older one's would be there already.
        (_NATIONALS, [[hashed, p.person] for p in people if not p.base for hashed in p.nationals or ()]),
        (_SEARCHES, [[key, p.person] for p in people if not p.base for key in p.searches or ()]),
    ]


def _person(person: int, version: int, wrapped: bytes | None, facts: bytes, records: Any) -> dict[str, Any]:
    row: dict[str, Any] = {"id": person, "version": version, "facts": facts}
    if wrapped is not None:
        row["wrapped"] = wrapped
    return row | {f"r{category}": sealed for category, sealed in records.items()}
