"""Walks to depth 6 on Neo4j: the hub's own, a call a depth, against one hand-written variable-length Cypher.

Both run over the same links from the same people and count everyone reached; nobody is withheld, for a pattern cannot
ask the gate. The hub's walk brings the facts of everyone at the far ends too, by which the gate decides; the pattern
does not, so that the same walk is clocked without them as well. A second pattern brings what a walk cannot do without:
the sealed facts, keys, homes and links of everyone reached; of those around them, whose protection reaches them, it
still brings nothing.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
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
_REACHED = (
    "MATCH (p:Person {id: $id}) MATCH (p)-[l:LINK*1..%d]-(o:Person) "  # noqa: UP031 - Cypher's braces
    "WHERE all(one IN l WHERE one.kind IN $kinds) " % DEPTH
)
_PATTERN = _REACHED + "RETURN count(DISTINCT o.id)"
_PATTERN_WITH_FACTS = (
    _REACHED
    + """WITH DISTINCT o RETURN collect([o.id, o.version, o.wrapped, o.facts, [(o)<-[:OF]-(k:Key) | k.key],
    [(o)-[:STATED]->(n:National) | n.hash], [(o)-[i:IN]->(h:Household) | [h.id, i.place, i.sealed]],
    [(o)-[link:LINK]->(q:Person) | [q.id, link.kind, link.place, link.key, link.sealed]]])"""
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
    pattern_with_facts: float
    given_up: int
    reached: float
    people: int


async def measure(reader: Reader, driver: AsyncDriver, people: Sequence[PersonId]) -> Walks:
    """Each person in turn, one way and the other."""
    clocks: dict[str, list[float]] = {"ours": [], "shape": [], "theirs": [], "more": []}
    reached, given_up = list[int](), 0
    for person in people:
        with _clocked(clocks["ours"]):
            found = await _walked(reader, person, facts=True)
        reached.append(len(found))
        with _clocked(clocks["shape"]):
            again = await _walked(reader, person, facts=False)
        assert again == found
        with _clocked(clocks["theirs"]):
            given_up += not await _matched(driver, _PATTERN, person)
        with _clocked(clocks["more"]):
            given_up += not await _matched(driver, _PATTERN_WITH_FACTS, person)
    ours, shape, theirs, more = (median(took) * 1e3 for took in clocks.values())
    return Walks(ours, shape, theirs, more, given_up, median(reached), len(people))


@contextmanager
def _clocked(times: list[float]) -> Iterator[None]:
    began = time.perf_counter()
    yield
    times.append(time.perf_counter() - began)


async def _walked(reader: Reader, person: PersonId, *, facts: bool) -> set[int]:
    async def step(frontier: Iterable[int]) -> Sequence[_Step]:
        ids = [PersonId(one) for one in frontier]
        found = (await reader.links(ids, _KINDS)).links if facts else await reader.ties(ids, _KINDS)
        return [_Step(link.person, link.other, link.kind.value) for link in found]

    return {one.link.other for one in (await walk([person], DEPTH, step))[person]}


async def _matched(driver: AsyncDriver, pattern: str, person: PersonId) -> bool:
    """Whether a pattern came to its end in time."""
    kinds = sorted(str(kind) for kind in _KINDS)
    async with driver.session() as session:
        try:
            query = Query(pattern, timeout=_PATTERN_SECONDS)
            await (await session.run(query, id=person, kinds=kinds)).consume()
        except Neo4jError:
            return False
    return True
