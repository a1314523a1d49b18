"""What a batch does inside its transaction, top to bottom: check, number, decide, keep, derive, hand over."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Sequence

from domain.ids import PersonId
from graph.port import Stale
from graph.shapes import Batch, ClaimRow, NewKey, OutboxRow, PersonWrite, Written
from graph.sqlite_store.checks import instant_of
from graph.sqlite_store.reading import select

_NEWEST = "SELECT seq, instant FROM batch ORDER BY seq DESC LIMIT 1"
_VERSIONS = "SELECT id, version FROM person WHERE id IN ($)"
_OWNERS = "SELECT key, person FROM source_key WHERE key IN ($)"
_ADD_KEY = "INSERT INTO source_key (key, source, wrapped, person, reason, seq) VALUES (?, ?, ?, ?, ?, ?)"
_ADD_CLAIM = """INSERT INTO claim (claim, key, kind, source, seq, sealed) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (claim) DO NOTHING"""
_ADD_PERSON = "INSERT INTO person (id, version, wrapped, facts) VALUES (?, ?, ?, ?)"
_NEXT_PERSON = """UPDATE person SET version = version + 1, wrapped = coalesce(?, wrapped), facts = ? WHERE id = ?"""
_PUT_RECORD = "INSERT INTO record (id, sealed) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET sealed = excluded.sealed"
_CUT_LINKS = "DELETE FROM link WHERE person = ?"
_ADD_LINK = "INSERT INTO link (person, place, other, kind, year, key, sealed) VALUES (?, ?, ?, ?, ?, ?, ?)"
_CUT_MEMBERSHIPS = "DELETE FROM membership WHERE person = ?"
_ADD_MEMBERSHIP = "INSERT INTO membership (person, place, household, sealed) VALUES (?, ?, ?, ?)"
_NATIONALS = "SELECT person, hash FROM national WHERE person IN ($)"
_CUT_NATIONAL = "DELETE FROM national WHERE hash = ? AND person = ?"
_ADD_NATIONAL = "INSERT INTO national (hash, person, seq, place) VALUES (?, ?, ?, ?)"
_SEARCHES = "SELECT person, key FROM search WHERE person IN ($)"
_CUT_SEARCH = "DELETE FROM search WHERE key = ? AND person = ?"
_ADD_SEARCH = "INSERT INTO search (key, person) VALUES (?, ?)"
_PUT_CURSOR = """INSERT INTO cursor (source, sealed) VALUES (?, ?)
    ON CONFLICT (source) DO UPDATE SET sealed = excluded.sealed"""
_ADD_ENTRY = "INSERT INTO outbox (entry, sealed, seq) VALUES (?, ?, ?) ON CONFLICT (entry) DO NOTHING"


def commit(connection: sqlite3.Connection, batch: Batch) -> Written:
    """Write a checked batch inside the caller's transaction. Raises Stale before anything is written."""
    new_keys = _compare(connection, batch)
    sequence = _number(connection, batch)
    connection.executemany(
        _ADD_KEY, [(row.key, row.source, row.wrapped, row.person, row.reason, sequence) for row in new_keys]
    )
    new_claims = _keep(connection, batch.claims, sequence)
    _derive(connection, batch, sequence)
    if batch.cursor is not None:
        connection.execute(_PUT_CURSOR, batch.cursor)
    _hand_over(connection, batch.outbox, sequence)
    return Written(sequence, new_claims, len(batch.claims) - new_claims)


def _compare(connection: sqlite3.Connection, batch: Batch) -> list[NewKey]:
    """The keys that are not decided yet. Stale if a person moved on, or a key was decided to be someone else.

    For such a key both people are named: the one it is and the one the batch took it for.
    """
    versions = dict(select(connection, _VERSIONS, [write.person for write in batch.people]))
    stale = {write.person for write in batch.people if versions.get(write.person, 0) != write.base}
    keys = {row.key: row for row in batch.keys}
    owners = dict(select(connection, _OWNERS, list(keys)))
    for key, owner in owners.items():
        if owner != keys[key].person:
            stale |= {PersonId(owner), keys[key].person}
    if stale:
        raise Stale(frozenset(stale))
    return [row for key, row in keys.items() if key not in owners]


def _number(connection: sqlite3.Connection, batch: Batch) -> int:
    """The next sequence, its instant never before the last one's, wherever the clock has gone."""
    last, before = connection.execute(_NEWEST).fetchone() or (0, "")
    sequence = int(last) + 1
    connection.execute("INSERT INTO batch (seq, instant) VALUES (?, ?)", (sequence, max(before, instant_of(batch))))
    return sequence


def _keep(connection: sqlite3.Connection, claims: Sequence[ClaimRow], sequence: int) -> int:
    """Append the claims that are not there yet, in the batch's order; how many that were."""
    before = connection.total_changes
    connection.executemany(
        _ADD_CLAIM, [(row.claim, row.key, str(row.kind), row.source, sequence, row.sealed) for row in claims]
    )
    return connection.total_changes - before


def _derive(connection: sqlite3.Connection, batch: Batch, sequence: int) -> None:
    run, people = connection.executemany, batch.people
    run(_ADD_PERSON, [(write.person, 1, write.wrapped, write.facts) for write in people if write.base == 0])
    run(_NEXT_PERSON, [(write.wrapped, write.facts, write.person) for write in people if write.base])
    run(_PUT_RECORD, [(write.person * 16 + c, sealed) for write in people for c, sealed in write.records.items()])
    _replace_links(connection, people)
    _replace_memberships(connection, people)
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


def _replace_links(connection: sqlite3.Connection, people: Sequence[PersonWrite]) -> None:
    sets = [(write.person, write.links) for write in people if write.links is not None]
    connection.executemany(_CUT_LINKS, [(person,) for person, _ in sets])
    connection.executemany(
        _ADD_LINK,
        [
            (person, place, row.other, str(row.kind), row.year, row.key, row.sealed)
            for person, rows in sets
            for place, row in enumerate(rows)
        ],
    )


def _replace_memberships(connection: sqlite3.Connection, people: Sequence[PersonWrite]) -> None:
    sets = [(write.person, write.memberships) for write in people if write.memberships is not None]
    connection.executemany(_CUT_MEMBERSHIPS, [(person,) for person, _ in sets])
    connection.executemany(
        _ADD_MEMBERSHIP,
        [(person, place, row.household, row.sealed) for person, rows in sets for place, row in enumerate(rows)],
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


def _hand_over(connection: sqlite3.Connection, outbox: Sequence[OutboxRow], sequence: int) -> None:
    connection.executemany(_ADD_ENTRY, [(row.entry, row.sealed, sequence) for row in outbox])
