"""Erasing people, inside the caller's transaction. The file is built anew afterwards (`upkeep`).

A key may have been decided to be somebody else before. What was derived about that other person in those days may hold
what the key says, so it goes as well; what stands about them today was derived without it.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

from domain.ids import KeyHash
from graph.checks import EPOCH
from graph.sqlite_store.committing import number
from graph.sqlite_store.naming import former_ids, named
from graph.sqlite_store.reading import select

_PERSONS = "SELECT id FROM person WHERE id IN ($)"
_KEYS = "SELECT person, key FROM source_key WHERE person IN ($)"
_NATIONALS = "SELECT hash FROM national WHERE person IN ($)"
_IN_FORCE = "SELECT key, seq, person FROM source_key WHERE key IN ($)"
_REPLACED = "SELECT key, seq, person FROM decision_past WHERE key IN ($)"
_LINKED = ("SELECT other FROM link WHERE person IN ($)", "SELECT person FROM link WHERE other IN ($)")
_MARKS = "SELECT hash FROM mark WHERE hash IN ($)"
_MARK = "INSERT INTO mark (hash) VALUES (?)"
_MOVE_ON = "UPDATE person SET version = version + 1 WHERE id = ?"
_PARTED = "UPDATE meta SET parted = ?"

_OF_PERSON = (
    "DELETE FROM record WHERE id BETWEEN ?1 * 16 AND ?1 * 16 + 15",
    "DELETE FROM record_past WHERE id BETWEEN ?1 * 16 AND ?1 * 16 + 15",
    "DELETE FROM link WHERE person = ?1",
    "DELETE FROM link WHERE other = ?1",
    "DELETE FROM link_past WHERE person = ?1",
    "DELETE FROM link_past WHERE other = ?1",
    "DELETE FROM membership WHERE person = ?1",
    "DELETE FROM membership_past WHERE person = ?1",
    "DELETE FROM search WHERE person = ?1",
    "DELETE FROM national WHERE person = ?1",
    "DELETE FROM decision_past WHERE person = ?1",
    "DELETE FROM moved WHERE person = ?1",
    "DELETE FROM moved WHERE target = ?1",
    "DELETE FROM person WHERE id = ?1",
)
_OF_KEY = (
    "DELETE FROM claim WHERE key = ?1",
    "DELETE FROM decision_past WHERE key = ?1",
    "DELETE FROM source_key WHERE key = ?1",
)
_OF_HOLDER = (
    "DELETE FROM link WHERE person = ?1 AND key = ?2",
    "DELETE FROM link_past WHERE person = ?1 AND key = ?2",
)
_OF_THOSE_DAYS = (
    "DELETE FROM record_past WHERE id BETWEEN ?1 * 16 AND ?1 * 16 + 15 AND since >= ?2 AND since < ?3",
    "DELETE FROM link_past WHERE person = ?1 AND since >= ?2 AND since < ?3",
    "DELETE FROM link_past WHERE other = ?1 AND since >= ?2 AND since < ?3",
    "DELETE FROM membership_past WHERE person = ?1 AND since >= ?2 AND since < ?3",
)


def forget(connection: sqlite3.Connection, ids: list[int], marks: Sequence[KeyHash]) -> int:
    """Erase the people whom the ids name today, and set the marks; how many people there were.

    Takes a sequence of its own if anything changed, so that a batch that was begun before it is Stale.
    """
    roots = named(connection, ids)
    whole = sorted({*roots, *former_ids(connection, roots)})
    owned = select(connection, _KEYS, whole)
    keys = sorted({key for _, key in owned})
    count = _count(connection, roots, {owner for owner, _ in owned})
    wanted = {*marks, *keys, *(row[0] for row in select(connection, _NATIONALS, whole))}
    new = sorted(wanted.difference(row[0] for row in select(connection, _MARKS, sorted(wanted))))
    if not count and not new:
        return 0
    sequence = number(connection, EPOCH)
    _move_on(connection, whole)
    _erase(connection, whole, keys)
    connection.executemany(_MARK, [(value,) for value in new])
    connection.execute(_PARTED, (sequence,))
    return count


def _count(connection: sqlite3.Connection, roots: list[int], owners: set[int]) -> int:
    """How many of the people are there: by a fold or a decided key, under their own id or one that was merged."""
    found = 0
    for root in roots:
        group = [root, *former_ids(connection, [root])]
        found += bool(select(connection, _PERSONS, group)) or not owners.isdisjoint(group)
    return found


def _move_on(connection: sqlite3.Connection, whole: list[int]) -> None:
    linked = {row[0] for sql in _LINKED for row in select(connection, sql, whole)}
    connection.executemany(_MOVE_ON, [(other,) for other in sorted(linked.difference(whole))])


def _erase(connection: sqlite3.Connection, whole: list[int], keys: list[bytes]) -> None:
    held = _held(connection, keys)
    others = [row for row in held if row[0] not in set(whole)]
    for sql in _OF_HOLDER:
        connection.executemany(sql, [(person, key) for person, key, _, _ in others])
    for sql in _OF_THOSE_DAYS:
        connection.executemany(sql, [(person, since, until) for person, _, since, until in others])
    for sql in _OF_PERSON:
        connection.executemany(sql, [(person,) for person in whole])
    for sql in _OF_KEY:
        connection.executemany(sql, [(key,) for key in keys])


def _held(connection: sqlite3.Connection, keys: list[bytes]) -> list[tuple[int, bytes, int, int]]:
    """(person, key, since, until) of the decisions about the keys that were replaced."""
    rows = [*select(connection, _IN_FORCE, keys), *select(connection, _REPLACED, keys)]
    decided: defaultdict[bytes, list[tuple[int, int]]] = defaultdict(list)
    for key, sequence, person in sorted(rows):
        decided[key].append((sequence, person))
    return [
        (person, key, since, until) for key, steps in decided.items() for (since, person), (until, _) in pairwise(steps)
    ]
