"""Wrapped keys replaced, a page at a time: those of people, then those of source keys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from neo4j import AsyncManagedTransaction

from graph.neo4j_store.given import run
from graph.neo4j_store.looking import change, lock


@dataclass(frozen=True, slots=True)
class Keys:
    """The wrapped keys of one label: the first page, the pages behind a node, and how one is replaced."""

    first: str
    behind: str
    put: str


OF_PEOPLE = Keys(
    """MATCH (p:Person) WHERE p.id > 0 AND p.version IS NOT NULL WITH p ORDER BY p.id LIMIT $given.size
        RETURN collect([p.id, p.wrapped])""",
    """MATCH (p:Person) WHERE p.id > $given.after AND p.version IS NOT NULL WITH p ORDER BY p.id LIMIT $given.size
        RETURN collect([p.id, p.wrapped])""",
    "UNWIND $given.rows AS row MATCH (p:Person {id: row[0]}) SET p.wrapped = row[1]",
)
OF_SOURCES = Keys(
    """MATCH (k:Key) WHERE k.key IS NOT NULL AND k.wrapped IS NOT NULL WITH k ORDER BY k.key LIMIT $given.size
        RETURN collect([k.key, k.wrapped])""",
    """MATCH (k:Key) WHERE k.key > $given.after AND k.wrapped IS NOT NULL WITH k ORDER BY k.key LIMIT $given.size
        RETURN collect([k.key, k.wrapped])""",
    "UNWIND $given.rows AS row MATCH (k:Key {key: row[0]}) SET k.wrapped = row[1]",
)


@dataclass(frozen=True, slots=True)
class Page:
    """How many nodes a page looked at, and behind which one the next begins."""

    count: int
    last: Any


async def rekey_page(
    transaction: AsyncManagedTransaction, keys: Keys, after: Any, size: int, rewrap: Callable[[bytes], bytes]
) -> Page:
    """Rewrap the keys of the next `size` nodes behind `after` (None: from the start)."""
    await lock(transaction)
    statement = keys.first if after is None else keys.behind
    found = (await (await run(transaction, statement, size=size, after=after)).single(strict=True))[0]
    changed = [[node, fresh] for node, wrapped in found if (fresh := rewrap(wrapped)) != wrapped]
    await change(transaction, keys.put, changed)
    return Page(len(found), found[-1][0] if found else after)
