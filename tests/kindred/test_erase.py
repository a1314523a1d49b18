"""`kindred erase` through the command line, on both stores, and what pulls, backups and others' rows make of it."""

from __future__ import annotations

import asyncio
import io
import os
from pathlib import Path
from typing import Any, cast

import pytest

from connectors.pipeline.commit import rewound
from connectors.pipeline.erasing import Order
from connectors.pipeline.erasing import erase as erase_person
from docket.dossiers import Line, Outcome
from docket.erasure import strike
from domain.clock import instant_text
from domain.ids import SourceKey
from graph.port import Upkeep
from kindred.backup.making import back_up
from kindred.backup.restoring import restore
from tests.connectors.rows import iin, person, relation
from tests.connectors.serving import Agencies
from tests.kindred.filled import Filled, filled, opened
from tests.kindred.graphs import Graph
from tests.kindred.hubs import settings_in
from tests.kindred.test_cli import _run
from vault.bundle import BackupSecret

GONE = 4
ORDER = ("--by", "court 7", "--ground", "order 12")


def rows() -> list[Any]:
    """A parent of two; a row about them that nobody can read and one that waits for a human; and strangers."""
    found: list[Any] = [person(n) for n in range(8)]
    found[2] = person(2, relations=[relation("responsibility", GONE)])
    found[GONE] = person(GONE, protection={"grade": "strict", "since": "2020-01-01", "authority": "x"})
    found.append(person(GONE, version=2, birthDate="1850-13-40"))
    found.append(person(40, iin=iin(GONE), surname="Чужой", givenName="Некто", birthDate="1950-01-01"))
    return found


def erase(monkeypatch: pytest.MonkeyPatch, folder: Path, graph: Graph, line: str, *more: str) -> int:
    monkeypatch.setattr("sys.stdin", io.StringIO(line + "\n"))
    return _run(monkeypatch, folder, "erase", *ORDER, *more, **graph)


async def _make(folder: Path, graph: Graph) -> Agencies:
    async with filled(folder, rows(), **graph) as one:
        assert (await one.stored.counts())["population/quarantined"] == 1
        assert (await one.stored.counts())["population/review"] == 1
        return one.agencies


async def anew(one: Filled) -> Any:
    """Pull everything from the beginning."""
    await one.parts.writer.write(rewound(one.stores.ring, "population", instant_text(one.clock.now())))
    return await one.pull()


async def _keys(one: Filled) -> dict[int, Any]:
    hasher = one.stores.ring.hasher
    numbers = {n: hasher.source_key(SourceKey("population", f"PR-{n:06d}")) for n in (*range(10), 40)}
    owners = await one.stores.graph.reader.owners(list(numbers.values()))
    return {n: owners.get(key) for n, key in numbers.items()}


def test_erased_by_national_id_and_not_brought_back(
    tmp_path: Path, graph: Graph, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    agencies = asyncio.run(_make(tmp_path, graph))
    assert erase(monkeypatch, tmp_path, graph, "123") == 1
    assert erase(monkeypatch, tmp_path, graph, iin(90)) == 1, "nobody"
    capsys.readouterr()
    assert erase(monkeypatch, tmp_path, graph, iin(GONE)) == 0
    said = capsys.readouterr()
    assert said.out == "erased; 2 held rows struck, 1 linked people derived anew\n"
    assert iin(GONE) not in said.out + said.err
    assert erase(monkeypatch, tmp_path, graph, iin(GONE)) == 0
    assert "was erased before; 0 held rows struck" in capsys.readouterr().out

    async def after() -> None:
        settings = settings_in(tmp_path, **graph)
        async with opened(settings, agencies) as one:
            keys = await _keys(one)
            assert keys[GONE] is None and all(keys[n] is not None for n in range(8) if n != GONE)
            before = await one.stored.people()
            summary = await anew(one)
            # Their row, the one that cannot be read, and the stranger's who gives their id; the child's is taken in.
            assert summary.outcomes[Outcome.SUPPRESSED] == 3
            assert await one.stored.people() == before
            assert (await _keys(one))[40] is None
            counts = await one.stored.counts()
            assert "population/quarantined" not in counts and "population/review" not in counts
            assert counts["population/suppressed"] == 2, "positions that were accepted keep what they had"
            hashed = one.stores.ring.hasher.source_key(SourceKey("population", f"PR-{GONE:06d}"))
            (grade,) = await one.stores.docket.protection([hashed])
            assert grade.grade == "strict", "what protects stays"
            agencies.population.append(person(40, version=2, iin=iin(41)))
            assert (await one.pull()).outcomes[Outcome.ACCEPTED] == 1, "with an id of their own the stranger comes in"
            assert (await _keys(one))[40] is not None
            agencies.population.append(person(41, iin=iin(42), relations=[relation("guardian", GONE)]))
            summary = await one.pull()
            assert summary.outcomes[Outcome.ACCEPTED] == 1 and (await _keys(one))[GONE] is None
            # It would wait for a human, and its content would be kept: with what it says of them.
            stranger: dict[str, Any] = {
                "iin": iin(1),
                "surname": "Чужой",
                "givenName": "Некто",
                "birthDate": "1950-01-01",
            }
            held = person(42, **stranger, relations=[relation("guardian", GONE)])
            agencies.population += [held, person(43, **stranger)]
            summary = await one.pull()
            assert (summary.outcomes[Outcome.SUPPRESSED], summary.outcomes[Outcome.REVIEW]) == (1, 1), summary

    asyncio.run(after())


async def test_a_row_held_between_striking_and_forgetting_is_struck_too(tmp_path: Path, graph: Graph) -> None:
    """A pull that had not seen the marks has rows of theirs held while the erasure is under way."""
    async with filled(tmp_path, rows(), **graph) as one:
        docket, upkeep = one.stores.docket, one.stores.graph.upkeep
        before: list[dict[str, int]] = []

        class Racing:
            """Forgets, after a pull has come in between."""

            async def forget(self, persons: Any, marks: Any) -> int:
                one.agencies.population.append(person(GONE, version=3, birthDate="1850-13-40"))
                one.agencies.population.append(
                    person(41, iin=iin(GONE), surname="Чужой", givenName="Некто", birthDate="1950-01-01")
                )
                await one.pull()
                before.append(await one.stored.counts())
                return await upkeep.forget(persons, marks)

        async def struck(gone: Any, names: Any) -> int:
            return await strike(docket, gone, names)

        national = one.stores.ring.hasher.national(iin(GONE))
        order = Order("court 7", "order 12", instant_text(one.clock.now()))
        done = await erase_person(one.parts, cast(Upkeep, Racing()), struck, order, national=national, person=None)
        assert before[0]["population/quarantined"] == 1 and before[0]["population/review"] == 1, "held in between"
        counts = await one.stored.counts()
        assert "population/quarantined" not in counts and "population/review" not in counts
        assert done.rows == 4 and await docket.line(Line.REVIEW, 10) == ()


def test_erased_by_outward_id(
    tmp_path: Path, graph: Graph, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    agencies = asyncio.run(_make(tmp_path, graph))

    async def outward() -> str:
        async with opened(settings_in(tmp_path, **graph), agencies) as one:
            return one.stores.ring.outward("social").encode("P", (await _keys(one))[GONE])

    id = asyncio.run(outward())
    assert erase(monkeypatch, tmp_path, graph, "", "--id", id, "--sector", "police") == 1
    assert erase(monkeypatch, tmp_path, graph, "", "--id", id) == 1
    capsys.readouterr()
    assert erase(monkeypatch, tmp_path, graph, "", "--id", id, "--sector", "social") == 0
    assert capsys.readouterr().out.startswith("erased; 2 held rows")


async def test_a_restore_erases_again_what_the_journal_tells(tmp_path: Path) -> None:
    home, to = tmp_path / "home", tmp_path / "backup"
    home.mkdir()
    secret = BackupSecret(1, os.urandom(32))
    async with filled(home, rows(), protection_journal=tmp_path / "journal") as one:
        await back_up(one.settings, one.stores, to, secret)
        agencies, settings = one.agencies, one.settings
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("KINDRED_PROTECTION_JOURNAL", str(tmp_path / "journal"))
        await asyncio.to_thread(_erase_in_a_thread, patched, home)
    assert (await restore(settings, to, secret, replace=True)).held == ()
    async with opened(settings, agencies) as back:
        assert (await _keys(back))[GONE] is None
        assert (await anew(back)).outcomes[Outcome.SUPPRESSED] == 3
        counts = await back.stored.counts()
        assert "population/quarantined" not in counts and "population/review" not in counts


def _erase_in_a_thread(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    assert erase(monkeypatch, folder, {}, iin(GONE)) == 0
