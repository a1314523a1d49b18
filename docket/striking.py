"""Striking what the docket keeps of people who were erased: rows that are held, and the reviews and flags about them.

Who was erased is remembered, by blinded hashes: what a pull writes about them that had begun before is left out.
Protective matters stay: a report protects the other side, a grade may protect who lives with them; both are hashes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import ColumnElement, Connection, select, tuple_, update

from docket import flags, writes
from docket.dossiers import Dossier, Held, Outcome, ReviewDossier
from docket.journal import Journalled, Record
from docket.opener import Opener
from docket.reviewing import KINDS, lines_of, read_review, told_of_label
from docket.tables import dossier, dossier_subject, intake, line, struck
from docket.unnaming import without
from domain.errors import Broken
from domain.flags import Flagged
from domain.ids import KeyHash, PersonId
from domain.reviews import Review, State
from vault.hashing import Hasher

Names = Callable[[str, bytes], bool]
"""Whether a row (its source, its content) names somebody who was erased."""
Place = tuple[str, int]
"""Where a held row stands: its source, and its number."""
BEGIN: Place = ("", 0)
HELD = (Outcome.QUARANTINED, Outcome.REVIEW)
_CHUNK = 400
_COLUMNS = (intake.c.position, intake.c.source, intake.c.sealed, intake.c.raw)


@dataclass(frozen=True, slots=True)
class Gone:
    """People who were erased: `hashes` of their source keys and national ids, `people` the labels of all their ids."""

    hashes: tuple[KeyHash, ...]
    people: tuple[KeyHash, ...]

    @classmethod
    def of(cls, hasher: Hasher, hashes: Iterable[KeyHash], people: Iterable[PersonId]) -> Gone:
        """From hashes and ids."""
        return cls(tuple(hashes), tuple(told_of_label(hasher, person) for person in people))

    @classmethod
    def told(cls, journal: Journalled | None) -> Gone:
        """Everyone who was erased, as a journal tells it."""
        records = journal.records if journal is not None else ()
        hashes = dict.fromkeys(KeyHash(hashed) for record in records for hashed in record.erased)
        people = dict.fromkeys(KeyHash(label) for record in records for label in record.people)
        return cls(tuple(hashes), tuple(people))

    def record(self) -> Record:
        """How the journal tells of it, so that a restore erases them again."""
        return Record(None, self.hashes, self.people)


def strike_about(connection: Connection, opener: Opener, gone: Gone) -> None:
    """Remember who was erased, and take away the reviews and flags about them. What reviews of others tell of them goes
    too. A second call finds nothing."""
    keys, people = opener.subject_keys(gone.hashes), opener.subject_keys(gone.people)
    writes.add_new(connection, struck, [{"key": key} for key in dict.fromkeys((*keys, *people))])
    for ids in _reviews(connection, opener, keys):
        _remove(connection, ids)
    for ids in _reviews(connection, opener, people):
        for id in ids:
            _unname(connection, opener, id, frozenset(gone.people))
    flags.strike(connection, opener, gone.hashes, frozenset(gone.people))


def strike_held(
    connection: Connection, opener: Opener, names: Names, outcome: Outcome, after: Place, size: int
) -> tuple[int, Place | None]:
    """Take away the content of those of the next `size` held rows after a place that name them, and their reviews.

    How many were struck, which stay counted as suppressed; and the place of the last one looked at, None at the end.
    """
    place = tuple_(intake.c.source, intake.c.seq)
    rows = connection.execute(
        select(*_COLUMNS, intake.c.seq)
        .where(intake.c.outcome == opener.outcome_label(outcome), intake.c.raw.is_not(None), place > after)
        .order_by(intake.c.source, intake.c.seq)
        .limit(size)
    ).all()
    number = 0
    for *found, _ in rows:
        row = opener.held(*found)
        raw = opener.raw(row)
        if raw is not None and names(row.source, raw):
            _give_up(connection, opener, row)
            number += 1
    return number, (rows[-1].source, rows[-1].seq) if len(rows) == size else None


def give_up(connection: Connection, opener: Opener, positions: Iterable[bytes]) -> None:
    """Take away the content of rows that were held and, taken in again, name somebody who was erased meanwhile."""
    for position in positions:
        mine = select(*_COLUMNS).where(intake.c.position == position, *_held(opener))
        for found in connection.execute(mine).all():
            _give_up(connection, opener, opener.held(*found))


def unnamed(
    connection: Connection, opener: Opener, reviews: Sequence[tuple[Dossier, Review]]
) -> list[tuple[Dossier, Review]]:
    """New reviews, without what they tell of people who were erased since it was read."""
    labels = {person: opener.told_of_label(person) for _, review in reviews for person in review.told_of}
    known = _known(connection, opener, list(labels.values()))
    gone = {person for person, label in labels.items() if label in known}
    found = []
    for new, review in reviews:
        if gone.isdisjoint(review.told_of):
            found.append((new, review))
            continue
        left = without(ReviewDossier(new.id, new.version, State(new.state), review), gone)
        found.append((opener.review_dossier(left), left.review))
    return found


def unflagged(connection: Connection, opener: Opener, flagged: Sequence[Flagged]) -> list[Flagged]:
    """Flags, without those that rest on somebody who was erased since they were found.

    Others on whom such flags would stand wait to be looked at again, as those do on whom they stood (`flags.strike`).
    """
    labels = {one.person: opener.told_of_label(one.person) for one in flagged}
    known = _known(connection, opener, [*labels.values(), *(key for one in flagged for key in one.keys)])
    return [
        one
        if known.isdisjoint(one.keys)
        else (Flagged(one.person, ()) if labels[one.person] in known else flags.waiting(opener, one.person))
        for one in flagged
    ]


def _known(connection: Connection, opener: Opener, hashes: Sequence[KeyHash]) -> frozenset[KeyHash]:
    """Those of the hashes and labels that are of somebody who was erased."""
    blinded = dict(zip(opener.subject_keys(hashes), hashes, strict=True))
    found: list[KeyHash] = []
    for chunk in _chunks(list(blinded)):
        rows = connection.execute(select(struck.c.key).where(struck.c.key.in_(chunk)))
        found += [blinded[row.key] for row in rows]
    return frozenset(found)


def _reviews(connection: Connection, opener: Opener, subjects: Sequence[bytes]) -> Iterator[list[bytes]]:
    kinds = [opener.kind_label(kind) for kind in KINDS]
    for chunk in _chunks(subjects):
        about = select(dossier_subject.c.dossier).where(dossier_subject.c.subject.in_(chunk))
        asked = select(dossier.c.id).where(dossier.c.id.in_(about), dossier.c.kind.in_(kinds))
        yield [row.id for row in connection.execute(asked)]


def _unname(connection: Connection, opener: Opener, id: bytes, people: frozenset[KeyHash]) -> None:
    """Take out of a review what it tells of people. One that cannot be read is taken away."""
    row = connection.execute(
        select(dossier.c.version, dossier.c.sealed, dossier.c.kind).where(dossier.c.id == id)
    ).one()
    try:
        read = read_review(opener.open_dossier(id, row.version, row.sealed, row.kind))
    except Broken:
        return _remove(connection, [id])
    gone = {person for person in read.review.told_of if opener.told_of_label(person) in people}
    left = without(read, gone)
    writes.save(connection, opener, opener.review_dossier(left))
    writes.stand(connection, opener, id, lines_of(left.state, left.review))
    return None


def _held(opener: Opener) -> tuple[ColumnElement[bool], ...]:
    return intake.c.outcome.in_([opener.outcome_label(outcome) for outcome in HELD]), intake.c.raw.is_not(None)


def _give_up(connection: Connection, opener: Opener, row: Held) -> None:
    values = {
        "outcome": opener.outcome_label(Outcome.SUPPRESSED),
        "sealed": opener.seal_outcome(row, Outcome.SUPPRESSED),
        "raw": None,
    }
    connection.execute(update(intake).where(intake.c.position == row.position).values(values))
    mine = select(dossier.c.id).where(dossier.c.reference == opener.position_label(row.position))
    _remove(connection, [review.id for review in connection.execute(mine)])


def _remove(connection: Connection, ids: Sequence[bytes]) -> None:
    for id in ids:
        connection.execute(line.delete().where(line.c.dossier == id))
        connection.execute(dossier_subject.delete().where(dossier_subject.c.dossier == id))
        connection.execute(dossier.delete().where(dossier.c.id == id))


def _chunks(keys: Sequence[bytes]) -> Iterator[list[bytes]]:
    waiting = iter(keys)
    while chunk := list(islice(waiting, _CHUNK)):
        yield chunk
