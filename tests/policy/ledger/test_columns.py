"""Every column is declared clear, keyed or sealed, and nothing personal lies in the file."""

from __future__ import annotations

import base64
from pathlib import Path

from sqlalchemy import create_engine, inspect

from domain.entries import Act, Reach
from domain.ids import PersonId
from policy.ledger.opening import open_ledger
from policy.ledger.tables import CLEAR_COLUMNS, KEYED_COLUMNS, SEALED_COLUMNS
from tests.policy.ledger.making import FixedProvider, entry, opened, shown
from vault.key_ring import KeyRing

MARKS = ("CASE-MARK-77310", "WARRANT-MARK-77311", "request-mark-77312", "850101300019", "sub-mark-77313")
PEOPLE = (123_456_789_012_345, 234_567_890_123_456, 345_678_901_234_567)


async def test_columns_are_declared_once(url: str) -> None:
    """The sets name exactly the real tables' columns."""
    await opened(url).close()
    engine = create_engine(url)
    real = {
        table: {column["name"] for column in inspect(engine).get_columns(table)}
        for table in inspect(engine).get_table_names()
    }
    engine.dispose()
    declared: dict[str, list[str]] = {table: [] for table in real}
    for columns in (CLEAR_COLUMNS, KEYED_COLUMNS, SEALED_COLUMNS):
        for table, names in columns.items():
            declared[table] += names
    assert {table: sorted(names) for table, names in real.items()} == {
        table: sorted(names) for table, names in declared.items()
    }


def _found(folder: Path) -> set[str]:
    """Which marks stand in any file, in clear or in base64 at any offset; ids as text and as 8 bytes."""
    content = b"".join(path.read_bytes() for path in sorted(folder.iterdir()))
    needles = {mark: [mark.encode()] for mark in MARKS}
    needles |= {str(one): [str(one).encode(), one.to_bytes(8, "big"), one.to_bytes(8, "little")] for one in PEOPLE}
    found = set()
    for name, forms in needles.items():
        for form in list(forms):
            forms += [form.hex().encode()]
            forms += [base64.b64encode(b"\0" * shift + form)[4 : -4 or None] for shift in range(3)]
        if any(form in content for form in forms):
            found.add(name)
    return found


async def _write(folder: Path, ring: KeyRing) -> None:
    hub = open_ledger(f"sqlite:///{folder / 'ledger.db'}", ring)
    await hub.append(entry(1, shown(PEOPLE[0]), shown(PEOPLE[1], Reach.LISTED), case=MARKS[0], warrant=MARKS[1]))
    denied = entry(2, act=Act.DENIAL, key=MARKS[2], sealed={"iin": MARKS[3]}, attempted=(PersonId(PEOPLE[2]),))
    await hub.append(denied)
    await hub.append(entry(3, actor=MARKS[4], role="family_member"))
    await hub.export(folder / "export")
    await hub.close()


async def test_nothing_personal_in_the_files(tmp_path: Path) -> None:
    """Database, write-ahead log and export; with sealing off the same search finds what is sealed."""
    for name in ("sealed", "clear"):
        (tmp_path / name).mkdir()
    await _write(tmp_path / "sealed", KeyRing.open(FixedProvider()))
    assert _found(tmp_path / "sealed") == set()
    await _write(tmp_path / "clear", KeyRing.open(FixedProvider(), sealing=False, unsafe_for_tests=True))
    assert _found(tmp_path / "clear") == {*MARKS, *map(str, PEOPLE)} - {MARKS[2]}
