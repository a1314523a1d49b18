"""Everything that a pull leaves behind, opened and without what chance put there, to compare two hubs of one key file.

Left out: ciphertext (its content is compared instead), wrapped keys, instants, and the order of leaves in the ledger.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import docket.tables as docket_tables
from docket.opener import Opener
from docket.opening import open_docket
from domain.records.payload import cursor_label
from graph.dumping import TABLES
from graph.opening import GraphStore
from policy.ledger.opening import open_ledger
from tests.connectors.stored import Stored
from tests.faults.pulled import graph_of
from vault.key_ring import KeyRing
from vault.provider import FileProvider
from vault.unsealing import Unsealer

_BY_CHANCE = frozenset({("docket_layout", "number"), ("flag", "seq")})
"""What chance, or the way there, puts somewhere: a docket's lineage and the place of an open flag among others too."""

_UNSHARED = frozenset({"instant", "wrapped", "sealed", "facts"})
"""Columns of a graph's dump that two hubs which know the same do not share."""

_MOST = 100_000
_PAGE = 200


async def contents(folder: Path) -> dict[str, Any]:
    """All tables of graph, docket and ledger."""
    ring = KeyRing.open(FileProvider(folder / "keys.json"))
    unsealer = Unsealer(ring)
    stored = Stored(ring, graph_of(folder), open_docket(f"sqlite:///{folder}/docket.db", ring, unsealer))
    try:
        assert not await stored.graph.writer.pending(1)
        return {
            "people": await stored.people(),
            "cursors": await _cursors(stored.graph, unsealer),
            "counts": await stored.counts(),
            "graph": await clear_dump(stored.graph),
            "docket": _clear(folder / "docket.db", docket_tables.SEALED_COLUMNS),
            "held": await _held(stored, Opener(ring, unsealer)),
            "flags": sorted((one.person, one.flags, sorted(one.keys)) for one in await stored.docket.flagged(_MOST)),
            "dossiers": await _dossiers(stored, folder / "docket.db"),
            "protective": _protective(folder / "docket.db", Opener(ring, unsealer)),
            "ledger": await _ledger(folder, ring, unsealer),
        }
    finally:
        await stored.docket.close()
        await stored.graph.upkeep.close()


def _rows(path: Path, sql: str) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(path)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def _clear(path: Path, sealed: Any) -> dict[str, list[tuple[Any, ...]]]:
    """Every table without its sealed columns and those that chance filled, its rows in order."""
    found = {}
    for (table,) in _rows(path, "SELECT name FROM sqlite_schema WHERE type = 'table'"):
        named = [row[1] for row in _rows(path, f"PRAGMA table_info({table})")]
        kept = [n for n in named if n not in sealed.get(table, ()) and (table, n) not in _BY_CHANCE]
        found[table] = _rows(path, f"SELECT {', '.join(kept)} FROM {table} ORDER BY {', '.join(kept)}")
    return found


async def clear_dump(graph: GraphStore) -> dict[str, list[tuple[Any, ...]]]:
    """A graph's logical form, whatever store it lies in, without what is sealed and what chance filled."""
    found: dict[str, list[tuple[Any, ...]]] = {table: [] for table in TABLES}
    async for page in graph.upkeep.dump():
        kept = [place for place, name in enumerate(TABLES[page.table]) if name not in _UNSHARED]
        found[page.table] += [tuple(row[place] for place in kept) for row in page.rows]
    return found


async def _cursors(graph: GraphStore, unsealer: Unsealer) -> dict[str, bytes]:
    rows = [row async for page in graph.upkeep.dump() if page.table == "cursor" for row in page.rows]
    return {
        str(source): unsealer.unseal_compartment("cursor", bytes(sealed), cursor_label(str(source)))  # type: ignore[arg-type]
        for source, sealed in rows
    }


async def _held(stored: Stored, opener: Opener) -> list[tuple[Any, ...]]:
    rows = [*await stored.docket.quarantined(_MOST), *await stored.docket.reviews(_MOST)]
    return [(row.position, row.source, row.outcome, row.reason, row.restricted, opener.raw(row)) for row in rows]


async def _dossiers(stored: Stored, path: Path) -> list[Any]:
    return [await stored.docket.load(id) for (id,) in _rows(path, "SELECT id FROM dossier ORDER BY id")]


def _protective(path: Path, opener: Opener) -> list[Any]:
    matters = _rows(path, "SELECT matter, sealed FROM protective ORDER BY matter")
    texts = _rows(path, "SELECT matter, part, sealed FROM protective_text ORDER BY matter, part")
    return [
        *((matter, opener.open_matter(matter, sealed)) for matter, sealed in matters),
        *((matter, part, opener.open_text(matter, part, sealed)) for matter, part, sealed in texts),
    ]


async def _ledger(folder: Path, ring: KeyRing, unsealer: Unsealer) -> list[tuple[Any, ...]]:
    """Each entry's position, act, agency, graph sequence and content, in order of position; repeats would show."""
    ledger = open_ledger(f"sqlite:///{folder}/ledger.db", ring, opener=unsealer)
    try:
        found, after = [], None
        while page := await ledger.entries(_PAGE, after):
            found += [
                (one.position, one.header.act, one.header.agency, one.header.graph_sequence, repr(one.asked))
                for one in page
            ]
            after = page[-1].position
        return sorted(found)
    finally:
        await ledger.close()
