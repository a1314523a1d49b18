"""Facts: what protection hangs on, as it is today, in a constant number of statements, whatever the number of ids."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from domain.ids import HouseholdId, KeyHash, PersonId
from domain.links import CARE, PARENTS
from graph.shapes import Facts, MemberRow, PersonShape
from graph.sqlite_store.naming import moved
from graph.sqlite_store.reading import select

_SEQUENCE = "SELECT coalesce(max(seq), 0) FROM batch"
_PERSONS = "SELECT id, version, wrapped, facts FROM person WHERE id IN ($)"
_KEYS = "SELECT person, key FROM source_key WHERE person IN ($)"
_NATIONALS = "SELECT person, hash FROM national WHERE person IN ($)"
_ABOVE = "SELECT person, other, kind FROM link WHERE person IN ($)"
_MEMBERSHIPS = "SELECT person, household, sealed, place FROM membership WHERE person IN ($)"
_MEMBERS = "SELECT household, person FROM membership WHERE household IN ($)"

_PROTECTING = frozenset(str(kind) for kind in PARENTS | CARE)


def facts(connection: sqlite3.Connection, ids: list[int]) -> Facts:
    """Shapes of the people whom the ids name today and of those around them: ten statements, for each 500 ids."""
    (at,) = connection.execute(_SEQUENCE).fetchone()
    now = moved(connection, ids)
    asked = list(dict.fromkeys(now.get(i, i) for i in ids)) if now else ids
    rows = select(connection, _MEMBERSHIPS, asked)
    households = _grouped(select(connection, _MEMBERS, list({row[1] for row in rows})))
    parents = _parents(connection, asked)
    around = _around(asked, rows, parents, households)
    further = sorted(around.difference(asked))
    rows += select(connection, _MEMBERSHIPS, further)
    parents += _parents(connection, further)
    shapes = _shapes(connection, [*asked, *further], rows, parents)
    return Facts(
        people={PersonId(i): shapes[one] for i in ids if (one := now.get(i, i)) in shapes},
        around={PersonId(i): shapes[i] for i in sorted(around) if i in shapes},
        households={HouseholdId(h): tuple(PersonId(i) for i in sorted(set(households[h]))) for h in sorted(households)},
        at=at,
    )


def _parents(connection: sqlite3.Connection, ids: list[int]) -> list[tuple[int, int]]:
    """(person, parent) for everyone ever stated as a parent or as holding responsibility or guardianship."""
    return [(person, other) for person, other, kind in select(connection, _ABOVE, ids) if kind in _PROTECTING]


def _around(
    asked: list[int], rows: Iterable[Any], parents: Iterable[Any], members: Mapping[int, Sequence[int]]
) -> set[int]:
    """Parents of the asked and all who ever shared a household with one of them; nobody is around themself."""
    around = {parent for _, parent in parents}
    for person, household, _, _ in rows:
        around.update(other for other in members[household] if other != person)
    return around


def _shapes(
    connection: sqlite3.Connection, ids: list[int], rows: list[Any], parents: Iterable[Any]
) -> dict[int, PersonShape]:
    rows.sort(key=lambda row: (row[1], row[3]))
    memberships: defaultdict[int, list[MemberRow]] = defaultdict(list)
    for row in rows:
        memberships[row[0]].append(MemberRow(row[0], row[1], row[2]))
    keys = _grouped(select(connection, _KEYS, ids))
    nationals = _grouped(select(connection, _NATIONALS, ids))
    above = _grouped(parents)
    return {
        person: PersonShape(
            person=person,
            version=version,
            wrapped=wrapped,
            facts=sealed,
            keys=tuple(KeyHash(key) for key in (*sorted(keys[person]), *sorted(nationals[person]))),
            memberships=tuple(memberships[person]),
            parents=tuple(PersonId(parent) for parent in sorted(set(above[person]))),
        )
        for person, version, wrapped, sealed in select(connection, _PERSONS, ids)
    }


def _grouped(pairs: Iterable[Any]) -> defaultdict[int, list[Any]]:
    """First column → values of the second, as they came."""
    groups: defaultdict[int, list[Any]] = defaultdict(list)
    for owner, value in pairs:
        groups[owner].append(value)
    return groups
