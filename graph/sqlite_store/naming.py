"""Whom an id names today: ids that were merged into others go on resolving, along chains of any length."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping

from domain.ids import PersonId
from graph.shapes import Former
from graph.sqlite_store.reading import select

_NOW = "SELECT person, named FROM moved WHERE person IN ($)"
_CHAIN = "SELECT target FROM moved WHERE person = ?"
_NAME = "UPDATE moved SET named = ? WHERE person = ?"
# UNION and not UNION ALL: a circle, which no write can make, would end too.
_FORMER = """WITH RECURSIVE step (root, person, seq) AS (
        SELECT target, person, seq FROM moved WHERE target IN ($)
        UNION SELECT s.root, m.person, m.seq FROM step s CROSS JOIN moved m ON m.target = s.person)
    SELECT root, person, seq FROM step"""


def moved(connection: sqlite3.Connection, ids: list[int]) -> dict[int, int]:
    """Those of the ids that name somebody else today → whom."""
    return dict(select(connection, _NOW, ids))


def named(connection: sqlite3.Connection, ids: list[int]) -> list[int]:
    """Whom the ids name today, without repeats, in the order asked."""
    others = moved(connection, ids)
    return list(dict.fromkeys(others.get(i, i) for i in ids)) if others else ids


def former(connection: sqlite3.Connection, ids: list[int]) -> Mapping[PersonId, tuple[Former, ...]]:
    """The other ids of each of these people, which name themselves, by sequence of the merge, then ascending."""
    found: defaultdict[int, list[Former]] = defaultdict(list)
    for root, person, sequence in select(connection, _FORMER, ids):
        found[root].append(Former(person, sequence))
    return {PersonId(i): tuple(sorted(found[i], key=_by_sequence)) for i in ids if i in found}


def former_ids(connection: sqlite3.Connection, ids: list[int]) -> list[int]:
    """All the other ids of these people."""
    return [person for _, person, _ in select(connection, _FORMER, ids)]


def _by_sequence(one: Former) -> tuple[int, int]:
    return one.sequence, one.person


def names_another(connection: sqlite3.Connection, ids: Iterable[int]) -> set[int]:
    """Those of the ids that name somebody else. One statement, and no look at the ids, while nobody was ever merged."""
    (any_at_all,) = connection.execute("SELECT EXISTS (SELECT 1 FROM moved)").fetchone()
    return set(moved(connection, sorted(set(ids)))) if any_at_all else set()


def name_again(connection: sqlite3.Connection, ids: Iterable[int]) -> bool:
    """Work out anew whom these ids and all that lead to them name; False if a chain leads back to itself."""
    for person in sorted({*ids, *former_ids(connection, sorted(set(ids)))}):
        seen = [person]
        while (step := connection.execute(_CHAIN, (seen[-1],)).fetchone()) is not None:
            if step[0] in seen:
                return False
            seen.append(step[0])
        connection.execute(_NAME, (seen[-1], person))
    return True
