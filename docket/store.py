"""The docket on a lane: what the port promises, in compiled reads and whole transactions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

import structlog
from sqlalchemy import Connection

from docket import flags as flagging
from docket import striking, writes
from docket.documents import case_at
from docket.dossiers import (
    Dossier,
    Held,
    IntakeRow,
    Line,
    Matter,
    Narrative,
    OutboxRow,
    Outcome,
    Protection,
    ReviewDossier,
)
from docket.journal import Journal, Record
from docket.lattice import as_read, unreadable
from docket.opener import Opener
from docket.reviewing import KINDS, PROTECTED_REVIEW, REVIEW, lines_of, read_review
from docket.sqlite_lane import SqliteLane
from docket.statements import MAX_DOCUMENTS, Prepared, Query, chunks
from docket.striking import BEGIN
from docket.tables import LAYOUT
from domain.errors import Broken, KindredError
from domain.flags import Flagged
from domain.ids import KeyHash, PersonId
from domain.principals import Case

T = TypeVar("T")

_PASSES = 16
"""How often a line is read on past what cannot be read."""
_log = structlog.get_logger("kindred.docket")


class DocketStore:
    """`docket.port.Docket` over SQLite."""

    def __init__(self, lane: SqliteLane, opener: Opener, journal: Journal | None = None) -> None:
        self._lane = lane
        self.opener = opener
        self._journal = journal
        self._sql = Prepared(lane.dialect)
        self._flags = flagging.Reads(lane.dialect)

    async def migrate(self) -> int:
        return await self._lane.write(lambda connection: writes.migrate(connection, self.opener))

    async def ready(self) -> bool:
        try:
            found = self._lane.read(self._sql.layout, ["docket"])
        except KindredError:
            return False
        return bool(found) and found[0][0] == LAYOUT

    async def close(self) -> None:
        await self._lane.close()

    # ── the way in ───────────────────────────────────────────────────────────────────────────────────────────────────

    async def intake(
        self, rows: Sequence[IntakeRow], outbox: Sequence[OutboxRow] = (), flagged: Sequence[Flagged] = ()
    ) -> None:
        documents = [self.opener.document(row.document) for row in rows if row.document is not None]
        reviews = [each for row in rows for each in self.opener.reviews(row)]
        matters = [(row.position, matter) for row in rows for matter in row.protective]

        def take_in(connection: Connection) -> None:
            self._raise(connection, matters)
            for document, case in documents:
                writes.add_document(connection, self.opener, document, case)
            writes.add_rows(connection, self.opener, rows)
            gone = [row.position for row in rows if row.outcome is Outcome.SUPPRESSED]
            striking.give_up(connection, self.opener, gone)
            for new, review in striking.unnamed(connection, self.opener, reviews):
                writes.add_review(connection, self.opener, new, review)
            flagging.write(connection, self.opener, striking.unflagged(connection, self.opener, flagged))
            writes.add_outbox(connection, outbox)

        await self._lane.write(take_in)

    def _raise(self, connection: Connection, matters: Sequence[tuple[bytes, Matter]]) -> None:
        risen = writes.raise_matters(connection, self.opener, matters)
        if risen and self._journal is not None:
            # Before the commit: what the docket has, a journal has. The other way round does no harm.
            records = [Record(body) for body in risen]
            self._journal.append(records, lambda: writes.standing(connection, self.opener))

    async def seen(self, digests: Sequence[bytes]) -> Mapping[bytes, bytes]:
        first: dict[bytes, tuple[int, bytes]] = {}
        for digest, position, seq in self._wide(self._sql.seen, digests):
            if digest not in first or seq < first[digest][0]:
                first[digest] = (seq, position)
        return {digest: position for digest, (_, position) in first.items()}

    async def standing(self, positions: Sequence[bytes]) -> Mapping[bytes, Outcome]:
        found = self._wide(self._sql.standing, positions)
        return {position: self.opener.outcome(label) for position, label in found}

    async def counts(self) -> Mapping[tuple[str, Outcome], int]:
        found = self._lane.read(self._sql.counts, [])
        return {(source, self.opener.outcome(label)): number for source, label, number in found}

    async def quarantined(self, limit: int, after: Held | None = None) -> tuple[Held, ...]:
        return self._held(Outcome.QUARANTINED, limit, after)

    async def reviews(self, limit: int, after: Held | None = None) -> tuple[Held, ...]:
        return self._held(Outcome.REVIEW, limit, after)

    def _held(self, outcome: Outcome, limit: int, after: Held | None) -> tuple[Held, ...]:
        source, place = (after.source, after.place) if after is not None else BEGIN
        found = self._lane.read(self._sql.held, [self.opener.outcome_label(outcome), source, place, limit])
        return tuple(replace(self.opener.held(*row[:4]), place=row[4]) for row in found)

    async def flags(self, people: Sequence[PersonId]) -> Mapping[PersonId, Flagged]:
        found = self._wide(self._flags.of, [self.opener.flags_label(person) for person in people])
        return {one.person: one for one in (flagging.opened(self.opener, *row) for row in found)}

    async def flags_about(self, keys: Sequence[KeyHash]) -> Mapping[PersonId, Flagged]:
        found = self._wide(self._flags.about, self.opener.subject_keys(keys))
        return {one.person: one for one in (flagging.opened(self.opener, *row) for row in found)}

    async def flagged(self, limit: int, after: int = 0) -> tuple[Flagged, ...]:
        def read(place: int, wanted: int) -> Sequence[Any]:
            return self._lane.read(self._flags.all, [place, wanted])

        found, passed = _readable(read, lambda row: flagging.opened(self.opener, *row), limit, after)
        if passed:
            _log.warning("flags cannot be read", count=passed)
        return found

    # ── what policy asks ─────────────────────────────────────────────────────────────────────────────────────────────

    async def protection(self, keys: Sequence[KeyHash]) -> tuple[Protection, ...]:
        asked = dict(zip(self.opener.protective_keys(keys), keys, strict=True))
        hold, held = self.opener.hold_key(), False
        led: dict[bytes, list[KeyHash]] = {}
        sealed: dict[bytes, bytes | None] = {}
        for key, matter, body in self._wide(self._sql.protection, [*asked, hold]):
            if key == hold:
                held = True
                continue
            whole = isinstance(matter, bytes) and isinstance(body, bytes)
            led.setdefault(matter if whole else b"", []).append(asked[key])
            sealed[matter if whole else b""] = body if whole else None
        found = [self._protection(matter, sealed[matter], tuple(sorted(led[matter]))) for matter in sorted(led)]
        if held and keys:
            found.append(replace(unreadable(tuple(sorted(set(keys)))), everybody=True))
        return tuple(found)

    def _protection(self, matter: bytes, sealed: bytes | None, led: tuple[KeyHash, ...]) -> Protection:
        """One matter; the strict grade where its row is gone, unreadable or not about the keys that led to it."""
        try:
            found = as_read(self.opener.open_matter(matter, sealed or b""))
        except Broken:
            return unreadable(led)
        return found if set(led) <= set(found.keys) else unreadable(led)

    async def caught_up(self, source: str) -> None:
        await self._lane.write(lambda connection: writes.caught_up(connection, self.opener, source))

    async def emptied(self, record: Record) -> None:
        """After something was struck: the file's log keeps nothing of it, and the journal says who was erased."""
        await self._lane.empty_log()
        journal = self._journal
        if journal is not None:
            await self._lane.write(
                lambda connection: journal.append([record], lambda: writes.standing(connection, self.opener))
            )

    async def work(self, work: Callable[[Connection], T]) -> T:
        """One transaction of this room's own, for operators' commands. Raises Unavailable, Broken."""
        return await self._lane.write(work)

    async def texts(self, keys: Sequence[KeyHash]) -> tuple[Narrative, ...]:
        found = self._wide(self._sql.texts, self.opener.protective_keys(keys))
        return tuple(
            Narrative(part, self.opener.open_text(matter, part, sealed))
            for matter, part, sealed in sorted(set(map(tuple, found)), key=lambda row: (row[1], row[0]))
        )

    async def case(self, number: str, at: datetime) -> Case | None:
        found = self._lane.read(self._sql.documents, [self.opener.case_label(number)])
        if len(found) > MAX_DOCUMENTS:
            raise Broken(cause="case with too many documents")
        return case_at([self.opener.open_document(*row) for row in found], number, at)

    # ── dossiers and outbox ──────────────────────────────────────────────────────────────────────────────────────────

    async def save(self, dossier: Dossier, outbox: Sequence[OutboxRow] = ()) -> Dossier:
        def store(connection: Connection) -> Dossier:
            saved = writes.save(connection, self.opener, dossier)
            writes.add_outbox(connection, outbox)
            return saved

        return await self._lane.write(store)

    async def load(self, id: bytes) -> Dossier | None:
        found = self._lane.read(self._sql.load, [id])
        return self.opener.open_dossier(*found[0]) if found else None

    # ── identity reviews ─────────────────────────────────────────────────────────────────────────────────────────────

    async def line(self, line: Line, limit: int, after: int = 0) -> tuple[ReviewDossier, ...]:
        label = self.opener.line_label(line)

        def read(place: int, wanted: int) -> Sequence[Any]:
            return self._lane.read(self._sql.line, [label, place, wanted])

        def opened(row: Any) -> ReviewDossier:
            return read_review(self.opener.open_dossier(*row[:4]), row[4])

        found, passed = _readable(read, opened, limit, after)
        if passed:
            _log.warning("reviews cannot be read", line=line.value, count=passed)
        return found

    async def review(self, id: bytes) -> ReviewDossier | None:
        try:
            found = [self.opener.open_dossier(*row) for row in self._lane.read(self._sql.load, [id])]
            return read_review(found[0]) if found and found[0].kind in KINDS else None
        except Broken:
            _log.warning("reviews cannot be read", count=1)
            return None

    async def reviews_of(self, position: bytes) -> tuple[ReviewDossier, ...]:
        found = self._lane.read(self._sql.referring, [self.opener.position_label(position)])
        return tuple(read_review(self.opener.open_dossier(*row)) for row in found)

    async def reviews_about(self, key: KeyHash) -> tuple[ReviewDossier, ...]:
        (subject,) = self.opener.subject_keys([key])
        kinds = [self.opener.kind_label(kind) for kind in (REVIEW, PROTECTED_REVIEW)]
        found = [row for kind in kinds for row in self._lane.read(self._sql.about, [subject, kind])]
        return tuple(read_review(self.opener.open_dossier(*row)) for row in found)

    async def held(self, position: bytes) -> Held | None:
        found = self._lane.read(self._sql.row, [position])
        return self.opener.held(*found[0]) if found else None

    def raw(self, held: Held) -> bytes | None:
        return self.opener.raw(held)

    async def save_reviews(
        self, read: Sequence[ReviewDossier], outbox: Sequence[OutboxRow] = (), accepted: Sequence[bytes] = ()
    ) -> tuple[ReviewDossier, ...]:
        def store(connection: Connection) -> tuple[ReviewDossier, ...]:
            saved = []
            for each in read:
                dossier = writes.save(connection, self.opener, self.opener.review_dossier(each))
                writes.stand(connection, self.opener, each.id, lines_of(each.state, each.review))
                ended = self.opener.ended(each)
                # No journal hears of it: a restore that does not know that a guard ended errs on the safe side.
                writes.raise_matters(connection, self.opener, [] if ended is None else [(each.id, ended)])
                saved.append(replace(each, version=dossier.version))
            for position in accepted:
                writes.accept_row(connection, self.opener, position)
            writes.add_outbox(connection, outbox)
            return tuple(saved)

        return await self._lane.write(store)

    async def pending(self, limit: int) -> tuple[OutboxRow, ...]:
        return tuple(OutboxRow(*row) for row in self._lane.read(self._sql.pending, [limit]))

    async def settle(self, ids: Sequence[bytes]) -> None:
        await self._lane.write(lambda connection: writes.settle(connection, ids))

    def _wide(self, queries: Mapping[int, Query], keys: Sequence[bytes]) -> list[Any]:
        return [row for width, chunk in chunks(keys) for row in self._lane.read(queries[width], chunk)]


def _readable(
    read: Callable[[int, int], Sequence[Any]], opened: Callable[[Any], T], limit: int, after: int
) -> tuple[tuple[T, ...], int]:
    """The first things after a place that can be opened, and how many were passed over that cannot.

    `read` gives rows after a place, so many at most; a row's place is its last column.
    """
    found: list[T] = []
    passed = 0
    for _ in range(_PASSES):
        wanted = limit - len(found)
        rows = read(after, wanted)
        for row in rows:
            try:
                found.append(opened(row))
            except Broken:
                passed += 1
        if len(found) >= limit or len(rows) < wanted:
            break
        after = rows[-1][-1]
    return tuple(found), passed
