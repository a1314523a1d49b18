"""`kindred import gedcom`, `kindred flags` and `kindred quarantine`, as an operator runs them."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from docket.dossiers import Outcome
from docket.erasure import strike
from docket.opening import open_docket
from docket.striking import Gone
from domain.flags import Doubt, Flag, Flagged
from domain.ids import KeyHash, PersonId
from kindred import held
from tests.connectors.protocols.gedcom.files import royals
from tests.docket.making import row
from tests.kindred.test_cli import _run
from vault.key_ring import KeyRing
from vault.provider import FileProvider
from vault.unsealing import Unsealer


def told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], folder: Path, *verb: str) -> str:
    """What a verb that ends well prints."""
    capsys.readouterr()
    assert _run(monkeypatch, folder, *verb) == 0
    return capsys.readouterr().out


def test_an_operator_imports_and_looks_at_what_is_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    tree = royals()
    tree.person("I50", "Young /Parent/", "M", "1 JAN 1990")
    tree.person("I51", "Old /Child/", "F", "1 JAN 1980", "ABT 2010")
    tree.person("I52", "Nobody /Yet/", "F", "1 JAN 2030")
    tree.family("F50", "I50", None, ["I51"])
    path = tmp_path / "tree.ged"
    path.write_text(tree.text(), "utf-8")

    def run(*verb: str) -> str:
        return told(monkeypatch, capsys, tmp_path, *verb)

    run("migrate")
    first = run("import", "gedcom", str(path))
    assert "edition 1" in first and "1 uncertain" in first
    assert "nothing changed" in run("import", "gedcom", str(path))
    counted, listed = run("flags", "--language", "ru"), run("flags", "--rows")
    assert "PARENT_YOUNGER" in counted and "I51" not in counted and "Родитель" in counted
    assert "/I51" in listed
    assert "BAD_DATE" in run("quarantine", "--language", "kk")
    assert "position" in run("quarantine", "--rows")
    said = counted + listed + first
    assert not any(name in said for name in ("Young", "Child", "Victoria", "1980", "1990"))
    export = tmp_path / "export.log"
    run("ledger", "export", "--to", str(export))
    assert export.read_text().count("upkeep") >= 2  # a listing is written down, a count is not


def test_what_is_wrong_with_a_call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "x.ged").write_text("hello")
    assert _run(monkeypatch, tmp_path, "migrate") == 0
    assert _run(monkeypatch, tmp_path, "import", "gedcom", str(tmp_path / "none.ged")) == 1
    assert _run(monkeypatch, tmp_path, "import", "gedcom", str(tmp_path / "x.ged")) == 1
    assert _run(monkeypatch, tmp_path, "flags", "--language", "fr") == 2


async def test_flags_of_the_erased_are_struck(tmp_path: Path) -> None:
    ring = KeyRing.open(FileProvider(tmp_path / "keys.json", create=True))
    docket = open_docket(f"sqlite:///{tmp_path}/docket.db", ring, Unsealer(ring))
    await docket.migrate()
    flags = (Flag(Doubt.TWO_DEATHS, "civil", "D1"),)
    keys = [KeyHash(bytes([n]) * 16) for n in range(3)]
    await docket.intake((), (), [Flagged(PersonId(n), flags, (keys[n],)) for n in range(3)])
    await strike(docket, Gone.of(ring.hasher, keys[:2], [PersonId(0), PersonId(1)]), lambda _source, _row: False)
    assert [one.person for one in await docket.flagged(10)] == [PersonId(2)]
    assert await docket.flags_about(keys[:2]) == {}
    with sqlite3.connect(tmp_path / "docket.db") as stored:
        assert stored.execute("select count(*) from flag_key").fetchone() == (1,)
    await docket.close()


async def test_all_are_counted_and_the_first_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """More than a page and more than are listed, of two sources."""
    monkeypatch.setattr(held, "MOST_LISTED", 1100)
    ring = KeyRing.open(FileProvider(tmp_path / "keys.json", create=True))
    docket = open_docket(f"sqlite:///{tmp_path}/docket.db", ring, Unsealer(ring))
    await docket.migrate()
    rows = [
        row(n, Outcome.QUARANTINED, source=("civil", "tax")[n % 2], reason=f"R{n % 3}", raw=b"x") for n in range(1201)
    ]
    await docket.intake(rows)
    found = await held.quarantined(docket)
    assert (found.total, len(found.lines), found.more) == (1201, 1100, 101)
    assert {source: sum(n for (at, _), n in found.counts.items() if at == source) for source in ("civil", "tax")} == {
        "civil": 601,
        "tax": 600,
    }
    assert len(set(found.lines)) == 1100, "none twice"
    flag = Flag(Doubt.TWO_DEATHS, "civil", "D1")
    await docket.intake((), (), [Flagged(PersonId(n), (flag,), ()) for n in range(1201)])
    assert ((await held.flagged(docket)).total, (await held.flagged(docket)).more) == (1201, 101)
    await docket.close()
