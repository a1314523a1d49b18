"""No restore lowers a protection: whatever is raised, backed up, restored, lost or killed, in whatever order."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from docket.carrying import carry_over, present_in
from docket.dossiers import Grade, ReportStatus
from docket.journal import Journal, Record
from docket.opening import open_docket
from docket.store import DocketStore
from domain.errors import Unavailable
from kindred.backup.store_files import DOCKET, copy_store
from tests.docket.factories import RING
from tests.docket.making import grade, key, report, row
from vault.unsealing import Unsealer

T = TypeVar("T")
SOURCES = ("population", "police")
PEOPLE = 4
_PHASES = [Phase.explicit, Phase.generate]
"""Each step writes to the disk several times: what fails is told as it was found, not made smaller."""
_GRADES = [each.value for each in Grade]
_STATUSES = [each.value for each in ReportStatus]


class Crash(Exception):
    """The process ends here."""


class Restores(RuleBasedStateMachine):
    """A docket with a journal, or without one. `journalled` says which; `highest` is what was ever promised."""

    journalled = True
    carrying = True

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(dir="/dev/shm" if Path("/dev/shm").is_dir() else None))
        self.runner = asyncio.Runner()
        self.grades: dict[int, int] = {}
        self.reports: dict[tuple[int, int], int] = {}
        self.backups: list[tuple[Path, int]] = []
        self.rows = 0
        self.held: set[str] = set()
        self.docket = self.open("docket.db")
        self.run(self.docket.migrate())

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)

    @property
    def journal(self) -> Path | None:
        return self.folder / "journal" if self.journalled else None

    def open(self, name: str) -> DocketStore:
        return open_docket(f"sqlite:///{self.folder / name}", RING, Unsealer(RING), self.journal)

    @rule(who=st.integers(0, PEOPLE - 1), level=st.integers(0, 1), crash=st.sampled_from(["", "", "commit", "line"]))
    def raise_grade(self, who: int, level: int, crash: str) -> None:
        if self.take_in(grade(_GRADES[level], who), crash):
            self.grades[who] = max(level, self.grades.get(who, -1))

    @rule(who=st.integers(0, PEOPLE - 1), level=st.integers(0, 2), crash=st.sampled_from(["", "", "commit"]))
    def raise_report(self, who: int, level: int, crash: str) -> None:
        pair = (who, (who + 1) % PEOPLE)
        if self.take_in(report(_STATUSES[level], *pair), crash):
            self.reports[pair] = max(level, self.reports.get(pair, -1))

    def take_in(self, matter: Any, crash: str) -> bool:
        """Whether the docket said that it has it; a crash strikes before the commit, or in the middle of a line."""
        self.rows += 1
        if not crash:
            self.run(self.docket.intake([row(self.rows, protective=(matter,))]))
            return True
        if crash == "line" and self.journal is not None and self.journal.exists():
            with self.journal.open("ab") as file:
                file.write(b"%d AAAA" % (self.rows + 900))
        with pytest.MonkeyPatch.context() as patched, pytest.raises(Crash):
            patched.setattr("docket.store.writes.add_rows", _crash)
            self.run(self.docket.intake([row(self.rows, protective=(matter,))]))
        return False

    @rule()
    def back_up(self) -> None:
        to = self.folder / f"backup-{len(self.backups)}"
        count = 0 if self.journal is None else Journal(self.journal, self.docket.opener).count()
        copy_store(DOCKET, f"sqlite:///{self.folder / 'docket.db'}", to)
        self.backups.append((to, count))

    @precondition(lambda self: self.backups)
    @rule(which=st.integers(0, 9), lost=st.booleans(), journal_lost=st.booleans(), begun_anew=st.booleans())
    def restore(self, which: int, lost: bool, journal_lost: bool, begun_anew: bool) -> None:
        """From any backup there is, over what is there or after it was lost, twice (the first was cut off)."""
        source, least = self.backups[which % len(self.backups)]
        self.run(self.docket.close())
        if journal_lost and self.journal is not None:
            self.journal.unlink(missing_ok=True)
        place = self.folder / "docket.db"
        if lost:
            place.unlink()
            if begun_anew:
                fresh = self.open("docket.db")
                self.run(fresh.migrate())
                self.run(fresh.close())
        for _ in range(2):
            self.run(self.put(source, least, place))
        self.docket = self.open("docket.db")
        hold = self.run(self.docket.protection([key(99)]))
        self.held = set(SOURCES) if hold else set()

    async def put(self, source: Path, least: int, place: Path) -> None:
        present = None
        if place.exists():
            there = self.open("docket.db")
            present = await present_in(there)
            await there.close()
        draft = self.folder / "draft.db"
        shutil.copy(source, draft)
        restored = self.open("draft.db")
        await restored.migrate()
        if self.carrying:
            read = None if self.journal is None else Journal(self.journal, restored.opener).read(least)
            await carry_over(restored, present, read, SOURCES)
        await restored.close()
        draft.replace(place)

    @precondition(lambda self: self.held)
    @rule(source=st.sampled_from(SOURCES))
    def pull_anew(self, source: str) -> None:
        """The source tells everything from its beginning again, and has then been pulled to its end."""
        if source == "population":
            for who, level in list(self.grades.items()):
                self.take_in(grade(_GRADES[level], who), "")
        else:
            for pair, level in list(self.reports.items()):
                self.take_in(report(_STATUSES[level], *pair), "")
        self.run(self.docket.caught_up(source))
        self.held.discard(source)

    @invariant()
    def nobody_is_protected_less(self) -> None:
        for who, level in self.grades.items():
            found = self.run(self.docket.protection([key(who)]))
            best = max((_GRADES.index(p.grade) for p in found if p.grade is not None), default=-1)
            assert best >= level, f"{who}: {best} is below {level}"
        for (who, other), level in self.reports.items():
            found = self.run(self.docket.protection([key(who)]))
            strict = any(p.grade == Grade.STRICT for p in found)
            told = [p.status for p in found if p.sides == ((key(who),), (key(other),)) and p.status is not None]
            assert strict or max(map(_STATUSES.index, told), default=-1) >= level

    @invariant()
    def nobody_is_held_for_nothing(self) -> None:
        if not self.held:
            assert self.run(self.docket.protection([key(99)])) == ()

    def teardown(self) -> None:
        self.run(self.docket.close())
        self.runner.close()
        shutil.rmtree(self.folder)


class WithoutJournal(Restores):
    journalled = False


class Forgetful(Restores):
    """The control: restores that put the backup there and no more."""

    carrying = False


def _crash(*_: Any) -> None:
    raise Crash


@pytest.mark.parametrize("machine", [Restores, WithoutJournal])
def test_no_restore_lowers_a_protection(machine: type[Restores]) -> None:
    run_state_machine_as_test(machine, settings=settings(max_examples=15, stateful_step_count=12, phases=_PHASES))


def test_the_machine_bites() -> None:
    for machine, bites in ((Forgetful, True), (Restores, False)):
        one = machine()
        one.back_up()
        one.raise_grade(who=1, level=1, crash="")
        one.nobody_is_protected_less()
        one.restore(which=0, lost=False, journal_lost=False, begun_anew=False)
        if bites:
            with pytest.raises(AssertionError, match="1: -1 is below 1"):
                one.nobody_is_protected_less()
        else:
            one.nobody_is_protected_less()
        one.teardown()


async def test_a_raise_that_cannot_be_journalled_is_not_taken_in(tmp_path: Path) -> None:
    journal = tmp_path / "none" / "journal"
    docket = open_docket(f"sqlite:///{tmp_path / 'docket.db'}", RING, Unsealer(RING), journal)
    await docket.migrate()
    with pytest.raises(Unavailable) as told:
        await docket.intake([row(1, protective=(grade("strict", 1),))])
    assert told.value.field == "KINDRED_PROTECTION_JOURNAL"
    assert await docket.protection([key(1)]) == () and not await docket.counts()
    await docket.intake([row(2)])
    journal.parent.mkdir()
    await docket.intake([row(1, protective=(grade("strict", 1),))])
    await docket.intake([row(3, protective=(grade("strict", 1),))])
    assert Journal(journal, docket.opener).count() == 1, "only what rises is written down"
    (tmp_path / "other").write_bytes(b"no journal of ours\n")
    with pytest.raises(Unavailable):
        Journal(tmp_path / "other", docket.opener).append([Record()], list)
    await docket.close()


async def test_a_journal_that_begins_later_has_all_that_stands(tmp_path: Path) -> None:
    plain = open_docket(f"sqlite:///{tmp_path / 'docket.db'}", RING, Unsealer(RING))
    await plain.migrate()
    await plain.intake([row(1, protective=(grade("strict", 1), grade("confidential", 2)))])
    await plain.close()
    docket = open_docket(f"sqlite:///{tmp_path / 'docket.db'}", RING, Unsealer(RING), tmp_path / "journal")
    await docket.intake([row(3, protective=(grade("strict", 3),))])
    read = Journal(tmp_path / "journal", docket.opener).read(3)
    assert read.whole and len(read.records) == 3
    assert not Journal(tmp_path / "journal", docket.opener).read(4).whole
    assert str(key(1).hex()) not in (tmp_path / "journal").read_text()
    await docket.close()


async def test_several_processes_write_one_journal(tmp_path: Path) -> None:
    dockets = [
        open_docket(f"sqlite:///{tmp_path / 'docket.db'}", RING, Unsealer(RING), tmp_path / "journal") for _ in range(3)
    ]
    await dockets[0].migrate()
    await asyncio.gather(*(one.intake([row(n, protective=(grade("strict", n),))]) for n, one in enumerate(dockets * 5)))
    read = Journal(tmp_path / "journal", dockets[0].opener).read(15)
    assert read.whole and len(read.records) == 15
    for one in dockets:
        await one.close()
