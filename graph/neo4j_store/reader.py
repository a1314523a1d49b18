"""The Reader on Neo4j: one statement a call.

What policy must know (`facts`, `links`, `ties`, `owners`, `find`, `former`, `suppressed`, `sequence`) is asked of the
one server that takes writes, so that it is never older than what another hub was told is written; the rest, of any.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from typing import Any

from domain.errors import Broken, Invalid, Unavailable
from domain.ids import ID_BITS, HouseholdId, KeyHash, PersonId
from domain.links import LinkKind
from graph.checks import canonical
from graph.neo4j_store import provenance, shapes, standing
from graph.neo4j_store.connection import Connection
from graph.shapes import DecisionRow, Facts, Former, Hop, LineageRow, LinkShape, MemberRow, Origin, RecordRow

CATEGORIES = range(16)
_END_OF_IDS = 1 << ID_BITS
_NEVER = (1 << 63) - 1
"""Sequences end before this; a later `at` is now."""

_MOMENTS = 5
"""How often a statement that must be of one moment is asked."""

_SEQUENCE = "MATCH (m:Meta {one: 1}) RETURN m.seq"
_SEQUENCE_AT = """MATCH (b:Batch) WHERE b.instant <= $given.until
    WITH b ORDER BY b.instant DESC, b.seq DESC LIMIT 1 RETURN b.seq"""
_FIND = """UNWIND $given.hashes AS hash MATCH (n:National {hash: hash})<-[:STATED]-(p:Person)
    RETURN collect([n.hash, n.seq, n.place, p.id])"""
_OWNERS = "UNWIND $given.keys AS key MATCH (k:Key {key: key})-[:OF]->(p:Person) RETURN collect([k.key, p.id])"
_SEARCH = """UNWIND $given.keys AS key MATCH (s:Search {key: key})
    WITH DISTINCT s.person AS id ORDER BY id LIMIT $given.enough RETURN collect(id)"""
_MARKS = "UNWIND $given.hashes AS hash MATCH (m:Mark {hash: hash}) RETURN collect(m.hash)"
_PAGE = """MATCH (p:Person) WHERE p.id > $given.last AND p.version IS NOT NULL AND NOT EXISTS { (p)-[:INTO]->() }
    WITH p.id AS id ORDER BY id LIMIT $given.size RETURN collect(id)"""


class Neo4jReader:
    """Reads of one graph database, each call one statement.

    Facts and links are of one moment, as far as that can be told: no batch was committed while they were read. In
    other reads a batch that was committed meanwhile may show in part; what they bring was decided upon before.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def sequence(self) -> int:
        """As the port says. Broken for a database that was never migrated."""
        rows = await self._connection.read(_SEQUENCE, fresh=True)
        if not rows:
            raise Broken(cause="no layout")
        return int(rows[0][0])

    async def sequence_at(self, instant: str) -> int:
        """As the port says, to the millisecond."""
        rows = await self._connection.read(_SEQUENCE_AT, until=canonical(instant))
        return int(rows[0][0]) if rows else 0

    async def find(self, nationals: Sequence[KeyHash]) -> Mapping[KeyHash, tuple[PersonId, ...]]:
        """As the port says; where a batch did not say in which order it stated an id, in ascending id."""
        asked = list(dict.fromkeys(nationals))
        people: dict[KeyHash, list[PersonId]] = {}
        for national, _, _, person in sorted(await self._one(_FIND, fresh=True, hashes=asked)):
            people.setdefault(national, []).append(person)
        return {national: tuple(people[national]) for national in asked if national in people}

    async def owners(self, keys: Sequence[KeyHash]) -> Mapping[KeyHash, PersonId]:
        """As the port says."""
        asked = list(dict.fromkeys(keys))
        owner = dict(await self._one(_OWNERS, fresh=True, keys=asked))
        return {key: owner[key] for key in asked if key in owner}

    async def search(self, keys: Sequence[KeyHash], limit: int) -> tuple[PersonId, ...]:
        """As the port says. Invalid for a negative limit."""
        if limit < 0:
            raise Invalid(field="limit")
        return tuple(await self._one(_SEARCH, keys=list(dict.fromkeys(keys)), enough=limit + 1))

    async def facts(self, ids: Sequence[PersonId]) -> Facts:
        """As the port says. People who are around each other stand in both `people` and `around`."""
        asked = known_range(ids)
        sequence, found = await moment(self._connection, shapes.FACTS, ids=asked, protecting=shapes.PROTECTING)
        return shapes.facts(sequence, asked, *found)

    async def households(self, ids: Sequence[HouseholdId], at: int | None = None) -> tuple[MemberRow, ...]:
        """As the port says."""
        asked = known_range(ids)
        return standing.of_households(await self._at(standing.HOUSEHOLDS, standing.HOUSEHOLDS_AT, at, ids=asked))

    async def memberships(self, ids: Sequence[PersonId], at: int | None = None) -> tuple[MemberRow, ...]:
        """As the port says."""
        asked = known_range(ids)
        return standing.of_people(await self._at(standing.MEMBERSHIPS, standing.MEMBERSHIPS_AT, at, ids=asked))

    async def links(self, ids: Sequence[PersonId], kinds: frozenset[LinkKind], at: int | None = None) -> Hop:
        """As the port says. A link between two of the asked people is there twice, once as each sees it."""
        given: dict[str, Any] = {"ids": known_range(ids), "kinds": _labels(kinds), "protecting": shapes.PROTECTING}
        if at is None:
            sequence, (found, *around) = await moment(self._connection, standing.LINKS, **given)
        else:
            given["at"] = _bounded(at)
            sequence, (found, *around) = await moment(self._connection, standing.LINKS_AT, **given)
        whole = standing.links(found)
        return Hop(whole, shapes.facts(sequence, list(dict.fromkeys(link.other for link in whole)), *around))

    async def ties(self, ids: Sequence[PersonId], kinds: frozenset[LinkKind]) -> tuple[LinkShape, ...]:
        """As the port says."""
        rows = await self._one(standing.TIES, fresh=True, ids=known_range(ids), kinds=_labels(kinds))
        return standing.links(rows)

    async def records(
        self, ids: Sequence[PersonId], categories: Sequence[int], at: int | None = None
    ) -> tuple[RecordRow, ...]:
        """As the port says. Invalid for a category number outside 0 to 15."""
        wanted = sorted(set(categories))
        if any(category not in CATEGORIES for category in wanted):
            raise Invalid(field="categories")
        rows = await self._at(standing.RECORDS, standing.RECORDS_AT, at, ids=known_range(ids), wanted=wanted)
        return standing.records(rows)

    async def lineage(self, ids: Sequence[PersonId]) -> tuple[LineageRow, ...]:
        """As the port says, each person's claims in recorded order."""
        asked = known_range(ids)
        return provenance.lineage(asked, await self._one(provenance.LINEAGE, ids=asked))

    async def origins(self, claims: Sequence[bytes]) -> tuple[Origin, ...]:
        """As the port says. A claim under a key that nobody decided yet is absent too."""
        asked = list(dict.fromkeys(claims))
        return provenance.origins(asked, await self._one(provenance.ORIGINS, claims=asked))

    async def former(self, ids: Sequence[PersonId]) -> Mapping[PersonId, tuple[Former, ...]]:
        """As the port says."""
        asked = known_range(ids)
        named, rows = (await self._connection.read(provenance.FORMER, fresh=True, ids=asked))[0]
        return provenance.former(asked, named, rows)

    async def decisions(self, ids: Sequence[PersonId]) -> tuple[DecisionRow, ...]:
        """As the port says."""
        return provenance.decisions(await self._one(provenance.DECISIONS, ids=known_range(ids)))

    async def suppressed(self, hashes: Sequence[KeyHash]) -> frozenset[KeyHash]:
        """As the port says."""
        return frozenset(await self._one(_MARKS, fresh=True, hashes=list(dict.fromkeys(hashes))))

    async def scan(self, after: PersonId | None = None, size: int = 1000) -> AsyncIterator[tuple[PersonId, ...]]:
        """As the port says. Each page is a snapshot of its own; Invalid for a size below 1."""
        if size < 1:
            raise Invalid(field="size")
        last = after if after is not None else 0
        while True:
            page = tuple(PersonId(i) for i in await self._one(_PAGE, last=last, size=size))
            if page:
                yield page
            if len(page) < size:
                return
            last = page[-1]

    async def _one(self, statement: str, *, fresh: bool = False, **parameters: Any) -> list[Any]:
        """The one list that a statement collects."""
        rows = await self._connection.read(statement, fresh=fresh, **parameters)
        found: list[Any] = rows[0][0]
        return found

    async def _at(self, now: str, then: str, at: int | None, **parameters: Any) -> list[Any]:
        if at is None:
            return await self._one(now, **parameters)
        return await self._one(then, at=_bounded(at), **parameters)


async def moment(connection: Connection, statement: str, **parameters: Any) -> tuple[int, list[Any]]:
    """The newest sequence and the answer of a statement between `BEFORE` and `AFTER`, during which none was committed.

    Neo4j shows a statement what others commit while it runs; one that met a commit is asked again. Broken for a
    database that was never migrated, Unavailable where batches come too fast for it.
    """
    for _ in range(_MOMENTS):
        rows = await connection.read(statement, fresh=True, **parameters)
        if not rows:
            raise Broken(cause="no layout")
        before, after, *found = rows[0]
        if before == after:
            return before, found
    raise Unavailable(cause="batches come faster than the graph is read")


def known_range(ids: Iterable[int]) -> list[int]:
    """The ids without repeats, in order, without those that no person can have (they would not fit a number)."""
    return [i for i in dict.fromkeys(ids) if 0 < i < _END_OF_IDS]


def _bounded(at: int) -> int:
    return max(-1, min(at, _NEVER))


def _labels(kinds: Iterable[LinkKind]) -> list[str]:
    return sorted(str(kind) for kind in kinds)
