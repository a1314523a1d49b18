"""The ledger: entries a second that 64 writers make durable, against bare rows of the same bytes in the same groups."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from domain.entries import Act, Entry, Reach, Shown
from domain.ids import PersonId
from policy.ledger.opening import open_ledger
from vault.key_ring import KeyRing
from vault.provider import FileProvider

WRITERS = 64
SUBJECTS = 4
_EACH = 40
_ROW_BYTES = 4_096
"""About what an entry with its leaves comes to."""
_FIELDS = {"name": ("full", frozenset({"surname", "given_name"})), "income": ("full", frozenset({"month", "amount"}))}


@dataclass(frozen=True, slots=True)
class LedgerFigures:
    """Entries a second, CPU microseconds an entry, and bare rows a second, by repeat."""

    rates: tuple[float, ...]
    cpu: tuple[float, ...]
    bare: tuple[float, ...]

    @property
    def ratio(self) -> float:
        """The ledger's speed as a part of that of bare rows: the median over the repeats."""
        return median(rate / bare for rate, bare in zip(self.rates, self.bare, strict=True))


async def measure(folder: Path, repeats: int) -> LedgerFigures:
    """Append in a fresh log and insert in a fresh file, in turn."""
    rates, cpu, bare = [], [], []
    for number in range(repeats):
        rate, spent = await _append(folder, number)
        rates.append(rate)
        cpu.append(spent)
        bare.append(_bare(folder / f"bare-{number}.db"))
    return LedgerFigures(tuple(rates), tuple(cpu), tuple(bare))


async def _append(folder: Path, number: int) -> tuple[float, float]:
    ring = KeyRing.open(FileProvider(folder / "ledger-keys.json", create=True))
    ledger = open_ledger(f"sqlite:///{folder / f'ledger-{number}.db'}", ring)

    async def writer(who: int) -> None:
        for turn in range(_EACH):
            await ledger.append(_entry(who, turn))

    clock, cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(*(writer(who) for who in range(WRITERS)))
    seconds, spent = time.perf_counter() - clock, time.process_time() - cpu
    await ledger.close()
    count = WRITERS * _EACH
    return count / seconds, spent / count * 1e6


def _bare(file: Path) -> float:
    """Rows a second: durable commits of as many rows as there are writers, one after the other."""
    connection = sqlite3.connect(file, isolation_level=None)
    for statement in ("PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", "CREATE TABLE row (content BLOB)"):
        connection.execute(statement)
    content = os.urandom(_ROW_BYTES)
    began = time.perf_counter()
    for _ in range(_EACH):
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany("INSERT INTO row VALUES (?)", [(content,)] * WRITERS)
        connection.execute("COMMIT")
    seconds = time.perf_counter() - began
    connection.close()
    return WRITERS * _EACH / seconds


def _entry(who: int, turn: int) -> Entry:
    key = f"{who}-{turn}"
    return Entry(
        key=key,
        act=Act.CONSULTATION,
        at=datetime(2026, 1, 1, tzinfo=UTC),
        actor=f"officer-{who}",
        acting_for=None,
        client="benchmark",
        agency="support-centre",
        unit="unit",
        role="caseworker",
        activity="family-card-review",
        purpose="kindred:family-card-review",
        basis="a law",
        case="CASE-1",
        warrant=None,
        decision="permit",
        reason=None,
        request_id=key,
        document_hash="0" * 64,
        variables_hash="0" * 64,
        token_id="token",  # noqa: S106 - the id of a token, not a token
        graph_sequence=1,
        policy_hash="0" * 64,
        shown=tuple(Shown(PersonId(1 + who * SUBJECTS + n), Reach.OPENED, _FIELDS) for n in range(SUBJECTS)),
    )
