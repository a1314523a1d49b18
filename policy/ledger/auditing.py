"""Checks the log where it is kept: leaves against checkpoints, and every table beside them against the leaves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, LargeBinary, Row, and_, cast, func, select

from domain.entries import Reach
from domain.errors import Broken, Unavailable
from policy.ledger.engines import database_path, reading
from policy.ledger.judging import Signed, Unsure, Verdict, altered, check_leaves, intact, signed, unsure
from policy.ledger.leaves import SUBJECT_ACCESS, milliseconds, tie
from policy.ledger.reading import reading_from
from policy.ledger.shapes import HeaderLeaf, header_of, subject_of
from policy.ledger.store import salt, unpacked
from policy.ledger.tables import NO_LEAF, checkpoints, entries, head, leaves, looks
from policy.ledger.tree import leaf_hash

_CHUNK = 1000


def verify_store(url: str, key: str, checkpoint: str | None = None) -> Verdict:
    """Check the log at `url`: every leaf, every checkpoint kept there, the given one, and the index beside the leaves.

    What no leaf tells of (attempts, sealed columns) is not covered. Leaves newer than the last checkpoint are checked
    against the store's own head alone. Never raises for what the store holds; Invalid for an address of another kind.
    """
    if not Path(database_path(url)).is_file():
        return unsure("there is no ledger at this address")
    engine = reading(url)
    try:
        with reading_from(engine) as connection:
            return _verify(connection, key, checkpoint)
    except Unsure as reason:
        return unsure(reason)
    except Unavailable as error:
        return unsure(f"the store could not be read ({error.cause})")
    except (TypeError, ValueError, AttributeError):  # SQLite keeps whatever is put in, of whatever type
        return altered("a row is not of its kind")
    finally:
        engine.dispose()


def _verify(connection: Connection, key: str, checkpoint: str | None) -> Verdict:
    marks: list[Signed] = []
    for row in connection.execute(select(checkpoints).order_by(checkpoints.c.size)):
        found = signed(row.note, key, f"checkpoint at {row.size}")
        if isinstance(found, Verdict):
            return found
        marks.append(found)
    given = None if checkpoint is None else signed(checkpoint, key, "given checkpoint")
    if isinstance(given, Verdict):
        return given
    if given is not None:
        marks.append(given)
    if not marks:
        raise Unsure("nothing was signed yet")
    if len({mark.checkpoint.origin for mark in marks}) > 1:
        raise Unsure("the given checkpoint is of another log")
    return _content(connection) or _tree(connection, marks) or _index(connection) or _whole(connection, given)


def _content(connection: Connection) -> Verdict | None:
    """Each leaf against the hash beside it and its number: the one check that names the altered leaf exactly."""
    for expected, row in enumerate(_rows(connection)):
        if row.number != expected:
            return altered(f"leaf {expected} is missing", expected)
        if leaf_hash(row.leaf) != row.hash:
            return altered(f"leaf {row.number} is not what was written", row.number)
    return None


def _tree(connection: Connection, marks: list[Signed]) -> Verdict | None:
    verdict = check_leaves((leaf_hash(row.leaf) for row in _rows(connection)), marks)
    if isinstance(verdict, Verdict):
        return verdict
    row = connection.execute(select(head)).one_or_none()
    if row is None or row.leaves != verdict.size or row.peaks != verdict.dump():
        size = 0 if row is None else min(row.leaves, verdict.size)
        return altered(f"the leaves do not lead to the log's head; they part at leaf {size} or before", size)
    return None


def _index(connection: Connection) -> Verdict | None:
    """What reads go by must say what the leaves say: else an entry could be hidden without touching a leaf."""
    told = subjects = 0
    for row in connection.execution_options(yield_per=_CHUNK).execute(
        select(entries, leaves.c.leaf).outerjoin(leaves, leaves.c.number == entries.c.header)
    ):
        fault = _entry_fault(connection, row)
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


def _entry_fault(connection: Connection, row: Row[Any]) -> str | None:
    try:
        header = header_of(row.leaf or b"")
        numbers = unpacked(row.subjects)
        if not _same(row, header):
            return "entry"
        for which, number in enumerate(numbers):
            leaf = connection.execute(select(leaves.c.leaf).where(leaves.c.number == number)).scalar() or b""
            subject = subject_of(leaf)
            if subject.tie != tie(salt(row.salts, which), leaf_hash(row.leaf)).hex():
                return "tie"
            own = subject.reach is Reach.OPENED and not header.quiet and header.activity != SUBJECT_ACCESS
            look = and_(
                looks.c.pseudonym == bytes.fromhex(subject.pseudonym),
                looks.c.own.is_(own),
                looks.c.entry == row.number,
                looks.c.leaf == number,
            )
            if connection.execute(select(looks.c.entry).where(look)).first() is None:
                return "subject"
    except (Broken, ValueError):
        return "form"
    return None


def _same(row: Row[Any], header: HeaderLeaf) -> bool:
    stored = (row.position.hex(), row.at, row.actor, row.activity, row.decision, row.quiet)
    told = (header.id, milliseconds(header.at), header.actor, header.activity, header.decision, header.quiet)
    return stored == told


def _unindexed(connection: Connection) -> int | None:
    """The first header leaf that no entry names."""
    known = {header for (header,) in connection.execute(select(entries.c.header))}
    headers = (row.number for row in _rows(connection) if b'"type":"header"' in row.leaf)
    return next((number for number in headers if number not in known), None)


def _whole(connection: Connection, given: Signed | None) -> Verdict:
    return intact(connection.execute(select(head.c.leaves)).scalar_one(), given)


def _rows(connection: Connection) -> Iterator[Row[Any]]:
    """Leaves in order, a chunk at a time."""
    start = -1
    while rows := connection.execute(
        select(leaves.c.number, leaves.c.hash, cast(leaves.c.leaf, LargeBinary).label("leaf"))
        .where(leaves.c.number > start)
        .order_by(leaves.c.number)
        .limit(_CHUNK)
    ).all():
        yield from rows
        start = rows[-1].number
