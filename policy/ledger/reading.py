"""Reads of the log, for the gate alone: a person's own looks, and everything for reviewers.

Point reads on the event loop, bounded by `MAX_PAGE`: for a page, a thread would cost more than it saves.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Connection, Engine, Row, Select, and_, exists, or_, select
from sqlalchemy.exc import SQLAlchemyError

from domain.errors import Invalid, Unavailable
from domain.ids import PersonId
from policy.ledger.leaves import body_content, milliseconds
from policy.ledger.naming import EPOCHS, Names
from policy.ledger.shapes import HeaderLeaf, Look, People, Reviewed, header_of, people_of, shown_of
from policy.ledger.store import unpacked
from policy.ledger.tables import entries, leaves, looks
from vault.ciphers import Compartment

MAX_PAGE = 200


class Opener(Protocol):
    """Opens what the ledger's compartment holds. The unsealer has this form; who may have one, wiring decides."""

    def unseal_compartment(self, name: Compartment, sealed: bytes, label: bytes) -> bytes:
        """The plaintext. Raises Broken."""
        ...


class Pages:
    """Pages of the log, newest first. An unknown `after` gives the empty page, as another person's does."""

    def __init__(self, engine: Engine, names: Names, opener: Opener | None) -> None:
        self.engine = engine
        self._names = names
        self._opener = opener

    def by_subject(
        self,
        person: PersonId,
        first: int,
        after: bytes | None,
        since: datetime | None,
        former: Sequence[PersonId] = (),
    ) -> tuple[Look, ...]:
        """Entries in which the person was opened, or asked for and hidden; none quiet, none of their own reading.

        `former`: ids that name the person too, since they were found to be one. An entry that knew them as two is one.
        """
        named = [pseudonym for one in (person, *former) for pseudonym in self.pseudonyms(one)]
        mine = and_(looks.c.pseudonym.in_(named), looks.c.own.is_(True))
        subject = leaves.alias("subject")
        query = (
            select(entries.c.position, entries.c.header, leaves.c.leaf, subject.c.leaf.label("shown"))
            .select_from(looks)
            .join(entries, entries.c.number == looks.c.entry)
            .join(leaves, leaves.c.number == entries.c.header)
            .outerjoin(subject, subject.c.number == looks.c.leaf)
            .where(mine)
            .order_by(looks.c.entry.desc(), looks.c.leaf)
            .limit(_bounded(first) * len(named))
        )
        if since is not None:
            query = query.where(entries.c.at >= milliseconds(since))
        with reading_from(self.engine) as connection:
            if after is not None:
                theirs = exists().where(mine, looks.c.entry == entries.c.number)
                start = connection.execute(_number(after).where(theirs)).scalar()
                if start is None:
                    return ()
                query = query.where(looks.c.entry < start)
            rows = {row.position: row for row in connection.execute(query)}
            return tuple(
                Look(
                    row.position,
                    row.header,
                    header_of(row.leaf),
                    None if row.shown is None else shown_of(person, row.shown),
                )
                for row in list(rows.values())[:first]
            )

    def entries(
        self,
        first: int,
        after: bytes | None,
        *,
        actor: str | None,
        subjects: Sequence[PersonId],
        activity: str | None,
        decision: str | None,
    ) -> tuple[Reviewed, ...]:
        """All entries that fit every filter given; `subjects`: ids of one person, none for everybody. A subject's quiet
        entries are left out: they would name them."""
        query = (
            select(entries, leaves.c.leaf)
            .join(leaves, leaves.c.number == entries.c.header)
            .where(*self._filters(actor, subjects, activity, decision))
            .order_by(entries.c.number.desc())
            .limit(_bounded(first))
        )
        with reading_from(self.engine) as connection:
            if after is not None:
                start = connection.execute(_number(after)).scalar()
                if start is None:
                    return ()
                query = query.where(entries.c.number < start)
            rows = connection.execute(query).all()
            return tuple(self._reviewed(connection, row) for row in rows)

    def _filters(
        self, actor: str | None, subjects: Sequence[PersonId], activity: str | None, decision: str | None
    ) -> list[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = []
        if actor is not None:
            found.append(or_(entries.c.actor == actor, entries.c.actor == self._names.public_actor(actor)))
        if subjects:
            named = [pseudonym for subject in subjects for pseudonym in self.pseudonyms(subject)]
            seen = select(looks.c.entry).where(looks.c.pseudonym.in_(named))
            found += [entries.c.number.in_(seen), entries.c.quiet.is_(False)]
        if activity is not None:
            found.append(entries.c.activity == activity)
        if decision is not None:
            found.append(entries.c.decision == decision)
        return found

    def pseudonyms(self, person: PersonId) -> list[bytes]:
        """Under which the index may have a person."""
        return [self._names.person(person, epoch) for epoch in EPOCHS]

    def _reviewed(self, connection: Connection, row: Row[Any]) -> Reviewed:
        header = header_of(row.leaf)
        if self._opener is None or header.quiet:
            return _closed(row, header)
        label: bytes = row.position
        people = people_of(self._opener.unseal_compartment("ledger", row.people, b"people" + label))
        body = self._opener.unseal_compartment("ledger", base64.b64decode(header.body), b"body" + label)
        return _opened(row, header, people, body_content(body), _subject_leaves(connection, row.subjects))


def _closed(row: Row[Any], header: HeaderLeaf) -> Reviewed:
    return Reviewed(
        position=row.position,
        index=row.header,
        header=header,
        actor=header.actor,
        acting_for=header.acting_for,
        case=None,
        warrant=None,
        request_id=header.request_id,
        subjects=None,
        attempted=None,
        asked=None,
    )


def _opened(
    row: Row[Any], header: HeaderLeaf, people: People, asked: dict[str, object], subjects: list[bytes]
) -> Reviewed:
    return Reviewed(
        position=row.position,
        index=row.header,
        header=header,
        actor=people.actor,
        acting_for=people.acting_for,
        case=people.case,
        warrant=people.warrant,
        request_id=people.request_id,
        subjects=tuple(
            shown_of(PersonId(person), leaf) for person, leaf in zip(people.subjects, subjects, strict=True)
        ),
        attempted=tuple(PersonId(person) for person in people.attempted),
        asked=asked,
    )


def _subject_leaves(connection: Connection, packed: bytes) -> list[bytes]:
    """An entry's subject leaves, in the order its row names them."""
    numbers = unpacked(packed)
    query = select(leaves.c.number, leaves.c.leaf).where(leaves.c.number.in_(numbers))
    found = {row.number: row.leaf for row in connection.execute(query)}
    return [found[number] for number in numbers if number in found]


def _number(position: bytes) -> Select[tuple[int]]:
    return select(entries.c.number).where(entries.c.position == position)


def _bounded(first: int) -> int:
    """Raises Invalid unless 1 ≤ first ≤ MAX_PAGE + 1 (a caller may ask for one more, to know of a next page)."""
    if not 1 <= first <= MAX_PAGE + 1:
        raise Invalid(field="first", cause="page size out of bounds")
    return first


@contextmanager
def reading_from(engine: Engine) -> Iterator[Connection]:
    """One state of the log. Raises Unavailable if the store fails; the cause names no statement and no value."""
    try:
        with engine.begin() as connection:
            yield connection
    except SQLAlchemyError as error:
        raise Unavailable(cause=f"ledger store: {type(error).__name__}") from None
