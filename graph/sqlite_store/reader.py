"""The Reader on SQLite."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence

from domain.errors import Invalid
from domain.ids import HouseholdId, KeyHash, PersonId
from domain.links import LinkKind
from graph.checks import canonical
from graph.shapes import DecisionRow, Facts, Former, Hop, LineageRow, LinkShape, MemberRow, Origin, RecordRow
from graph.sqlite_store import naming, provenance, shapes, standing
from graph.sqlite_store.reading import Reading, known_range, select

_SEQUENCE = "SELECT coalesce(max(seq), 0) FROM batch"
_SEQUENCE_AT = "SELECT seq FROM batch WHERE instant <= ? ORDER BY instant DESC, seq DESC LIMIT 1"
_FIND = "SELECT hash, seq, place, person FROM national WHERE hash IN ($)"
_OWNERS = "SELECT key, person FROM source_key WHERE key IN ($)"
_SEARCH = "SELECT DISTINCT person FROM search WHERE key IN ($) ORDER BY person LIMIT ?"
_MARKS = "SELECT hash FROM mark WHERE hash IN ($)"
_PAGE = """SELECT id FROM person WHERE id > ? AND NOT EXISTS (SELECT 1 FROM moved WHERE moved.person = person.id)
    ORDER BY id LIMIT ?"""


class SqliteReader:
    """Reads of one graph file. Each call is one snapshot and does not yield to the loop before it is done."""

    def __init__(self, file: Reading) -> None:
        self._file = file

    async def sequence(self) -> int:
        """As the port says."""
        with self._file as connection:
            return int(connection.execute(_SEQUENCE).fetchone()[0])

    async def sequence_at(self, instant: str) -> int:
        """As the port says, to the millisecond."""
        until = canonical(instant)
        with self._file as connection:
            row = connection.execute(_SEQUENCE_AT, (until,)).fetchone()
        return int(row[0]) if row is not None else 0

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

    async def households(self, ids: Sequence[HouseholdId], at: int | None = None) -> tuple[MemberRow, ...]:
        """As the port says."""
        with self._file as connection:
            return standing.of_households(connection, known_range(ids), at)

    async def memberships(self, ids: Sequence[PersonId], at: int | None = None) -> tuple[MemberRow, ...]:
        """As the port says."""
        with self._file as connection:
            return standing.of_people(connection, naming.named(connection, known_range(ids)), at)

    async def links(self, ids: Sequence[PersonId], kinds: frozenset[LinkKind], at: int | None = None) -> Hop:
        """As the port says. A link between two of the asked people is there twice, once as each sees it."""
        with self._file as connection:
            found = standing.links(connection, naming.named(connection, known_range(ids)), kinds, at)
            far: list[int] = list(dict.fromkeys(link.other for link in found))
            return Hop(found, shapes.facts(connection, far))

    async def ties(self, ids: Sequence[PersonId], kinds: frozenset[LinkKind]) -> tuple[LinkShape, ...]:
        """As the port says."""
        with self._file as connection:
            return standing.links(connection, naming.named(connection, known_range(ids)), kinds, None)

    async def records(
        self, ids: Sequence[PersonId], categories: Sequence[int], at: int | None = None
    ) -> tuple[RecordRow, ...]:
        """As the port says. Invalid for a category number outside 0 to 15."""
        wanted = sorted(set(categories))
        if wanted and (wanted[0] < 0 or wanted[-1] >= standing.CATEGORIES_PER_PERSON):
            raise Invalid(field="categories")
        with self._file as connection:
            return standing.records(connection, naming.named(connection, known_range(ids)), wanted, at)

    async def lineage(self, ids: Sequence[PersonId]) -> tuple[LineageRow, ...]:
        """As the port says, each person's claims in recorded order."""
        with self._file as connection:
            return provenance.lineage(connection, naming.named(connection, known_range(ids)))

    async def origins(self, claims: Sequence[bytes]) -> tuple[Origin, ...]:
        """As the port says. A claim under a key that nobody decided yet is absent too."""
        with self._file as connection:
            return provenance.origins(connection, list(dict.fromkeys(claims)))

    async def former(self, ids: Sequence[PersonId]) -> Mapping[PersonId, tuple[Former, ...]]:
        """As the port says."""
        with self._file as connection:
            return naming.former(connection, naming.named(connection, known_range(ids)))

    async def decisions(self, ids: Sequence[PersonId]) -> tuple[DecisionRow, ...]:
        """As the port says."""
        with self._file as connection:
            return provenance.decisions(connection, known_range(ids))

    async def suppressed(self, hashes: Sequence[KeyHash]) -> frozenset[KeyHash]:
        """As the port says."""
        with self._file as connection:
            return frozenset(row[0] for row in select(connection, _MARKS, list(dict.fromkeys(hashes))))

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
