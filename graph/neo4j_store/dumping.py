"""The logical form read from one moment: inside one transaction that keeps writers waiting, for Neo4j shows a reader
what others commit meanwhile.

Tables by person or number come in the order of an index, as a stream. Neo4j orders bytes by their sign, so tables by
hash are ordered here: their hashes stay in memory until the table is done (about 100 bytes a row).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from neo4j import AsyncTransaction

from graph.dumping import PAGE, TABLES, Value
from graph.neo4j_store.given import run
from graph.shapes import DumpPage

Row = tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """How a table is read. `statement` gives rows, or with `many` a list of rows each; `key` orders rows that the
    statement leaves unordered: all of them, or with `within` those of the same first column alone."""

    statement: str
    many: bool = False
    key: Callable[[Row], Any] | None = None
    within: bool = False


def _past(label: str, columns: str, key: Callable[[Row], Any]) -> Table:
    return Table(
        f"MATCH (n:{label}) WHERE n.person > 0 WITH n ORDER BY n.person RETURN {columns}", key=key, within=True
    )


_PEOPLE = "MATCH (p:Person) WHERE p.id > 0 AND p.version IS NOT NULL WITH p ORDER BY p.id"

_TABLES: Mapping[str, Table] = {
    "batch": Table("MATCH (b:Batch) WHERE b.seq > 0 WITH b ORDER BY b.seq RETURN b.seq, b.instant"),
    "parting": Table("MATCH (m:Meta {one: 1}) WHERE m.parted > 0 RETURN m.parted"),
    "key": Table(
        "MATCH (k:Key)-[:OF]->(p:Person) RETURN k.key, k.source, k.wrapped, p.id, k.reason, k.seq",
        key=lambda row: row[0],
    ),
    "decision_past": Table(
        "MATCH (d:PastDecision) RETURN d.key, d.seq, d.person, d.reason", key=lambda row: (row[0], row[1])
    ),
    "moved": Table("MATCH (p:Person)-[i:INTO]->(t:Person) RETURN p.id, t.id, i.seq", key=lambda row: row[0]),
    "mark": Table("MATCH (m:Mark) RETURN m.hash", key=lambda row: row[0]),
    "person": Table(f"{_PEOPLE} RETURN p.id, p.version, p.wrapped, p.facts"),
    "national": Table(
        "MATCH (p:Person)-[:STATED]->(n:National) RETURN n.hash, p.id, n.seq, n.place",
        key=lambda row: (row[0], row[1]),
    ),
    "search": Table("MATCH (s:Search) RETURN s.key, s.person", key=lambda row: (row[0], row[1])),
    "claim": Table("""MATCH (c:Claim) WHERE c.n > 0 WITH c ORDER BY c.n MATCH (c)-[:ON]->(k:Key)
        RETURN c.claim, k.key, c.kind, c.source, c.seq, c.sealed"""),
    "record": Table(
        f"""{_PEOPLE} RETURN [category IN range(0, 15) WHERE p['r' + category] IS NOT NULL |
            [p.id, category, p['q' + category], p['r' + category]]]""",
        many=True,
    ),
    "record_past": _past(
        "PastRecord", "n.person, n.category, n.since, n.until, n.sealed", lambda row: (row[1], row[2])
    ),
    "link": Table(
        f"""{_PEOPLE} RETURN [(p)-[l:LINK]->(o:Person) |
            [p.id, l.place, o.id, l.kind, l.year, l.key, l.since, l.sealed]]""",
        many=True,
        key=lambda row: row[1],
        within=True,
    ),
    "link_past": _past(
        "PastLink",
        "n.person, n.since, n.place, n.until, n.other, n.kind, n.year, n.key, n.sealed",
        lambda row: (row[1], row[2]),
    ),
    "membership": Table(
        f"{_PEOPLE} RETURN [(p)-[i:IN]->(h:Household) | [p.id, i.place, h.id, i.since, i.sealed]]",
        many=True,
        key=lambda row: row[1],
        within=True,
    ),
    "membership_past": _past(
        "PastMembership",
        "n.person, n.since, n.place, n.until, n.household, n.sealed",
        lambda row: (row[1], row[2]),
    ),
    "cursor": Table("MATCH (c:Cursor) RETURN c.source, c.sealed", key=lambda row: row[0]),
    "outbox": Table("MATCH (o:Outbox) WHERE o.n > 0 WITH o ORDER BY o.n RETURN o.entry, o.seq, o.sealed"),
}


async def dumped(transaction: AsyncTransaction) -> AsyncIterator[DumpPage]:
    """All tables, page by page, of a transaction that holds the lock."""
    for name in TABLES:
        page: list[Row] = []
        async for row in _ordered(transaction, _TABLES[name]):
            page.append(row)
            if len(page) == PAGE:
                yield DumpPage(name, tuple(page))
                page = []
        if page:
            yield DumpPage(name, tuple(page))


async def _ordered(transaction: AsyncTransaction, table: Table) -> AsyncIterator[Row]:
    group: list[Row] = []
    async for row in _rows(transaction, table):
        if table.key is None:
            yield row
            continue
        if table.within and group and group[0][0] != row[0]:
            for one in sorted(group, key=table.key):
                yield one
            group = []
        group.append(row)
    if table.key is not None:
        for one in sorted(group, key=table.key):
            yield one


async def _rows(transaction: AsyncTransaction, table: Table) -> AsyncIterator[Row]:
    result = await run(transaction, table.statement)
    async for record in result:
        found: Iterable[Any] = record[0] if table.many else (record.values(),)
        for row in found:
            yield tuple(row)
