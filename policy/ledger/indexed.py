"""Checks that what reads go by says what the leaves say: else an entry could be hidden without touching a leaf."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, func, select

from domain.entries import Reach
from domain.errors import Broken
from policy.ledger.judging import Verdict, altered
from policy.ledger.leaves import SUBJECT_ACCESS, milliseconds, tie
from policy.ledger.naming import Names, is_public
from policy.ledger.shapes import HeaderLeaf, header_of, subject_of
from policy.ledger.store import salt, unpacked
from policy.ledger.tables import NO_LEAF, entries, leaves, looks
from policy.ledger.tree import leaf_hash

_CHUNK = 1000


@dataclass(frozen=True, slots=True)
class _Look:
    """A row of `looks` that names a leaf."""

    pseudonym: bytes
    own: bool


def check_index(connection: Connection, names: Names | None) -> Verdict | None:
    """The first fault found in `entries` and `looks` against the leaves, which must be whole; None if there is none.

    Without `names`, whether the index names the same people as the leaves stays open. Memory holds one entry's looks.
    Raises TypeError, ValueError or AttributeError for values that are not of their column's kind.
    """
    told = subjects = 0
    seen = _Looks(connection)
    for row in connection.execution_options(yield_per=_CHUNK).execute(
        select(entries, leaves.c.leaf).outerjoin(leaves, leaves.c.number == entries.c.header).order_by(entries.c.number)
    ):
        fault = _fault(connection, row, seen.of(row.number), names)
        if fault is not None:
            return altered(f"the index tells otherwise than leaf {row.header} ({fault})", row.header)
        told += 1
        subjects += len(unpacked(row.subjects))
    size = connection.execute(select(func.count()).select_from(leaves)).scalar_one()
    if told + subjects != size:
        return altered("the index leaves out some leaves", _unindexed(connection))
    indexed = select(func.count()).select_from(looks).where(looks.c.leaf != NO_LEAF)
    if connection.execute(indexed).scalar_one() != subjects:
        return altered("the index of subjects does not fit the leaves")
    return None


class _Looks:
    """The looks that name a leaf, an entry at a time, in one pass: their table has no order by entry to look up."""

    def __init__(self, connection: Connection) -> None:
        rows = connection.execution_options(yield_per=_CHUNK).execute(
            select(looks).where(looks.c.leaf != NO_LEAF).order_by(looks.c.entry)
        )
        self._groups: Iterator[tuple[int, Iterator[Row[Any]]]] = groupby(rows, key=lambda row: row.entry)
        self._next = next(self._groups, None)

    def of(self, entry: int) -> Mapping[int, _Look] | None:
        """An entry's looks by leaf number; None where two name one leaf. To be asked by rising number."""
        while self._next is not None and self._next[0] < entry:
            self._next = next(self._groups, None)
        if self._next is None or self._next[0] != entry:
            return {}
        rows = list(self._next[1])
        found = {row.leaf: _Look(row.pseudonym, row.own) for row in rows}
        return found if len(found) == len(rows) else None


def _fault(connection: Connection, row: Row[Any], seen: Mapping[int, _Look] | None, names: Names | None) -> str | None:
    """What is wrong with one entry's rows, in a word."""
    try:
        header = header_of(row.leaf or b"")
        numbers = unpacked(row.subjects)
        if not _same(row, header) or not _actor_fits(row, header, names):
            return "entry"
        if seen is None or set(seen) != set(numbers) or len(set(numbers)) != len(numbers):
            return "subject"
        for which, number in enumerate(numbers):
            fault = _subject_fault(connection, row, header, (which, number, seen[number]), names)
            if fault is not None:
                return fault
    except (Broken, ValueError):
        return "form"
    return None


def _subject_fault(
    connection: Connection, row: Row[Any], header: HeaderLeaf, place: tuple[int, int, _Look], names: Names | None
) -> str | None:
    which, number, look = place
    leaf = connection.execute(select(leaves.c.leaf).where(leaves.c.number == number)).scalar() or b""
    subject = subject_of(leaf)
    if subject.tie != tie(salt(row.salts, which), leaf_hash(row.leaf)).hex():
        return "tie"
    if look.own != (subject.reach is Reach.OPENED and not header.quiet and header.activity != SUBJECT_ACCESS):
        return "subject"
    if names is not None and subject.pseudonym != names.person_in(row.position, look.pseudonym):
        return "person"
    return None


def _same(row: Row[Any], header: HeaderLeaf) -> bool:
    stored = (row.position.hex(), row.at, row.activity, row.decision, row.quiet)
    return stored == (header.id, milliseconds(header.at), header.activity, header.decision, header.quiet)


def _actor_fits(row: Row[Any], header: HeaderLeaf, names: Names | None) -> bool:
    """Officers stand in clear in both; of a member of the public, keys alone tell."""
    if is_public(header.role) and names is None:
        return True
    return header.actor == (row.actor if names is None else names.actor_in(row.position, row.actor, header.role))


def _unindexed(connection: Connection) -> int | None:
    """The first header leaf that no entry names."""
    rows = connection.execution_options(yield_per=_CHUNK).execute(
        select(leaves.c.number, leaves.c.leaf)
        .outerjoin(entries, entries.c.header == leaves.c.number)
        .where(entries.c.number.is_(None))
        .order_by(leaves.c.number)
    )
    return next((row.number for row in rows if b'"type":"header"' in row.leaf), None)
