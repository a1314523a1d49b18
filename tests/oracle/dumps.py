"""Everything that the stores of a hub hold, byte for byte, but for checkpoints."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

STORES = ("graph.db", "docket.db", "ledger.db")
_BY_THE_CLOCK = {("ledger.db", "checkpoints")}
"""What is written at fixed times, whatever was pulled: a slow machine meets one between two dumps."""


def dump(folder: Path) -> dict[tuple[str, str], list[tuple[Any, ...]]]:
    """(file, table) → its rows, in an order that depends on their content alone."""
    found = {}
    for name in STORES:
        with closing(sqlite3.connect(folder / name)) as store:
            tables = [row[0] for row in store.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
            for table in tables:
                if (name, table) in _BY_THE_CLOCK:
                    continue
                found[name, table] = sorted(store.execute(f'SELECT * FROM "{table}"').fetchall(), key=repr)
    return found
