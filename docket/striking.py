"""Striking what the docket keeps of people who were erased: rows that are held, and the reviews and flags about them.

Protective matters stay: a report protects the other side, a grade may protect who lives with them; both are hashes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from sqlalchemy import ColumnElement, Connection, select, update

from docket import flags
from docket.dossiers import Held, Outcome
from docket.journal import Journalled, Record
from docket.opener import Opener
from docket.reviewing import KINDS
from docket.tables import dossier, dossier_subject, intake, line
from domain.ids import KeyHash

Names = Callable[[str, bytes], bool]
"""Whether a row (its source, its content) names somebody who was erased."""
_HELD = (Outcome.QUARANTINED, Outcome.REVIEW)
_CHUNK = 400
_COLUMNS = (intake.c.position, intake.c.source, intake.c.sealed, intake.c.raw)


def strike(connection: Connection, opener: Opener, hashes: Sequence[KeyHash], names: Names) -> int:
    """Take away the content of held rows that name them, and reviews and flags about them; how many rows.

    The rows stay counted, as suppressed. A second call finds nothing.
    """
    reviews = [opener.kind_label(kind) for kind in KINDS]
    keys = opener.subject_keys(hashes)
    for start in range(0, len(keys), _CHUNK):
        about = select(dossier_subject.c.dossier).where(dossier_subject.c.subject.in_(keys[start : start + _CHUNK]))
        asked = select(dossier.c.id).where(dossier.c.id.in_(about), dossier.c.kind.in_(reviews))
        _remove(connection, [row.id for row in connection.execute(asked)])
    flags.strike(connection, opener, hashes)
    struck = 0
    for found in connection.execute(select(*_COLUMNS).where(*_held(opener))).all():
        row = opener.held(*found)
        raw = opener.raw(row)
        if raw is None or not names(row.source, raw):
            continue
        _give_up(connection, opener, row)
        struck += 1
    return struck


def give_up(connection: Connection, opener: Opener, positions: Iterable[bytes]) -> None:
    """Take away the content of rows that were held and, taken in again, name somebody who was erased meanwhile."""
    for position in positions:
        mine = select(*_COLUMNS).where(intake.c.position == position, *_held(opener))
        for found in connection.execute(mine).all():
            _give_up(connection, opener, opener.held(*found))


def _held(opener: Opener) -> tuple[ColumnElement[bool], ...]:
    return intake.c.outcome.in_([opener.outcome_label(outcome) for outcome in _HELD]), intake.c.raw.is_not(None)


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


def erased_in(journal: Journalled | None) -> tuple[KeyHash, ...]:
    """The hashes of everyone who was erased, as a journal tells it."""
    records = journal.records if journal is not None else ()
    return tuple(dict.fromkeys(KeyHash(hashed) for record in records for hashed in record.erased))


def erased(hashes: Sequence[KeyHash]) -> Record:
    """How the journal tells that people were erased, so that a restore erases them again."""
    return Record(None, tuple(hashes))
