"""The closed list of what stands in the file in clear."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from graph.opening import GraphStore
from graph.sqlite_store.columns import CLEAR, KEYED, SEALED


def test_every_column_is_clear_keyed_or_sealed(store: GraphStore, path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        there = {
            table: sorted(row[1] for row in connection.execute(f"PRAGMA table_info({table})"))
            for table in tables
            if not table.startswith("sqlite_")
        }
    # Sorted lists and not sets: a column on two lists counts as wrong.
    declared = {
        table: sorted([*CLEAR.get(table, ()), *KEYED.get(table, ()), *SEALED.get(table, ())])
        for table in {*CLEAR, *KEYED, *SEALED}
    }
    assert there == declared


def test_keyed_and_sealed_columns_take_bytes_alone(store: GraphStore, path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        for table in {*KEYED, *SEALED}:
            types = {row[1]: row[2] for row in connection.execute(f"PRAGMA table_info({table})")}
            hidden = [*KEYED.get(table, ()), *SEALED.get(table, ())]
            assert {types[column] for column in hidden} == {"BLOB"}
            strict = connection.execute("SELECT strict FROM pragma_table_list WHERE name = ?", (table,)).fetchone()
            assert strict == (1,), "else a text would be kept in a BLOB column"
