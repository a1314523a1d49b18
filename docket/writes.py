"""What the docket writes, as functions of an open transaction."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any

from sqlalchemy import Connection, Insert, Table, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite

from docket.dossiers import Dossier, IntakeRow, Line, Matter, OutboxRow, Outcome
from docket.journal import Record
from docket.lattice import joined, stated
from docket.opener import Opener, SealedMatter
from docket.port import Stale
from docket.reviewing import KINDS, lines_of, read_review
from docket.tables import (
    LAYOUT,
    dossier,
    dossier_subject,
    intake,
    layout,
    line,
    metadata,
    outbox,
    protective,
    protective_key,
    protective_text,
)
from domain.errors import Broken
from domain.ids import KeyHash
from domain.matching import PROTECTED
from domain.reviews import Review, State

_REVIEWED = 2
"""The layout from which on every row under review has its review."""
_PAGE = 500
_LAYOUT_ROW = "docket"
_LINEAGE_ROW = "lineage"


def migrate(connection: Connection, opener: Opener) -> int:
    """Make what is missing. Raises Broken for a layout newer than this program's."""
    metadata.create_all(connection)
    # The lineage tells a docket and its copies from one that was begun anew at the same place.
    lineage = {"name": _LINEAGE_ROW, "number": secrets.randbits(31)}
    add_new(connection, layout, [{"name": _LAYOUT_ROW, "number": LAYOUT}, lineage])
    number = connection.execute(select(layout.c.number).where(layout.c.name == _LAYOUT_ROW)).scalar_one()
    if number > LAYOUT:
        raise Broken(cause="docket's layout is newer than this program")
    if number < LAYOUT:
        if number < _REVIEWED:
            _review_what_is_held(connection, opener)
        _find_reviews_by_everyone(connection, opener)
        connection.execute(update(layout).where(layout.c.name == _LAYOUT_ROW).values(number=LAYOUT))
    return LAYOUT


def _find_reviews_by_everyone(connection: Connection, opener: Opener) -> None:
    """Layout 3: every review is found by those whom it tells of. One that cannot be read stays as it is."""
    kinds = [opener.kind_label(kind) for kind in KINDS]
    page = (
        select(dossier.c.id, dossier.c.version, dossier.c.sealed, dossier.c.kind)
        .where(dossier.c.kind.in_(kinds), dossier.c.id > bindparam("after"))
        .order_by(dossier.c.id)
        .limit(_PAGE)
    )
    after = b""
    while rows := connection.execute(page, {"after": after}).all():
        for row in rows:
            with suppress(Broken):
                read = read_review(opener.open_dossier(*row))
                _add_subjects(connection, opener, opener.review_dossier(read))
        after = rows[-1].id


def _review_what_is_held(connection: Connection, opener: Opener) -> None:
    """Layout 2: every row under review gets its review."""
    held = select(intake.c.position, intake.c.source, intake.c.sealed, intake.c.raw).where(
        intake.c.outcome == opener.outcome_label(Outcome.REVIEW)
    )
    for row in connection.execute(held.order_by(intake.c.seq)).all():
        add_review(connection, opener, *opener.review_of(opener.held(*row)))


def add_new(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows; those whose key is there already change nothing."""
    if rows:
        connection.execute(_insert(connection, table), rows)


def _insert(connection: Connection, table: Table) -> Insert:
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table).on_conflict_do_nothing()
    return sqlite.insert(table).on_conflict_do_nothing()


def add_rows(connection: Connection, opener: Opener, rows: Iterable[IntakeRow]) -> None:
    """Count rows in, each once for its position."""
    values = []
    for row in rows:
        sealed, raw = opener.seal_row(row)
        values.append(
            {
                "position": row.position,
                "source": row.source,
                "digest": row.digest,
                "record": row.record,
                "outcome": opener.outcome_label(row.outcome),
                "sealed": sealed,
                "raw": raw,
            }
        )
    add_new(connection, intake, values)


def accept_row(connection: Connection, opener: Opener, position: bytes) -> None:
    """A row that was held is accepted: its content is not needed any more."""
    found = connection.execute(
        select(intake.c.position, intake.c.source, intake.c.sealed, intake.c.raw).where(intake.c.position == position)
    ).first()
    if found is None:
        return
    sealed = opener.seal_outcome(opener.held(*found), Outcome.ACCEPTED)
    values = {"outcome": opener.outcome_label(Outcome.ACCEPTED), "sealed": sealed, "raw": None}
    connection.execute(update(intake).where(intake.c.position == position).values(values))


def add_review(connection: Connection, opener: Opener, new: Dossier, review: Review) -> None:
    """A review that a row asks for, in its line; one that is there already stays as it is. Whether a key is somebody
    under protection is asked beside what else was asked about it, when the row waited."""
    if review.proposal.reason == PROTECTED and _asks_else(connection, opener, new.id):
        new = opener.beside(new, review)
    if connection.execute(select(dossier.c.id).where(dossier.c.id == new.id)).first() is None:
        reference = opener.position_label(review.position) if review.position is not None else None
        _add_dossier(connection, opener, new.at(1), reference)
        stand(connection, opener, new.id, lines_of(State(new.state), review))


def _asks_else(connection: Connection, opener: Opener, id: bytes) -> bool:
    """Whether there is a review of this id that has another reason, or cannot be read."""
    columns = (dossier.c.id, dossier.c.version, dossier.c.sealed, dossier.c.kind)
    found = connection.execute(select(*columns).where(dossier.c.id == id)).first()
    try:
        return found is not None and read_review(opener.open_dossier(*found)).review.proposal.reason != PROTECTED
    except Broken:
        return True


def stand(connection: Connection, opener: Opener, id: bytes, lines: Iterable[Line]) -> None:
    """Let a dossier wait in these lines and in no other; where it waits already it keeps its place."""
    labels = [opener.line_label(each) for each in lines]
    connection.execute(line.delete().where(line.c.dossier == id, line.c.line.not_in(labels)))
    add_new(connection, line, [{"line": label, "dossier": id} for label in labels])


def raise_matters(
    connection: Connection, opener: Opener, matters: Sequence[tuple[bytes, Matter]]
) -> list[SealedMatter]:
    """Join matters into what is there; `matters` come with the position of their row. Returns those that rose."""
    risen = raise_bodies(connection, opener, [stated(matter) for _, matter in matters])
    add_new(connection, protective_text, [_text(opener, part, matter) for part, matter in matters if matter.text])
    return risen


def raise_bodies(connection: Connection, opener: Opener, stated: Sequence[SealedMatter]) -> list[SealedMatter]:
    """Join matters into what is there. Returns those that rose, as they are now."""
    bodies: dict[bytes, SealedMatter] = {}
    for body in stated:
        id = opener.matter_id(body)
        bodies[id] = joined(bodies[id], body) if id in bodies else body
    risen = [_raise_one(connection, opener, id, body) for id, body in bodies.items()]
    keys = [
        {"key": key, "matter": id}
        for id, body in bodies.items()
        for key in opener.protective_keys([KeyHash(key) for side in body.sides for key in side])
    ]
    add_new(connection, protective_key, keys)
    return [body for body in risen if body is not None]


def _raise_one(connection: Connection, opener: Opener, id: bytes, body: SealedMatter) -> SealedMatter | None:
    row = connection.execute(select(protective.c.sealed).where(protective.c.matter == id)).first()
    if row is None:
        if connection.execute(select(protective_key.c.key).where(protective_key.c.matter == id)).first():
            return None  # it was there and is gone: it counts as the highest, and stating it anew could only lower it
        add_new(connection, protective, [{"matter": id, "sealed": opener.seal_matter(id, body)}])
        return body
    try:
        before = opener.open_matter(id, row.sealed)
    except Broken:
        return None  # it counts as the highest as it is; writing over it could only lower it
    after = joined(before, body)
    if after == before:
        return None
    values = {"sealed": opener.seal_matter(id, after)}
    connection.execute(update(protective).where(protective.c.matter == id).values(values))
    return after


def standing(connection: Connection, opener: Opener) -> list[Record]:
    """Every matter there is, as a journal begins with it."""
    records = []
    for id, sealed in connection.execute(select(protective.c.matter, protective.c.sealed)):
        try:
            records.append(Record(opener.open_matter(id, sealed)))
        except Broken:
            records.append(Record())
    return records


def hold(connection: Connection, opener: Opener, sources: Sequence[str]) -> None:
    """Hold everybody until each of the sources has caught up."""
    key = opener.hold_key()
    add_new(connection, protective_key, [{"key": key, "matter": opener.hold_matter(source)} for source in sources])


def caught_up(connection: Connection, opener: Opener, source: str) -> None:
    """Hold nobody for this source any more."""
    mine = (protective_key.c.key == opener.hold_key()) & (protective_key.c.matter == opener.hold_matter(source))
    connection.execute(protective_key.delete().where(mine))


def _text(opener: Opener, part: bytes, matter: Matter) -> dict[str, Any]:
    id = opener.matter_id(matter)
    return {"matter": id, "part": part, "sealed": opener.seal_text(id, part, matter.text or "")}


def add_document(connection: Connection, opener: Opener, document: Dossier, case: str) -> None:
    """Keep a verified document beside the others of its case."""
    _add_dossier(connection, opener, document, opener.case_label(case))


def save(connection: Connection, opener: Opener, read: Dossier) -> Dossier:
    """Store a dossier under the version after the one that was read. Raises Stale."""
    saved = read.at(read.version + 1)
    if read.version == 0:
        there = connection.execute(select(dossier.c.id).where(dossier.c.id == read.id)).first()
        if there is not None:
            raise Stale
        _add_dossier(connection, opener, saved, None)
        return saved
    changed = connection.execute(
        update(dossier)
        .where(dossier.c.id == read.id, dossier.c.version == read.version)
        .values(_content(opener, saved))
    )
    if changed.rowcount != 1:
        raise Stale
    connection.execute(dossier_subject.delete().where(dossier_subject.c.dossier == read.id))
    _add_subjects(connection, opener, saved)
    return saved


def _add_dossier(connection: Connection, opener: Opener, new: Dossier, reference: bytes | None) -> None:
    add_new(connection, dossier, [{"id": new.id, "reference": reference, **_content(opener, new)}])
    _add_subjects(connection, opener, new)


def _content(opener: Opener, new: Dossier) -> dict[str, Any]:
    return {
        "kind": opener.kind_label(new.kind),
        "state": opener.state_label(new.kind, new.state),
        "version": new.version,
        "sealed": opener.seal_dossier(new),
    }


def _add_subjects(connection: Connection, opener: Opener, new: Dossier) -> None:
    subjects = [{"subject": key, "dossier": new.id} for key in opener.subject_keys(new.subjects)]
    add_new(connection, dossier_subject, subjects)


def add_outbox(connection: Connection, rows: Sequence[OutboxRow]) -> None:
    """Put entries on their way; one that was there before, settled or not, stays as it is."""
    add_new(connection, outbox, [{"entry": row.entry, "sealed": row.sealed} for row in rows])


def settle(connection: Connection, ids: Sequence[bytes]) -> None:
    """Forget the bodies of delivered entries; their keys stay, so that a repeat does not send them again."""
    if ids:
        statement = update(outbox).where(outbox.c.entry == bindparam("delivered")).values(sealed=None)
        connection.execute(statement, [{"delivered": id} for id in ids])
