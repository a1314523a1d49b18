"""Wrapped keys replaced, a page at a time: those of people, then those of source keys."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Keys:
    """The wrapped keys of one table: the first page, the pages behind a row, and how one is replaced."""

    first: str
    behind: str
    put: str


OF_PEOPLE = Keys(
    "SELECT id, wrapped FROM person ORDER BY id LIMIT ?1",
    "SELECT id, wrapped FROM person WHERE id > ?2 ORDER BY id LIMIT ?1",
    "UPDATE person SET wrapped = ? WHERE id = ?",
)
OF_SOURCES = Keys(
    "SELECT key, wrapped FROM source_key ORDER BY key LIMIT ?1",
    "SELECT key, wrapped FROM source_key WHERE key > ?2 ORDER BY key LIMIT ?1",
    "UPDATE source_key SET wrapped = ? WHERE key = ?",
)


@dataclass(frozen=True, slots=True)
class Page:
    """How many rows a page looked at, and behind which one the next begins."""

    count: int
    last: Any


def rekey_page(
    connection: sqlite3.Connection, keys: Keys, after: Any, size: int, rewrap: Callable[[bytes], bytes]
) -> Page:
    """Rewrap the keys of the next `size` rows behind `after` (None: from the start)."""
    asked = connection.execute(keys.first, (size,)) if after is None else connection.execute(keys.behind, (size, after))
    rows = asked.fetchall()
    changed = [(fresh, row) for row, wrapped in rows if (fresh := rewrap(wrapped)) != wrapped]
    connection.executemany(keys.put, changed)
    return Page(len(rows), rows[-1][0] if rows else after)
