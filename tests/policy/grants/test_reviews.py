"""Reviews as a rule: what a choice leads to, and that joining and parting two people takes two."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest

from domain.errors import Code, Invalid, Refused
from domain.ids import PersonId, SourceKey
from domain.matching import PROTECTED, Candidate, Proposal
from domain.reviews import Choice, Review, State, What
from policy.grants.reviews import Today, decide, repeats

ONE, OTHER, THIRD = PersonId(1), PersonId(2), PersonId(3)
REVIEW = Review(
    Proposal(SourceKey("tax", "TP-1"), "NO_ID", (Candidate(ONE, 9, 0.9, ()), Candidate(OTHER, 8, 0.8, ())), "m"),
    "tax",
    position=b"p",
)


def choice(what: What, *people: PersonId, by: str = "a", acting_for: str | None = None, on: int = 1) -> Choice:
    return Choice(what, people, "because", by, acting_for, "2026-01-01T00:00:00Z", on)


def test_an_undecided_key_takes_one_steward() -> None:
    for what, people in ((What.MATCH, (ONE,)), (What.NEW, ())):
        decided = decide(State.OPEN, REVIEW, choice(what, *people), Today())
        assert (decided.state, decided.ordered, decided.review.carried) == (State.RESOLVED, True, False)


def test_a_decided_key_is_not_decided_again_by_one_alone() -> None:
    """The row was taken in as about somebody new: to match it now is to make two existing people one."""
    decided = decide(State.OPEN, REVIEW, choice(What.MATCH, ONE), Today(THIRD))
    assert (decided.state, decided.ordered) == (State.PROPOSED, False)
    assert decided.review.choice is not None and decided.review.choice.people == (ONE, THIRD)
    new = decide(State.OPEN, REVIEW, choice(What.NEW), Today(THIRD))
    assert (new.state, new.ordered, new.review.carried) == (State.RESOLVED, False, True)


DOUBTED = msgspec.structs.replace(REVIEW, proposal=replace(REVIEW.proposal, reason=PROTECTED, cleared=True))
NEW, MATCH = choice(What.NEW), choice(What.MATCH, ONE)


@pytest.mark.parametrize("key_is", [None, THIRD])
def test_that_a_row_that_was_taken_in_is_nobody_under_protection_takes_two(key_is: PersonId | None) -> None:
    """Whether the graph has it already or not: the docket has, with the guard."""
    today = Today(key_is, THIRD)
    proposed = decide(State.OPEN, DOUBTED, NEW, today)
    assert (proposed.state, proposed.ordered) == (State.PROPOSED, False)
    done = decide(State.PROPOSED, proposed.review, choice(What.NEW, by="b"), today)
    assert (done.state, done.ordered, done.review.approval is not None) == (State.RESOLVED, False, True)


def test_whom_its_key_founds_is_made_one_with_nobody_before_they_are_here() -> None:
    with pytest.raises(Invalid) as refused:
        decide(State.OPEN, DOUBTED, MATCH, Today(None, THIRD))
    assert refused.value.fix == "not_taken_in_yet"
    proposed = decide(State.OPEN, DOUBTED, MATCH, Today(THIRD, THIRD))
    assert proposed.review.choice is not None and proposed.review.choice.what is What.MERGE
    with pytest.raises(Invalid) as refused:
        decide(State.OPEN, DOUBTED, MATCH, Today(OTHER, THIRD))
    assert refused.value.fix == "the_key_is_somebody_else"
    assert decide(State.OPEN, DOUBTED, MATCH, Today(ONE, THIRD)).state is State.RESOLVED


@pytest.mark.parametrize("made", [NEW, MATCH])
@pytest.mark.parametrize(
    ("today", "places", "two"),
    [
        (Today(waits=True, hidden=True), True, True),
        (Today(waits=True, hidden=True), False, False),
        (Today(waits=True), True, False),
        (Today(hidden=True), True, False),
    ],
)
def test_a_row_that_waits_and_places_somebody_hidden_takes_two(
    today: Today, places: bool, two: bool, made: Choice
) -> None:
    review = msgspec.structs.replace(REVIEW, proposal=replace(REVIEW.proposal, places=places))
    decided = decide(State.OPEN, review, made, today)
    assert decided.state is (State.PROPOSED if two else State.RESOLVED)
    if two:
        done = decide(State.PROPOSED, decided.review, msgspec.structs.replace(made, by="b"), today)
        assert (done.state, done.ordered, done.review.carried) == (State.RESOLVED, True, False)
        back = decide(State.PROPOSED, decided.review, choice(What.WITHDRAW, by="b"), today)
        assert (back.state, back.review.choice) == (State.OPEN, None)


def test_a_match_of_a_row_that_was_taken_in_meanwhile_is_taken_back() -> None:
    proposed = decide(State.OPEN, REVIEW, MATCH, Today(waits=True, hidden=True)).review
    with pytest.raises(Invalid):
        decide(State.PROPOSED, proposed, choice(What.MATCH, ONE, by="b"), Today(THIRD))
    assert decide(State.PROPOSED, proposed, choice(What.WITHDRAW), Today(THIRD)).state is State.OPEN


@pytest.mark.parametrize(
    ("by", "acting_for", "second"),
    [("a", None, False), ("b", "a", False), ("b", None, True), ("b", "c", True)],
)
def test_whoever_proposed_does_not_approve(by: str, acting_for: str | None, second: bool) -> None:
    proposed = decide(State.OPEN, REVIEW, choice(What.MERGE, ONE, OTHER), Today())
    assert proposed.opened and proposed.state is State.PROPOSED
    approval = choice(What.MERGE, ONE, OTHER, by=by, acting_for=acting_for)
    if second:
        decided = decide(State.PROPOSED, proposed.review, approval, Today())
        assert (decided.state, decided.ordered) == (State.MERGED, True)
        return
    with pytest.raises(Refused) as refused:
        decide(State.PROPOSED, proposed.review, approval, Today())
    assert refused.value.code is Code.SECOND_PERSON_REQUIRED


def test_nor_does_on_whose_behalf_it_was_proposed() -> None:
    proposed = decide(State.OPEN, REVIEW, choice(What.MERGE, ONE, OTHER, acting_for="b"), Today())
    with pytest.raises(Refused):
        decide(State.PROPOSED, proposed.review, choice(What.MERGE, ONE, OTHER, by="b"), Today())


def test_nor_does_the_same_human_under_another_name() -> None:
    """Two accounts of one human are one hand: the national id that both tokens state tells it."""
    first = msgspec.structs.replace(choice(What.MERGE, ONE, OTHER), national=b"n" * 16)
    proposed = decide(State.OPEN, REVIEW, first, Today())
    again = msgspec.structs.replace(choice(What.MERGE, ONE, OTHER, by="b"), national=b"n" * 16)
    with pytest.raises(Refused):
        decide(State.PROPOSED, proposed.review, again, Today())
    another = msgspec.structs.replace(again, national=b"m" * 16)
    assert decide(State.PROPOSED, proposed.review, another, Today()).state is State.MERGED


def test_undoing_takes_two_as_well_and_can_be_taken_back() -> None:
    undoing = decide(State.MERGED, REVIEW, choice(What.UNMERGE), Today())
    assert undoing.state is State.UNDOING
    with pytest.raises(Refused):
        decide(State.UNDOING, undoing.review, choice(What.UNMERGE), Today())
    assert decide(State.UNDOING, undoing.review, choice(What.UNMERGE, by="b"), Today()).state is State.UNMERGED
    assert decide(State.UNDOING, undoing.review, choice(What.WITHDRAW), Today()).state is State.MERGED


@pytest.mark.parametrize(
    ("state", "made"),
    [
        (State.OPEN, choice(What.UNMERGE)),
        (State.OPEN, choice(What.WITHDRAW)),
        (State.OPEN, choice(What.MATCH, THIRD)),
        (State.OPEN, choice(What.MATCH)),
        (State.OPEN, choice(What.MERGE, ONE, ONE)),
        (State.OPEN, choice(What.MERGE, ONE, THIRD)),
        (State.MERGED, choice(What.NEW)),
        (State.RESOLVED, choice(What.MATCH, ONE)),
        (State.UNMERGED, choice(What.UNMERGE)),
        (State.WITHDRAWN, choice(What.MERGE, ONE, OTHER)),
    ],
)
def test_what_a_state_does_not_allow_is_told(state: State, made: Choice) -> None:
    with pytest.raises(Invalid):
        decide(state, REVIEW, made, Today())


def test_a_second_approves_what_was_proposed_and_nothing_else() -> None:
    proposed = decide(State.OPEN, REVIEW, choice(What.MERGE, ONE, OTHER), Today()).review
    for other in (choice(What.NEW, by="b"), choice(What.MERGE, ONE, THIRD, by="b")):
        with pytest.raises(Invalid):
            decide(State.PROPOSED, proposed, other, Today())


def test_a_repeated_choice_is_known_by_version_and_hand() -> None:
    made = choice(What.MATCH, ONE)
    after = msgspec.structs.replace(REVIEW, choice=made)
    assert repeats(after, made)
    assert not repeats(after, choice(What.MATCH, ONE, on=2))
    assert not repeats(after, choice(What.MATCH, ONE, by="b"))
    assert not repeats(after, choice(What.MATCH, OTHER))
    assert not repeats(REVIEW, made)
