"""What is derived about people: written anew, and what that replaces kept for reads at an earlier sequence.

Somebody new (base 0) replaces nothing: for them nothing is looked up, deleted or kept.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Sequence

from graph.shapes import Batch, PersonWrite
from graph.sqlite_store.reading import select

_ADD_PERSON = "INSERT INTO person (id, version, wrapped, facts) VALUES (?, ?, ?, ?)"
_NEXT_PERSON = "UPDATE person SET version = version + 1, wrapped = coalesce(?, wrapped), facts = ? WHERE id = ?"
_KEEP_RECORD = """INSERT INTO record_past (id, since, until, sealed)
    SELECT id, since, ?, sealed FROM record WHERE id = ?"""
_PUT_RECORD = """INSERT INTO record (id, sealed, since) VALUES (?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET sealed = excluded.sealed, since = excluded.since"""
_KEEP_LINKS = """INSERT INTO link_past (person, since, place, until, other, kind, year, key, sealed)
    SELECT person, since, place, ?, other, kind, year, key, sealed FROM link WHERE person = ?"""
_CUT_LINKS = "DELETE FROM link WHERE person = ?"
_ADD_LINK = "INSERT INTO link (person, place, other, kind, year, key, sealed, since) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_KEEP_MEMBERSHIPS = """INSERT INTO membership_past (person, since, place, until, household, sealed)
    SELECT person, since, place, ?, household, sealed FROM membership WHERE person = ?"""
_CUT_MEMBERSHIPS = "DELETE FROM membership WHERE person = ?"
_ADD_MEMBERSHIP = "INSERT INTO membership (person, place, household, sealed, since) VALUES (?, ?, ?, ?, ?)"
_NATIONALS = "SELECT person, hash FROM national WHERE person IN ($)"
_CUT_NATIONAL = "DELETE FROM national WHERE hash = ? AND person = ?"
_ADD_NATIONAL = "INSERT INTO national (hash, person, seq, place) VALUES (?, ?, ?, ?)"
_SEARCHES = "SELECT person, key FROM search WHERE person IN ($)"
_CUT_SEARCH = "DELETE FROM search WHERE key = ? AND person = ?"
_ADD_SEARCH = "INSERT INTO search (key, person) VALUES (?, ?)"


def derive(connection: sqlite3.Connection, batch: Batch, sequence: int) -> None:
    """Write everything derived about the people of a batch."""
    run, people = connection.executemany, batch.people
    run(_ADD_PERSON, [(write.person, 1, write.wrapped, write.facts) for write in people if write.base == 0])
    run(_NEXT_PERSON, [(write.wrapped, write.facts, write.person) for write in people if write.base])
    _put_records(connection, people, sequence)
    _replace_links(connection, people, sequence)
    _replace_memberships(connection, people, sequence)
    nationals = [(write.person, write.nationals) for write in people if write.nationals is not None]
    cut, add = _difference(select(connection, _NATIONALS, [person for person, _ in nationals]), nationals)
    run(_CUT_NATIONAL, cut)
    places: dict[tuple[bytes, int], int] = {pair: place for place, pair in enumerate(dict.fromkeys(batch.stated))}
    last = len(places)
    run(_ADD_NATIONAL, [(*row, sequence, places.get(row, last)) for row in add])
    searches = [(write.person, write.searches) for write in people if write.searches is not None]
    cut, add = _difference(select(connection, _SEARCHES, [person for person, _ in searches]), searches)
    run(_CUT_SEARCH, cut)
    run(_ADD_SEARCH, add)


def _put_records(connection: sqlite3.Connection, people: Sequence[PersonWrite], sequence: int) -> None:
    replaced = [write.person * 16 + category for write in people if write.base for category in write.records]
    rows = [(write.person * 16 + c, sealed, sequence) for write in people for c, sealed in write.records.items()]
    connection.executemany(_KEEP_RECORD, [(sequence, i) for i in replaced])
    connection.executemany(_PUT_RECORD, rows)


def _replace_links(connection: sqlite3.Connection, people: Sequence[PersonWrite], sequence: int) -> None:
    sets = [(write, write.links) for write in people if write.links is not None]
    connection.executemany(_KEEP_LINKS, [(sequence, write.person) for write, _ in sets if write.base])
    connection.executemany(_CUT_LINKS, [(write.person,) for write, _ in sets if write.base])
    connection.executemany(
        _ADD_LINK,
        [
            (write.person, place, row.other, str(row.kind), row.year, row.key, row.sealed, sequence)
            for write, rows in sets
            for place, row in enumerate(rows)
        ],
    )


def _replace_memberships(connection: sqlite3.Connection, people: Sequence[PersonWrite], sequence: int) -> None:
    sets = [(write, write.memberships) for write in people if write.memberships is not None]
    connection.executemany(_KEEP_MEMBERSHIPS, [(sequence, write.person) for write, _ in sets if write.base])
    connection.executemany(_CUT_MEMBERSHIPS, [(write.person,) for write, _ in sets if write.base])
    connection.executemany(
        _ADD_MEMBERSHIP,
        [
            (write.person, place, row.household, row.sealed, sequence)
            for write, rows in sets
            for place, row in enumerate(rows)
        ],
    )


def _difference(
    there: Iterable[tuple[int, bytes]], wanted: Iterable[tuple[int, Iterable[bytes]]]
) -> tuple[list[tuple[bytes, int]], list[tuple[bytes, int]]]:
    """(hash, person) rows to cut and to add. What stays is not touched, so that a first statement keeps its place."""
    present: defaultdict[int, set[bytes]] = defaultdict(set)
    for person, value in there:
        present[person].add(value)
    cut: list[tuple[bytes, int]] = []
    add: list[tuple[bytes, int]] = []
    for person, values in wanted:
        whole = set(values)
        cut += [(value, person) for value in present[person] - whole]
        add += [(value, person) for value in whole - present[person]]
    # Sorted, the inserts walk each index once from end to end.
    return sorted(cut), sorted(add)
