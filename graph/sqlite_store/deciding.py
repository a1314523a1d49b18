"""Who keys are and whom ids name: new decisions, decisions made anew, moves, and what of them makes a batch stale."""

from __future__ import annotations

import sqlite3

from domain.errors import Invalid
from domain.ids import KeyHash, PersonId
from graph.shapes import Batch
from graph.sqlite_store.naming import name_again, names_another
from graph.sqlite_store.reading import select

_OWNERS = "SELECT key, person FROM source_key WHERE key IN ($)"
_ADD_KEY = "INSERT INTO source_key (key, source, wrapped, person, reason, seq) VALUES (?, ?, ?, ?, ?, ?)"
_KEEP_DECISION = """INSERT INTO decision_past (key, seq, person, reason)
    SELECT key, seq, person, reason FROM source_key WHERE key = ?"""
_DECIDE_ANEW = "UPDATE source_key SET person = ?, reason = ?, seq = ? WHERE key = ?"
_MOVE = """INSERT INTO moved (person, target, seq, named) VALUES (?1, ?2, ?3, ?2)
    ON CONFLICT (person) DO UPDATE SET target = excluded.target, seq = excluded.seq"""
_MOVE_BACK = "DELETE FROM moved WHERE person = ?"
_STANDS = """SELECT EXISTS (SELECT 1 FROM source_key WHERE person = ?1) OR EXISTS (SELECT 1 FROM link WHERE person = ?1)
    OR EXISTS (SELECT 1 FROM link WHERE other = ?1) OR EXISTS (SELECT 1 FROM membership WHERE person = ?1)
    OR EXISTS (SELECT 1 FROM search WHERE person = ?1) OR EXISTS (SELECT 1 FROM national WHERE person = ?1)"""
_PARTED = "UPDATE meta SET parted = ?"


def compare_decisions(connection: sqlite3.Connection, batch: Batch) -> tuple[set[KeyHash], set[PersonId]]:
    """Keys of the batch that are decided already, and everyone about whom it is wrong.

    For a key that is decided otherwise both people are named: the one it is and the one the batch took it for. An id
    that names somebody else today may stand in a batch only to be moved by it.
    """
    keys = {row.key: row.person for row in batch.keys}
    anew = {row.key: row.was for row in batch.redecisions}
    expected = keys | anew
    owners: dict[KeyHash, PersonId] = dict(select(connection, _OWNERS, list(expected)))
    wrong = {person for key, owner in owners.items() if owner != expected[key] for person in (owner, expected[key])}
    wrong |= {was for key, was in anew.items() if key not in owners}
    return owners.keys() & keys.keys(), wrong | _named_otherwise(connection, batch)


def _named_otherwise(connection: sqlite3.Connection, batch: Batch) -> set[PersonId]:
    ids = {row.person for row in batch.keys} | {row.person for row in batch.redecisions}
    ids |= {write.person for write in batch.people}
    ids |= {link.other for write in batch.people for link in write.links or ()}
    return {PersonId(i) for i in names_another(connection, ids)} - {move.person for move in batch.moves}


def decide(connection: sqlite3.Connection, batch: Batch, decided: set[KeyHash], sequence: int) -> None:
    """Write the decisions and moves of a batch that is not stale. Invalid if a chain of ids would lead to itself."""
    new = {row.key: row for row in batch.keys if row.key not in decided}
    connection.executemany(
        _ADD_KEY, [(row.key, row.source, row.wrapped, row.person, row.reason, sequence) for row in new.values()]
    )
    if not batch.redecisions and not batch.moves:
        return
    connection.executemany(_KEEP_DECISION, [(row.key,) for row in batch.redecisions])
    connection.executemany(_DECIDE_ANEW, [(row.person, row.reason, sequence, row.key) for row in batch.redecisions])
    connection.executemany(_MOVE_BACK, [(move.person,) for move in batch.moves if move.into is None])
    connection.executemany(_MOVE, [(move.person, move.into, sequence) for move in batch.moves if move.into is not None])
    if not name_again(connection, [move.person for move in batch.moves]):
        raise Invalid(field="moves")
    connection.execute(_PARTED, (sequence,))


def check_moved(connection: sqlite3.Connection, batch: Batch) -> None:
    """Once all is written: Invalid if an id that names somebody else from now on still stands in a row of the present.

    Else a grade on their keys would no longer reach whoever has the old id for a parent or lives with it.
    """
    for move in batch.moves:
        if move.into is not None and connection.execute(_STANDS, (move.person,)).fetchone()[0]:
            raise Invalid(field="moves")
