"""What the docket keeps of people who were erased: nothing, in reviews about others too, whoever writes it when."""

from __future__ import annotations

import sqlite3
import tracemalloc
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from docket.dossiers import IntakeRow, Line, Outcome, ReviewDossier
from docket.erasure import AT_ONCE, strike
from docket.store import DocketStore
from docket.striking import Gone
from domain.flags import Doubt, Flag, Flagged
from domain.ids import PersonId, SourceKey
from domain.matching import PROTECTED, Candidate, Comparison, Proposal
from domain.reviews import Choice, Merge, Review, State, What
from tests.docket.factories import RING, sqlite
from tests.docket.making import HASHER, key, row

GONE, OTHER, THIRD = PersonId(7), PersonId(8), PersonId(9)
ERASED = Gone.of(HASHER, [key(7)], [GONE])
SAID = "MARKER-GROUNDS"


def weighed(*people: PersonId) -> tuple[Candidate, ...]:
    return tuple(Candidate(person, 9.5, 0.9, (Comparison("surname", "exact", 7.25),)) for person in people)


def held(number: int, *people: PersonId) -> IntakeRow:
    proposal = Proposal(SourceKey("tax", f"TP-{number}"), "NO_ID", weighed(*people), "m")
    return row(number, Outcome.REVIEW, source="tax", reason="NO_ID", raw=b"raw", proposals=(proposal,))


def choice(what: What, *people: PersonId) -> Choice:
    return Choice(what, people, SAID, "steward-1", None, "2026-11-22T00:00:00Z", 1)


def nobody(_source: str, _row: bytes) -> bool:
    return False


async def chosen(docket: DocketStore, state: State, **review: object) -> ReviewDossier:
    """The one review there is, after somebody chose."""
    (read,) = await docket.line(Line.REVIEW, 10)
    after = replace(read, state=state, review=msgspec.structs.replace(read.review, **review))
    (saved,) = await docket.save_reviews([after])
    return saved


async def after_striking(docket: DocketStore, read: ReviewDossier) -> ReviewDossier:
    assert await strike(docket, ERASED, nobody) == 0
    found = await docket.review(read.id)
    assert found is not None
    assert GONE not in found.review.told_of
    assert SAID not in repr(found.review)
    assert await strike(docket, ERASED, nobody) == 0
    assert await docket.review(read.id) == found, "a second call changes nothing"
    return found


async def test_what_a_steward_wrote_beside_them_goes_and_the_choice_stays(docket: DocketStore) -> None:
    await docket.intake([held(1, GONE, OTHER)])
    read = await chosen(docket, State.RESOLVED, choice=choice(What.MATCH, OTHER))
    found = await after_striking(docket, read)
    assert (found.state, found.version) == (State.RESOLVED, read.version + 1)
    assert found.review.proposal.candidates == weighed(OTHER)
    assert found.review.choice is not None
    assert (found.review.choice.people, found.review.choice.by) == ((OTHER,), "steward-1")


async def test_reviews_that_do_not_tell_of_them_stay_as_they_are(docket: DocketStore) -> None:
    await docket.intake([held(1, THIRD, OTHER)])
    read = await chosen(docket, State.RESOLVED, choice=choice(What.MATCH, OTHER))
    await strike(docket, ERASED, nobody)
    assert await docket.review(read.id) == replace(read, place=0)


async def test_an_open_review_goes_on_without_them(docket: DocketStore) -> None:
    await docket.intake([held(1, GONE, OTHER)])
    (read,) = await docket.line(Line.REVIEW, 10)
    found = await after_striking(docket, read)
    (waiting,) = await docket.line(Line.REVIEW, 10)
    assert (found.state, waiting.place, waiting.review.proposal.candidates) == (State.OPEN, read.place, weighed(OTHER))


@pytest.mark.parametrize("state", [State.RESOLVED, State.PROPOSED])
async def test_a_choice_of_them_that_is_not_carried_out_is_asked_again(docket: DocketStore, state: State) -> None:
    await docket.intake([held(1, GONE, OTHER)])
    made = choice(What.MATCH, GONE) if state is State.RESOLVED else choice(What.MERGE, GONE, OTHER)
    read = await chosen(docket, state, choice=made, carried=state is State.PROPOSED)
    found = await after_striking(docket, read)
    assert (found.state, found.review.choice, found.review.carried) == (State.OPEN, None, True)
    assert await docket.line(Line.ORDER, 10) == ()


@pytest.mark.parametrize("state", [State.PROPOSED, State.MERGED, State.UNDOING, State.UNMERGED, State.WITHDRAWN])
async def test_of_two_of_whom_one_is_gone_nothing_is_asked_any_more(docket: DocketStore, state: State) -> None:
    proposal = Proposal(SourceKey("tax", "TP-1"), "NO_ID", weighed(GONE, OTHER), "m")
    two = Review(proposal, "tax", choice=choice(What.MERGE, GONE, OTHER), approval=choice(What.MERGE, GONE, OTHER))
    if state not in {State.PROPOSED, State.WITHDRAWN}:
        two = msgspec.structs.replace(two, merge=Merge(OTHER, GONE))
    (read,) = await docket.save_reviews([ReviewDossier(HASHER.label("pair", state), 0, state, two)])
    found = await after_striking(docket, read)
    assert (found.state, found.review.merge, found.review.choice) == (State.WITHDRAWN, None, None)
    assert [await docket.line(line, 10) for line in Line] == [()] * len(Line)


@pytest.mark.parametrize(("carried", "after"), [(False, State.OPEN), (True, State.WITHDRAWN)])
async def test_a_merge_with_them_that_was_not_carried_out_leaves_its_guard_with_somebody_who_is_asked(
    docket: DocketStore, carried: bool, after: State
) -> None:
    proposal = Proposal(SourceKey("population", "PR-1"), PROTECTED, weighed(GONE, OTHER), "m", cleared=True)
    taken = row(1, Outcome.ACCEPTED, proposals=(proposal,))
    await docket.intake([taken])
    (read,) = await docket.reviews_of(taken.position)
    made = choice(What.MERGE, GONE, THIRD)
    review = msgspec.structs.replace(read.review, choice=made, approval=made, carried=carried)
    (read,) = await docket.save_reviews([replace(read, state=State.MERGED, review=review)])
    found = await after_striking(docket, read)
    assert (found.state, found.review.choice, found.review.carried) == (after, None, True)
    assert [one.id for one in await docket.line(Line.PROTECTED_REVIEW, 10)] == ([] if carried else [read.id])


async def test_what_is_written_about_them_later_is_left_out(docket: DocketStore) -> None:
    """A pull that read them before they were erased writes after it: its review and its flags tell nothing of them.

    Others on whom such flags would stand wait to be looked at again, for what else is doubtful; the erased do not.
    """
    await strike(docket, ERASED, nobody)
    flag = Flag(Doubt.PARENT_YOUNGER, "civil", "B-1")
    flagged = [
        Flagged(OTHER, (flag,), (key(8), key(7))),
        Flagged(THIRD, (flag,), (key(9),)),
        Flagged(GONE, (flag,), (key(7),)),
    ]
    await docket.intake([held(1, GONE, OTHER)], (), flagged)
    (read,) = await docket.line(Line.REVIEW, 10)
    assert read.review.proposal.candidates == weighed(OTHER)
    again = docket.opener.look_again()
    assert [(one.person, one.flags, one.keys) for one in await docket.flagged(10)] == [
        (OTHER, (), (again,)),
        (THIRD, (flag,), (key(9),)),
    ]
    assert list(await docket.flags_about([again])) == [OTHER]
    assert await docket.flags_about([key(7)]) == {}
    await docket.intake([], (), [Flagged(OTHER, ())])
    assert await docket.flags_about([again]) == {}, "who was looked at waits no longer"


async def test_reviews_from_before_they_were_found_by_everyone_are_struck_too(tmp_path: Path) -> None:
    docket = sqlite(tmp_path, RING)
    await docket.migrate()
    for number in range(3):
        await docket.intake([held(number, GONE, OTHER)])
    await docket.close()
    with sqlite3.connect(tmp_path / "docket.db") as db:
        labels = docket.opener.subject_keys([docket.opener.told_of_label(person) for person in (GONE, OTHER)])
        gone = db.executemany("DELETE FROM dossier_subject WHERE subject = ?", [(label,) for label in labels])
        assert gone.rowcount == 6
        db.execute("DROP TABLE struck")
        db.execute("UPDATE docket_layout SET number = 2 WHERE name = 'docket'")
    docket = sqlite(tmp_path, RING)
    assert not await docket.ready()
    await docket.migrate()
    assert await docket.ready()
    await strike(docket, ERASED, nobody)
    assert [one.review.proposal.candidates for one in await docket.line(Line.REVIEW, 10)] == [weighed(OTHER)] * 3
    await docket.close()


async def test_a_review_of_them_that_cannot_be_read_is_taken_away(tmp_path: Path) -> None:
    """Of two that tell of them, and one that does not and cannot be read either: that one stays."""
    docket = sqlite(tmp_path, RING)
    await docket.migrate()
    await docket.intake([held(1, GONE, OTHER), held(2, GONE), held(3, OTHER)])
    ids = [each.id for each in await docket.line(Line.REVIEW, 10)]
    with sqlite3.connect(tmp_path / "docket.db") as db:
        db.executemany("UPDATE dossier SET sealed = x'00' WHERE id = ?", [(ids[0],), (ids[2],)])
    await strike(docket, ERASED, nobody)
    with sqlite3.connect(tmp_path / "docket.db") as db:
        for table, column in (("dossier", "id"), ("dossier_subject", "dossier"), ("line", "dossier")):
            there = {id for (id,) in db.execute(f"SELECT {column} FROM {table}")}
            assert there == {ids[1], ids[2]}, table
    await docket.close()


async def test_held_rows_are_looked_at_in_pages_all_of_them(docket: DocketStore) -> None:
    """Of several sources and both outcomes, more than a page of each; memory does not grow with them."""
    size = 20_000
    for start in range(0, 3 * AT_ONCE, AT_ONCE):
        numbers = range(start, start + AT_ONCE)
        raws = {n: (b"them" if n % 50 == 0 else b"else").ljust(size, b".") for n in numbers}
        await docket.intake(
            [
                row(n, (Outcome.QUARANTINED, Outcome.REVIEW)[n % 2], source=("tax", "civil")[n // 7 % 2], raw=raws[n])
                for n in numbers
            ]
        )
    tracemalloc.start()
    looked: list[bytes] = []

    def names(_source: str, raw: bytes) -> bool:
        looked.append(raw[:4])
        return raw.startswith(b"them")

    struck = await strike(docket, ERASED, names)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (struck, len(looked)) == (12, 3 * AT_ONCE)
    assert peak < 2.5 * AT_ONCE * size, "all 600 of them together are 12 MB"
    counts = await docket.counts()
    assert sum(n for (_, outcome), n in counts.items() if outcome is Outcome.SUPPRESSED) == 12
    assert await strike(docket, ERASED, names) == 0
