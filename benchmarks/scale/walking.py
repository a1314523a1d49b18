"""Walks to depth 6 on Neo4j: the hub's own, a call a depth, against one hand-written variable-length Cypher.

Both run over the same links from the same people and count everyone reached; nobody is withheld, for a pattern cannot
ask the gate. The hub's walk brings the facts of everyone at the far ends too, by which the gate decides; the pattern
does not, so that the same walk is clocked without them as well.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from neo4j import AsyncDriver, Query
from neo4j.exceptions import Neo4jError

from domain.ids import PersonId
from domain.links import PARENTS, PARTNERS
from graph.port import Reader
from resolvers.kin.walk import walk

DEPTH = 6
_KINDS = PARENTS | PARTNERS
_PATTERN = (
    "MATCH (p:Person {id: $id}) MATCH (p)-[l:LINK*1..%d]-(o:Person) "  # noqa: UP031 - Cypher's braces
    "WHERE all(one IN l WHERE one.kind IN $kinds) RETURN count(DISTINCT o.id)" % DEPTH
)
_PATTERN_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class _Step:
    person: PersonId
    other: PersonId
    name: str


@dataclass(frozen=True, slots=True)
class Walks:
    """Milliseconds, medians; `given_up`: patterns that took longer than 20 s, which count as that."""

    walk: float
    walk_without_facts: float
    pattern: float
    given_up: int
    reached: float
    people: int


async def measure(reader: Reader, driver: AsyncDriver, people: Sequence[PersonId]) -> Walks:
    """Each person in turn, one way and the other."""
    ours, shape, theirs, reached, given_up = list[float](), list[float](), list[float](), list[int](), 0
    for person in people:
        began = time.perf_counter()
        found = await _walked(reader, person, facts=True)
        ours.append(time.perf_counter() - began)
        reached.append(len(found))
        began = time.perf_counter()
        assert await _walked(reader, person, facts=False) == found
        shape.append(time.perf_counter() - began)
        began = time.perf_counter()
        given_up += not await _matched(driver, person)
        theirs.append(time.perf_counter() - began)
    return Walks(median(ours) * 1e3, median(shape) * 1e3, median(theirs) * 1e3, given_up, median(reached), len(people))


async def _walked(reader: Reader, person: PersonId, *, facts: bool) -> set[int]:
    async def step(frontier: Iterable[int]) -> Sequence[_Step]:
        ids = [PersonId(one) for one in frontier]
        found = (await reader.links(ids, _KINDS)).links if facts else await reader.ties(ids, _KINDS)
        return [_Step(link.person, link.other, link.kind.value) for link in found]

    return {one.link.other for one in (await walk([person], DEPTH, step))[person]}


async def _matched(driver: AsyncDriver, person: PersonId) -> bool:
    """Whether the pattern came to its end in time."""
    kinds = sorted(str(kind) for kind in _KINDS)
    async with driver.session() as session:
        try:
            query = Query(_PATTERN, timeout=_PATTERN_SECONDS)
            await (await session.run(query, id=person, kinds=kinds)).consume()
        except Neo4jError:
            return False
    return True
