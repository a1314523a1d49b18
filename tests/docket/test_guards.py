"""A guard counts as the strict grade until two stewards ended it, in whatever order rows come; its end lowers nothing
else, and no restore knows of it."""

from __future__ import annotations

import itertools
import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest

from docket.carrying import carry_over, present_in
from docket.dossiers import Matter, Outcome, ReviewDossier
from docket.journal import Journal
from docket.opening import open_docket
from docket.port import Stale
from docket.reviewing import ended
from docket.store import DocketStore
from domain.claims import Evidence, ProtectiveKind
from domain.ids import SourceKey
from domain.matching import PROTECTED, Proposal
from domain.reviews import Choice, Review, State, What
from tests.docket.factories import RING
from tests.docket.making import HASHER, grade, key, row
from vault.unsealing import Unsealer

NUMBER = SourceKey("population", "PR-1")


def guard(status: str, person: int = 1) -> Matter:
    return Matter(ProtectiveKind.GUARD, ((key(person),),), status=status)


async def _grades(docket: DocketStore, person: int = 1) -> list[str | None]:
    found = await docket.protection([key(person)])
    return [one.grade for one in found if one.kind is ProtectiveKind.GRADE]


@pytest.mark.parametrize("order", sorted(set(itertools.permutations(["held", "held", "ended"]))))
async def test_what_ended_stays_ended(docket: DocketStore, order: tuple[str, ...]) -> None:
    for number, status in enumerate(order):
        await docket.intake([row(number, protective=(guard(status),))])
        assert await _grades(docket) == ([] if "ended" in order[: number + 1] else ["strict"])


async def test_an_unknown_status_guards_and_no_end_lowers_a_grade(docket: DocketStore) -> None:
    await docket.intake([row(0, protective=(guard("lifted", 2),))])
    assert await _grades(docket, 2) == ["strict"]
    await docket.intake([row(1, protective=(grade("confidential", 1), guard("held"), guard("ended")))])
    assert await _grades(docket) == ["confidential"]


def _asked(reason: str = PROTECTED) -> Proposal:
    return Proposal(NUMBER, reason, (), "m", cleared=True)


async def _guarded(docket: DocketStore, reason: str = PROTECTED) -> ReviewDossier:
    said = (Evidence(NUMBER, None, "Ким", "Олег"),)
    mine = Matter(ProtectiveKind.GUARD, ((HASHER.source_key(NUMBER),),), status="held")
    taken = row(0, Outcome.ACCEPTED, protective=(mine,), proposals=(_asked(reason),), said=said)
    await docket.intake([taken])
    (review,) = await docket.reviews_of(taken.position)
    return review


async def _is_held(docket: DocketStore) -> bool:
    found = await docket.protection([HASHER.source_key(NUMBER)])
    return any(one.grade == "strict" for one in found)


def _chosen(read: ReviewDossier, state: State, what: What, *, by: str | None = None, carried: bool = True) -> Any:
    """A review after a choice, approved `by` somebody or not."""
    one = Choice(what, (), "because", "a", None, "2026-01-01T00:00:00Z", 1)
    approval = None if by is None else msgspec.structs.replace(one, by=by)
    review = msgspec.structs.replace(read.review, choice=one, approval=approval, carried=carried)
    return replace(read, state=state, review=review)


ENDS = {
    (State.RESOLVED, What.NEW, True),
    (State.RESOLVED, What.NEW, False),
    (State.UNMERGED, What.UNMERGE, True),
}


@pytest.mark.parametrize("reason", [PROTECTED, "NO_ID"])
@pytest.mark.parametrize("carried", [True, False])
@pytest.mark.parametrize("by", [None, "b"])
@pytest.mark.parametrize("what", What)
@pytest.mark.parametrize("state", State)
async def test_two_who_say_that_they_are_two_end_it_and_nothing_else(
    state: State, what: What, by: str | None, carried: bool, reason: str
) -> None:
    """A merge does not: should it be undone, or a restore know nothing of it, there would be two again."""
    position = HASHER.position("population", "page", 0)
    review = Review(_asked(reason), "population", position=position)
    read = _chosen(ReviewDossier(b"r", 1, State.OPEN, review), state, what, by=by, carried=carried)
    over = (state, what, carried) in ENDS and by is not None and reason == PROTECTED
    assert (ended(HASHER, read) is not None) == over


async def test_it_ends_in_the_docket_with_its_review(docket: DocketStore) -> None:
    review = await _guarded(docket)
    for state, what, by in (
        (State.PROPOSED, What.NEW, None),
        (State.RESOLVED, What.MATCH, None),
        (State.MERGED, What.MERGE, "b"),
    ):
        (review,) = await docket.save_reviews([_chosen(review, state, what, by=by)])
        assert await _is_held(docket)
    await docket.save_reviews([_chosen(review, State.RESOLVED, What.NEW, by="b")])
    assert not await _is_held(docket)


async def _restored(path: Path, journal: Path | None = None, source: DocketStore | None = None) -> bool:
    """Whether the key is guarded in a docket made at `path`, or a copy there, once what is known was carried over."""
    into = open_docket(f"sqlite:///{path}", RING, Unsealer(RING))
    await into.migrate()
    told = Journal(journal, into.opener).read() if journal is not None else None
    there = await present_in(source) if source is not None else None
    assert await carry_over(into, there, told, ["population"])
    held = await _is_held(into)
    await into.close()
    return held


@pytest.mark.parametrize("is_told_by", ["the docket", "the journal"])
async def test_no_restore_takes_over_that_a_guard_ended(is_told_by: str, tmp_path: Path) -> None:
    """The restored graph may know two people again, and the restored review is open again."""
    lost = open_docket(f"sqlite:///{tmp_path / 'lost.db'}", RING, Unsealer(RING), tmp_path / "journal")
    await lost.migrate()
    review = await _guarded(lost)
    with sqlite3.connect(tmp_path / "lost.db") as connection:
        connection.execute("VACUUM INTO ?", (str(tmp_path / "backup.db"),))
    await lost.save_reviews([_chosen(review, State.RESOLVED, What.NEW, by="b")])
    assert not await _is_held(lost)
    if is_told_by == "the docket":
        assert await _restored(tmp_path / "backup.db", source=lost)
    else:
        assert await _restored(tmp_path / "backup.db", tmp_path / "journal")
        assert await _restored(tmp_path / "empty.db", tmp_path / "journal")
    await lost.close()


async def test_what_ended_before_the_backup_has_ended(tmp_path: Path) -> None:
    lost = open_docket(f"sqlite:///{tmp_path / 'lost.db'}", RING, Unsealer(RING), tmp_path / "journal")
    await lost.migrate()
    await lost.save_reviews([_chosen(await _guarded(lost), State.RESOLVED, What.NEW, by="b")])
    with sqlite3.connect(tmp_path / "lost.db") as connection:
        connection.execute("VACUUM INTO ?", (str(tmp_path / "backup.db"),))
    assert not await _restored(tmp_path / "backup.db", tmp_path / "journal", lost)
    await lost.close()


async def test_an_end_that_was_not_stored_is_told_nobody(tmp_path: Path) -> None:
    """Somebody was first with one of the reviews that are saved together."""
    docket = open_docket(f"sqlite:///{tmp_path / 'docket.db'}", RING, Unsealer(RING), tmp_path / "journal")
    await docket.migrate()
    done = _chosen(await _guarded(docket), State.RESOLVED, What.NEW, by="b")
    with pytest.raises(Stale):
        await docket.save_reviews([done, replace(done, version=77)])
    assert await _is_held(docket) and await _restored(tmp_path / "restored.db", tmp_path / "journal")
    await docket.close()
