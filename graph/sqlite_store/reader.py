"""The Reader on SQLite."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence

from domain.claims import ClaimKind
from domain.errors import Invalid
from domain.ids import HouseholdId, KeyHash, PersonId
from domain.links import LinkKind
from graph.shapes import Facts, Hop, LineageRow, LinkShape, MemberRow, RecordRow
from graph.sqlite_store import shapes
from graph.sqlite_store.reading import Reading, known_range, select

CATEGORIES_PER_PERSON = 16

_SEQUENCE = "SELECT coalesce(max(seq), 0) FROM batch"
_FIND = "SELECT hash, seq, place, person FROM national WHERE hash IN ($)"
_OWNERS = "SELECT key, person FROM source_key WHERE key IN ($)"
_SEARCH = "SELECT DISTINCT person FROM search WHERE key IN ($) ORDER BY person LIMIT ?"
_RECORDS = "SELECT id, sealed FROM record WHERE id IN ($)"
_LINEAGE = """SELECT k.person, c.n, c.claim, c.source, c.kind, c.seq, b.instant FROM source_key k
    CROSS JOIN claim c ON c.key = k.key CROSS JOIN batch b ON b.seq = c.seq WHERE k.person IN ($)"""
_PAGE = "SELECT id FROM person WHERE id > ? ORDER BY id LIMIT ?"


class SqliteReader:
    """Reads of one graph file. Each call is one snapshot and does not yield to the loop before it is done."""

    def __init__(self, file: Reading) -> None:
        self._file = file

    async def sequence(self) -> int:
        """As the port says."""
        with self._file as connection:
            return int(connection.execute(_SEQUENCE).fetchone()[0])

    async def find(self, nationals: Sequence[KeyHash]) -> Mapping[KeyHash, tuple[PersonId, ...]]:
        """As the port says; where a batch did not say in which order it stated an id, in ascending id."""
        asked = list(dict.fromkeys(nationals))
        people: defaultdict[KeyHash, list[PersonId]] = defaultdict(list)
        with self._file as connection:
            rows = select(connection, _FIND, asked)
        for national, _, _, person in sorted(rows):
            people[national].append(person)
        return {national: tuple(people[national]) for national in asked if national in people}

    async def owners(self, keys: Sequence[KeyHash]) -> Mapping[KeyHash, PersonId]:
        """As the port says."""
        asked = list(dict.fromkeys(keys))
        with self._file as connection:
            owner = dict(select(connection, _OWNERS, asked))
        return {key: owner[key] for key in asked if key in owner}

    async def search(self, keys: Sequence[KeyHash], limit: int) -> tuple[PersonId, ...]:
        """As the port says. Invalid for a negative limit."""
        if limit < 0:
            raise Invalid(field="limit")
        enough = limit + 1
        with self._file as connection:
            rows = select(connection, _SEARCH, list(dict.fromkeys(keys)), enough)
        return tuple(sorted({person for (person,) in rows})[:enough])

    async def facts(self, ids: Sequence[PersonId]) -> Facts:
        """As the port says. People who are around each other stand in both `people` and `around`."""
        with self._file as connection:
            return shapes.facts(connection, known_range(ids))

    async def households(self, ids: Sequence[HouseholdId]) -> tuple[MemberRow, ...]:
        """As the port says."""
        with self._file as connection:
            return shapes.households(connection, known_range(ids))

    async def links(self, ids: Sequence[PersonId], kinds: frozenset[LinkKind]) -> Hop:
        """As the port says. A link between two of the asked people is there twice, once as each sees it."""
        with self._file as connection:
            found = shapes.links(connection, known_range(ids), kinds)
            far: list[int] = list(dict.fromkeys(link.other for link in found))
            return Hop(found, shapes.facts(connection, far))

    async def ties(self, ids: Sequence[PersonId], kinds: frozenset[LinkKind]) -> tuple[LinkShape, ...]:
        """As the port says."""
        with self._file as connection:
            return shapes.links(connection, known_range(ids), kinds)

    async def records(self, ids: Sequence[PersonId], categories: Sequence[int]) -> tuple[RecordRow, ...]:
        """As the port says. Invalid for a category number outside 0 to 15."""
        wanted = sorted(set(categories))
        if wanted and (wanted[0] < 0 or wanted[-1] >= CATEGORIES_PER_PERSON):
            raise Invalid(field="categories")
        rows_wanted = [
            person * CATEGORIES_PER_PERSON + category for person in sorted(known_range(ids)) for category in wanted
        ]
        with self._file as connection:
            rows = select(connection, _RECORDS, rows_wanted)
        rows.sort()
        return tuple(
            RecordRow(PersonId(row // CATEGORIES_PER_PERSON), row % CATEGORIES_PER_PERSON, sealed)
            for row, sealed in rows
        )

    async def lineage(self, ids: Sequence[PersonId]) -> tuple[LineageRow, ...]:
        """As the port says, each person's claims in recorded order."""
        asked = known_range(ids)
        with self._file as connection:
            rows = select(connection, _LINEAGE, asked)
        rank = {person: place for place, person in enumerate(asked)}
        rows.sort(key=lambda row: (rank[row[0]], row[1]))
        return tuple(
            LineageRow(person, claim, source, ClaimKind(kind), sequence, instant)
            for person, _, claim, source, kind, sequence, instant in rows
        )

    async def scan(self, after: PersonId | None = None, size: int = 1000) -> AsyncIterator[tuple[PersonId, ...]]:
        """As the port says. Each page is a snapshot of its own; Invalid for a size below 1."""
        if size < 1:
            raise Invalid(field="size")
        last = after if after is not None else 0
        while True:
            with self._file as connection:
                page = tuple(PersonId(row[0]) for row in connection.execute(_PAGE, (last, size)))
            if page:
                yield page
            if len(page) < size:
                return
            last = page[-1]
