"""Flags that cannot be read: the list of all goes on without them, and the log counts them."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from domain.flags import Doubt, Flag, Flagged
from domain.ids import PersonId
from kindred import held
from tests.docket.factories import RING, sqlite

FLAG = Flag(Doubt.TWO_DEATHS, "civil", "D1")


async def test_what_cannot_be_read_is_passed_over_and_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whole pages of it too; a page is as long as was asked for, if there are as many."""
    monkeypatch.setattr(held, "_AT_ONCE", 3)
    docket = sqlite(tmp_path, RING)
    await docket.migrate()
    await docket.intake((), (), [Flagged(PersonId(n), (FLAG,), ()) for n in range(10)])
    labels = [docket.opener.flags_label(PersonId(n)) for n in (0, 1, 2, 3, 6)]
    with sqlite3.connect(tmp_path / "docket.db") as db:
        broken = db.executemany("UPDATE flag SET sealed = x'00' WHERE person = ?", [(label,) for label in labels])
        assert broken.rowcount == 5
    capsys.readouterr()
    first = await docket.flagged(2)
    assert [one.person for one in first] == [4, 5]
    said = "".join(capsys.readouterr())
    assert "flags cannot be read" in said
    assert "count=4" in said or '"count": 4' in said  # as text or as JSON, whichever is set up
    assert not any(label.hex() in said for label in labels)
    assert [one.person for one in await docket.flagged(10, first[-1].place)] == [7, 8, 9]
    assert (await held.flagged(docket)).total == 5
    await docket.close()
