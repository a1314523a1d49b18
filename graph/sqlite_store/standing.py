"""What stood in the graph at a sequence: records, links and memberships, now or after an earlier batch.

Now is read from the current tables alone, and costs what it did before there was a past. At a sequence both are read:
current rows that were written by then, and replaced ones that were in force (since <= at < until).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Any

from domain.ids import KeyHash, PersonId
from domain.links import LinkKind
from graph.shapes import LinkShape, MemberRow, RecordRow
from graph.sqlite_store.reading import select

CATEGORIES_PER_PERSON = 16

_NEVER = (1 << 63) - 1
"""Sequences end before this; a later `at` is now."""


class _Query:
    """One question to the current table, and to both tables at a sequence. `{past}` stands behind the table's name."""

    def __init__(self, sql: str) -> None:
        self.now = sql.format(past="")
        self.by_then = self.now + " AND since <= ?"
        self.replaced = sql.format(past="_past") + " AND since <= ? AND until > ?"

    def rows(self, connection: sqlite3.Connection, values: list[Any], at: int | None) -> list[Any]:
        """Its rows for the values, now or at a sequence."""
        if at is None:
            return select(connection, self.now, values)
        then = max(-1, min(at, _NEVER))
        return [
            *select(connection, self.by_then, values, then),
            *select(connection, self.replaced, values, then, then),
        ]


_RECORD = _Query("SELECT id, sealed FROM record{past} WHERE id IN ($)")
_OUTGOING = _Query("""SELECT l.person, l.other, l.kind, k.wrapped, l.sealed, l.place, l.key
    FROM link{past} l CROSS JOIN source_key k ON k.key = l.key WHERE l.person IN ($)""")
_INCOMING = _Query("""SELECT l.other, l.person, l.kind, k.wrapped, l.sealed, l.place, l.key
    FROM link{past} l CROSS JOIN source_key k ON k.key = l.key WHERE l.other IN ($)""")
_OF_PERSON = _Query("SELECT person, household, sealed, place FROM membership{past} WHERE person IN ($)")
_OF_HOUSEHOLD = _Query("SELECT person, household, sealed, place FROM membership{past} WHERE household IN ($)")

_KIND = {str(kind): kind for kind in LinkKind}


def records(
    connection: sqlite3.Connection, ids: Iterable[int], categories: Iterable[int], at: int | None
) -> tuple[RecordRow, ...]:
    """Records in force, ascending (person, category)."""
    wanted = [person * CATEGORIES_PER_PERSON + category for person in sorted(ids) for category in categories]
    rows = sorted(_RECORD.rows(connection, wanted, at))
    return tuple(
        RecordRow(PersonId(row // CATEGORIES_PER_PERSON), row % CATEGORIES_PER_PERSON, sealed) for row, sealed in rows
    )


def links(
    connection: sqlite3.Connection, ids: list[int], kinds: frozenset[LinkKind], at: int | None
) -> tuple[LinkShape, ...]:
    """Links at either end, ascending (person, other, kind), outgoing first, then in the order written."""
    wanted = {str(kind) for kind in kinds}
    rows = [(*row, True) for row in _OUTGOING.rows(connection, ids, at) if row[2] in wanted]
    rows += [(*row, False) for row in _INCOMING.rows(connection, ids, at) if row[2] in wanted]
    rows.sort(key=lambda row: (row[0], row[1], row[2], not row[7], row[5]))
    return tuple(
        LinkShape(PersonId(person), PersonId(other), _KIND[kind], outgoing, KeyHash(key), wrapped, sealed)
        for person, other, kind, wrapped, sealed, _, key, outgoing in rows
    )


def of_people(connection: sqlite3.Connection, ids: list[int], at: int | None) -> tuple[MemberRow, ...]:
    """Memberships of people, ascending (person, household), each person's in the order written."""
    rows = _OF_PERSON.rows(connection, ids, at)
    rows.sort(key=lambda row: (row[0], row[1], row[3]))
    return tuple(MemberRow(person, household, sealed) for person, household, sealed, _ in rows)


def of_households(connection: sqlite3.Connection, ids: list[int], at: int | None) -> tuple[MemberRow, ...]:
    """Memberships of households, ascending (household, person), each person's in the order written."""
    rows = _OF_HOUSEHOLD.rows(connection, ids, at)
    rows.sort(key=lambda row: (row[1], row[0], row[3]))
    return tuple(MemberRow(person, household, sealed) for person, household, sealed, _ in rows)
