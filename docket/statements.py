"""The docket's reads, compiled once for a dialect. Lists of keys go in as lists of fixed widths, padded with repeats,
so that each statement is prepared once whatever the number of keys.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, select, tuple_

from docket.tables import (
    dossier,
    dossier_subject,
    intake,
    layout,
    line,
    outbox,
    protective,
    protective_key,
    protective_text,
)

WIDTHS = (8, 64, 500)
MAX_DOCUMENTS = 256
"""A case has at most this many documents."""
MAX_REVIEWS = 256
"""Reviews that one row, or one key, has at most."""


@dataclass(frozen=True, slots=True)
class Query:
    """SQL text with positional parameters: the caller's values first, then the statement's own (`tail`)."""

    sql: str
    tail: tuple[Any, ...]


class Prepared:
    """Every read, compiled; the wide ones take as many keys as their width."""

    def __init__(self, dialect: Any) -> None:
        def text(statement: Select[Any]) -> Query:
            return compiled(dialect, statement)

        def wide(column: ColumnElement[Any], statement: Select[Any]) -> dict[int, Query]:
            return {width: text(statement.where(among(column, width))) for width in WIDTHS}

        self.layout = text(select(layout.c.number).where(layout.c.name == bindparam("name")))
        self.counts = text(
            select(intake.c.source, intake.c.outcome, func.count()).group_by(intake.c.outcome, intake.c.source)
        )
        self.held = text(
            select(intake.c.position, intake.c.source, intake.c.sealed, intake.c.raw, intake.c.seq)
            .where(intake.c.outcome == bindparam("outcome"))
            .where(tuple_(intake.c.source, intake.c.seq) > tuple_(bindparam("source"), bindparam("seq")))
            .order_by(intake.c.source, intake.c.seq)
            .limit(bindparam("most"))
        )
        self.seen = wide(
            intake.c.digest,
            select(intake.c.digest, intake.c.position, intake.c.seq),
        )
        self.standing = wide(intake.c.position, select(intake.c.position, intake.c.outcome))
        self.protection = wide(
            protective_key.c.key,
            select(protective_key.c.key, protective_key.c.matter, protective.c.sealed).select_from(
                protective_key.outerjoin(protective, protective.c.matter == protective_key.c.matter)
            ),
        )
        self.texts = wide(
            protective_key.c.key,
            select(protective_text.c.matter, protective_text.c.part, protective_text.c.sealed)
            .select_from(protective_key.join(protective_text, protective_text.c.matter == protective_key.c.matter))
            .distinct(),
        )
        self.documents = text(
            select(dossier.c.id, dossier.c.version, dossier.c.sealed)
            .where(dossier.c.reference == bindparam("reference"))
            .limit(MAX_DOCUMENTS + 1)
        )
        stored = select(dossier.c.id, dossier.c.version, dossier.c.sealed, dossier.c.kind)
        self.load = text(stored.where(dossier.c.id == bindparam("id")))
        self.referring = text(stored.where(dossier.c.reference == bindparam("reference")).limit(MAX_REVIEWS + 1))
        self.about = text(
            stored.join(dossier_subject, dossier_subject.c.dossier == dossier.c.id)
            .where(dossier_subject.c.subject == bindparam("subject"), dossier.c.kind == bindparam("kind"))
            .order_by(dossier.c.id)
            .limit(MAX_REVIEWS)
        )
        self.line = text(
            select(dossier.c.id, dossier.c.version, dossier.c.sealed, dossier.c.kind, line.c.seq)
            .select_from(line.join(dossier, dossier.c.id == line.c.dossier))
            .where(line.c.line == bindparam("line"), line.c.seq > bindparam("after"))
            .order_by(line.c.seq)
            .limit(bindparam("most"))
        )
        self.row = text(
            select(intake.c.position, intake.c.source, intake.c.sealed, intake.c.raw).where(
                intake.c.position == bindparam("position")
            )
        )
        self.pending = text(
            select(outbox.c.entry, outbox.c.sealed)
            .where(outbox.c.sealed.is_not(None))
            .order_by(outbox.c.seq)
            .limit(bindparam("most"))
        )


def compiled(dialect: Any, statement: Select[Any]) -> Query:
    """A statement as SQL text of the dialect."""
    made = statement.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
    bound = made.construct_params(_check=False)
    return Query(str(made), tuple(bound[name] for name in made.positiontup or () if not made.binds[name].required))


def among(column: ColumnElement[Any], width: int) -> ColumnElement[bool]:
    """The column is one of `width` values."""
    return column.in_([bindparam(f"key_{at}") for at in range(width)])


def chunks(keys: Sequence[bytes]) -> Iterator[tuple[int, Sequence[bytes]]]:
    """Keys in chunks of a prepared width, padded by repeating a key; no keys make one chunk that matches nothing.

    So that a call's statements depend on how many keys it asks for, never on what is there.
    """
    most = WIDTHS[-1]
    for at in range(0, max(len(keys), 1), most):
        chunk = list(keys[at : at + most]) or [b""]
        width = next(width for width in WIDTHS if len(chunk) <= width)
        yield width, chunk + [chunk[-1]] * (width - len(chunk))
