"""Checks the log where it is kept: leaves against checkpoints, and every table beside them against the leaves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, LargeBinary, Row, cast, select

from domain.errors import Unavailable
from policy.ledger.engines import database_path, reading
from policy.ledger.indexed import check_index
from policy.ledger.judging import Signed, Unsure, Verdict, altered, check_leaves, intact, signed, unsure
from policy.ledger.naming import Names
from policy.ledger.reading import reading_from
from policy.ledger.tables import checkpoints, head, leaves
from policy.ledger.tree import leaf_hash
from vault.key_ring import KeyRing

_CHUNK = 1000


_NO_NAMES = "whether the index names the people of the leaves takes the hub's keys"


def verify_store(url: str, key: str, checkpoint: str | None = None, ring: KeyRing | None = None) -> Verdict:
    """Check the log at `url`: every leaf, every checkpoint kept there, the given one, and the index beside the leaves.

    Without the `ring` that `key` belongs to, the index is checked for numbers, counts and ties; with it, also that it
    names the people and actors of the leaves. What no leaf tells of (attempts, sealed columns) is not covered. Leaves
    newer than the last checkpoint are checked against the store's own head alone. Never raises for what the store
    holds; Invalid for an address of another kind.
    """
    if not Path(database_path(url)).is_file():
        return unsure("there is no ledger at this address")
    engine = reading(url)
    try:
        with reading_from(engine) as connection:
            return _verify(connection, key, checkpoint, _names(ring, key))
    except Unsure as reason:
        return unsure(reason)
    except Unavailable as error:
        return unsure(f"the store could not be read ({error.cause})")
    except (TypeError, ValueError, AttributeError):  # SQLite keeps whatever is put in, of whatever type
        return altered("a row is not of its kind")
    finally:
        engine.dispose()


def _names(ring: KeyRing | None, key: str) -> Names | None:
    """Under keys that are not this log's, every name would look forged."""
    return Names(ring) if ring is not None and ring.signer().verifier == key.strip() else None


def _verify(connection: Connection, key: str, checkpoint: str | None, names: Names | None) -> Verdict:
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
    return (
        _content(connection)
        or _tree(connection, marks)
        or check_index(connection, names)
        or _whole(connection, given, names)
    )


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


def _whole(connection: Connection, given: Signed | None, names: Names | None) -> Verdict:
    size = connection.execute(select(head.c.leaves)).scalar_one()
    return intact(size, given, *(() if names is not None else (_NO_NAMES,)))


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
