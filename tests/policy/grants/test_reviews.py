"""Reviews as a rule: what a choice leads to, and that joining and parting two people takes two."""

from __future__ import annotations

import msgspec
import pytest

from domain.errors import Code, Invalid, Refused
from domain.ids import PersonId, SourceKey
from domain.matching import Candidate, Proposal
from domain.reviews import Choice, Review, State, What
from policy.grants.reviews import decide, repeats

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
        decided = decide(State.OPEN, REVIEW, choice(what, *people), None)
        assert (decided.state, decided.ordered, decided.review.carried) == (State.RESOLVED, True, False)


def test_a_decided_key_is_not_decided_again_by_one_alone() -> None:
    """The row was taken in as about somebody new: to match it now is to make two existing people one."""
    decided = decide(State.OPEN, REVIEW, choice(What.MATCH, ONE), THIRD)
    assert (decided.state, decided.ordered) == (State.PROPOSED, False)
    assert decided.review.choice is not None and decided.review.choice.people == (ONE, THIRD)
    new = decide(State.OPEN, REVIEW, choice(What.NEW), THIRD)
    assert (new.state, new.ordered, new.review.carried) == (State.RESOLVED, False, True)


@pytest.mark.parametrize(
    ("by", "acting_for", "second"),
    [("a", None, False), ("b", "a", False), ("b", None, True), ("b", "c", True)],
)
def test_whoever_proposed_does_not_approve(by: str, acting_for: str | None, second: bool) -> None:
    proposed = decide(State.OPEN, REVIEW, choice(What.MERGE, ONE, OTHER), None)
    assert proposed.opened and proposed.state is State.PROPOSED
    approval = choice(What.MERGE, ONE, OTHER, by=by, acting_for=acting_for)
    if second:
        decided = decide(State.PROPOSED, proposed.review, approval, None)
        assert (decided.state, decided.ordered) == (State.MERGED, True)
        return
    with pytest.raises(Refused) as refused:
        decide(State.PROPOSED, proposed.review, approval, None)
    assert refused.value.code is Code.SECOND_PERSON_REQUIRED


def test_nor_does_on_whose_behalf_it_was_proposed() -> None:
    proposed = decide(State.OPEN, REVIEW, choice(What.MERGE, ONE, OTHER, acting_for="b"), None)
    with pytest.raises(Refused):
        decide(State.PROPOSED, proposed.review, choice(What.MERGE, ONE, OTHER, by="b"), None)


def test_nor_does_the_same_human_under_another_name() -> None:
    """Two accounts of one human are one hand: the national id that both tokens state tells it."""
    first = msgspec.structs.replace(choice(What.MERGE, ONE, OTHER), national=b"n" * 16)
    proposed = decide(State.OPEN, REVIEW, first, None)
    again = msgspec.structs.replace(choice(What.MERGE, ONE, OTHER, by="b"), national=b"n" * 16)
    with pytest.raises(Refused):
        decide(State.PROPOSED, proposed.review, again, None)
    another = msgspec.structs.replace(again, national=b"m" * 16)
    assert decide(State.PROPOSED, proposed.review, another, None).state is State.MERGED


def test_undoing_takes_two_as_well_and_can_be_taken_back() -> None:
    undoing = decide(State.MERGED, REVIEW, choice(What.UNMERGE), None)
    assert undoing.state is State.UNDOING
    with pytest.raises(Refused):
        decide(State.UNDOING, undoing.review, choice(What.UNMERGE), None)
    assert decide(State.UNDOING, undoing.review, choice(What.UNMERGE, by="b"), None).state is State.UNMERGED
    assert decide(State.UNDOING, undoing.review, choice(What.WITHDRAW), None).state is State.MERGED


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
        decide(state, REVIEW, made, None)


def test_a_second_approves_what_was_proposed_and_nothing_else() -> None:
    proposed = decide(State.OPEN, REVIEW, choice(What.MERGE, ONE, OTHER), None).review
    for other in (choice(What.NEW, by="b"), choice(What.MERGE, ONE, THIRD, by="b")):
        with pytest.raises(Invalid):
            decide(State.PROPOSED, proposed, other, None)


def test_a_repeated_choice_is_known_by_version_and_hand() -> None:
    made = choice(What.MATCH, ONE)
    after = msgspec.structs.replace(REVIEW, choice=made)
    assert repeats(after, made)
    assert not repeats(after, choice(What.MATCH, ONE, on=2))
    assert not repeats(after, choice(What.MATCH, ONE, by="b"))
    assert not repeats(after, choice(What.MATCH, OTHER))
    assert not repeats(REVIEW, made)
