"""Reviews as the docket keeps them: with their row, in their lines, in their compartment, and for rows held before."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from docket.dossiers import IntakeRow, Line, Matter, Outcome, ReviewDossier
from docket.port import Stale
from docket.reviewing import review_id
from docket.store import DocketStore
from docket.tables import LAYOUT
from domain.claims import Evidence
from domain.errors import Broken
from domain.ids import PersonId, SourceKey
from domain.matching import Candidate, Comparison, Proposal
from domain.reviews import State
from tests.docket.factories import RING, sqlite
from tests.docket.making import HASHER, grade, row
from vault.unsealing import Unsealer

KEY = SourceKey("tax", "TP-1")
WEIGHED = (Candidate(PersonId(7), 12.5, 0.99, (Comparison("surname", "exact", 7.25),)),)


def held(number: int, *, cleared: bool = False, protective: tuple[Matter, ...] = ()) -> IntakeRow:
    proposal = Proposal(KEY, "PROTECTED" if cleared else "NO_ID", WEIGHED, "m", cleared)
    said = Evidence(KEY, None, "MARKER-SURNAME", "Ayan", birth_date="1990-01-01")
    more = {"proposals": (proposal,), "said": (said,), "protective": protective}
    return row(number, Outcome.REVIEW, source="tax", reason="NO_ID", raw=b"raw", **more)


async def test_a_row_brings_its_review_once(docket: DocketStore) -> None:
    await docket.intake([held(1)])
    await docket.intake([held(1)])
    (review,) = await docket.line(Line.REVIEW, 10)
    assert (review.state, review.version) == (State.OPEN, 1)
    assert review.review.proposal.candidates == WEIGHED
    assert review.id == review_id(HASHER, held(1).position, KEY)
    assert review.review.said is not None and review.review.said.surname == "MARKER-SURNAME"
    assert await docket.review(review.id) == replace(review, place=0)
    assert await docket.reviews_of(held(1).position) == await docket.reviews_about(HASHER.source_key(KEY))


async def test_a_held_row_that_is_suppressed_when_it_comes_again_is_given_up(docket: DocketStore) -> None:
    """Somebody whom it names was erased between the two: neither content nor review stays. Others keep theirs."""
    await docket.intake([held(1), row(2, Outcome.QUARANTINED, reason="BAD_SHAPE", raw=b"kept")])
    await docket.intake([row(1, Outcome.SUPPRESSED, source="tax"), row(3, Outcome.SUPPRESSED)])
    assert await docket.line(Line.REVIEW, 10) == ()
    assert await docket.reviews(10) == ()
    assert await docket.standing([held(1).position]) == {held(1).position: Outcome.SUPPRESSED}
    assert [docket.opener.raw(each) for each in await docket.quarantined(10)] == [b"kept"]


async def test_a_row_that_was_accepted_keeps_what_it_has(docket: DocketStore) -> None:
    await docket.intake([row(1)])
    await docket.intake([row(1, Outcome.SUPPRESSED)])
    assert await docket.standing([row(1).position]) == {row(1).position: Outcome.ACCEPTED}


async def test_keys_that_an_undone_merge_left_lead_to_its_review(docket: DocketStore) -> None:
    await docket.intake([held(1)])
    (read,) = await docket.line(Line.REVIEW, 10)
    other = Evidence(SourceKey("health", "pt-9"), None, "MARKER-SURNAME", "Dana")
    assert await docket.reviews_about(HASHER.source_key(other.key)) == ()
    review = msgspec.structs.replace(read.review, left=(other,))
    await docket.save_reviews([replace(read, state=State.UNMERGED, review=review)])
    (found,) = await docket.reviews_about(HASHER.source_key(other.key))
    assert found.id == read.id


async def test_a_line_is_read_in_pages_oldest_first(docket: DocketStore) -> None:
    for number in range(5):
        await docket.intake([held(number)])
    first = await docket.line(Line.REVIEW, 2)
    rest = await docket.line(Line.REVIEW, 10, first[-1].place)
    assert [each.review.position for each in (*first, *rest)] == [held(n).position for n in range(5)]


async def test_what_is_for_cleared_stewards_waits_apart_under_its_own_key(docket: DocketStore, tmp_path: Path) -> None:
    await docket.intake([held(1, cleared=True), held(2, protective=(grade("strict", 1),))])
    assert await docket.line(Line.REVIEW, 10) == ()
    assert len(await docket.line(Line.PROTECTED_REVIEW, 10)) == 2
    db = sqlite3.connect(tmp_path / "docket.db")
    rows = db.execute("SELECT id, version, sealed FROM dossier").fetchall()
    db.close()
    for id, version, sealed in rows:
        label = b"dossier" + id + version.to_bytes(8, "big")
        assert b"MARKER-SURNAME" in Unsealer(RING).unseal_compartment("protective", sealed, label)
        with pytest.raises(Broken):
            Unsealer(RING).unseal_compartment("docket", sealed, label)


async def test_saved_it_stands_in_the_lines_of_its_state(docket: DocketStore) -> None:
    await docket.intake([held(1)])
    (read,) = await docket.line(Line.REVIEW, 10)
    ordered = replace(read, state=State.RESOLVED, review=msgspec.structs.replace(read.review, carried=False))
    (saved,) = await docket.save_reviews([ordered])
    assert await docket.line(Line.REVIEW, 10) == ()
    assert [each.id for each in await docket.line(Line.ORDER, 10)] == [read.id]
    with pytest.raises(Stale):
        await docket.save_reviews([read])
    done = replace(saved, review=msgspec.structs.replace(saved.review, carried=True))
    await docket.save_reviews([done], accepted=[held(1).position])
    assert await docket.line(Line.ORDER, 10) == ()
    taken = await docket.held(held(1).position)
    assert taken is not None and taken.outcome is Outcome.ACCEPTED and docket.raw(taken) is None


async def test_of_two_saved_together_both_or_none(docket: DocketStore) -> None:
    await docket.intake([held(1), held(2)])
    one, other = await docket.line(Line.REVIEW, 10)
    with pytest.raises(Stale):
        await docket.save_reviews(
            [replace(one, state=State.WITHDRAWN), ReviewDossier(other.id, 9, State.OPEN, other.review)]
        )
    assert len(await docket.line(Line.REVIEW, 10)) == 2


async def test_rows_held_before_there_were_reviews_get_theirs(tmp_path: Path) -> None:
    docket = sqlite(tmp_path, RING)
    await docket.migrate()
    await docket.intake([row(1, Outcome.REVIEW, reason="ID_CONFLICT", raw=b"raw"), row(2)])
    await docket.close()
    db = sqlite3.connect(tmp_path / "docket.db")
    for table in ("dossier", "dossier_subject", "line"):
        db.execute(f"DROP TABLE {table}")
    db.execute("UPDATE docket_layout SET number = 1")
    db.commit()
    db.close()
    again = sqlite(tmp_path, RING)
    assert not await again.ready()
    assert await again.migrate() == LAYOUT and await again.ready()
    (review,) = await again.line(Line.REVIEW, 10)
    assert review.review.proposal.reason == "ID_CONFLICT" and review.review.position == row(1).position
    await again.migrate()
    assert len(await again.line(Line.REVIEW, 10)) == 1
    await again.close()


async def test_what_cannot_be_read_is_passed_over_and_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    docket = sqlite(tmp_path, RING)
    await docket.migrate()
    await docket.intake([held(number) for number in range(9)])
    ids = [each.id for each in await docket.line(Line.REVIEW, 10)]
    with sqlite3.connect(tmp_path / "docket.db") as db:
        db.executemany("UPDATE dossier SET sealed = x'00' WHERE id = ?", [(ids[n],) for n in (0, 1, 2, 5)])
    capsys.readouterr()
    first = await docket.line(Line.REVIEW, 2)
    assert [each.id for each in first] == ids[3:5], "as many as were asked for, if there are"
    said = capsys.readouterr()
    assert "reviews cannot be read" in said.out + said.err and "count=3" in said.out + said.err
    assert not any(id.hex() in said.out + said.err for id in ids)
    rest = await docket.line(Line.REVIEW, 10, first[-1].place)
    assert [each.id for each in rest] == ids[6:]
    capsys.readouterr()
    assert await docket.review(ids[0]) is None, "as one that is not there"
    said = capsys.readouterr()
    assert "reviews cannot be read" in said.out + said.err and "count=1" in said.out + said.err
    assert ids[0].hex() not in said.out + said.err
    assert await docket.review(ids[3]) is not None
    assert await docket.review(bytes(16)) is None
    assert "cannot be read" not in "".join(capsys.readouterr()), "nothing is counted where nothing is"
    await docket.close()
