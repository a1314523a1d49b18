"""What becomes of an identity review when a steward chooses. Pure: (state, review, choice) → (state, review).

What joins or parts two existing people takes two: one proposes, another one approves the very same. So does that
somebody who was taken in is not the one under protection whom they may be: a guard ends with it. And so does whatever
is said of a row that waits, places people and may be about somebody under protection: what is new of her may else be
read on the card of whomever it is taken for.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import msgspec

from domain.errors import Code, Invalid, Refused
from domain.ids import PersonId
from domain.matching import PROTECTED
from domain.reviews import Choice, Review, State, What


@dataclass(frozen=True, slots=True)
class Decided:
    """A review after a choice. `ordered`: something is to be carried out now. `opened`: a review of two people that the
    choice begins, instead of changing this one."""

    state: State
    review: Review
    ordered: bool = False
    opened: bool = False


@dataclass(frozen=True, slots=True)
class Today:
    """How things stand while a choice is made. `key_is`: whom the review's key is decided to be, None if nobody (yet);
    `founded`: whom it founded, if it did. `waits`: its row is held until it is decided. `hidden`: one of the candidates
    is under protection."""

    key_is: PersonId | None = None
    founded: PersonId | None = None
    waits: bool = False
    hidden: bool = False


def decide(state: State, review: Review, choice: Choice, today: Today) -> Decided:
    """What follows from a choice.

    Raises Invalid (INVALID_ARGUMENT) for a choice that the state does not allow or that names others than the review,
    Refused (SECOND_PERSON_REQUIRED) where whoever proposed would approve.
    """
    if state is State.OPEN:
        return _answered(review, choice, today)
    if state is State.PROPOSED:
        back = State.OPEN if review.position is not None else State.WITHDRAWN
        return _second(_proposed(review, today, choice), back, review, choice, today.waits)
    if state is State.MERGED and choice.what is What.UNMERGE:
        return Decided(State.UNDOING, msgspec.structs.replace(review, choice=choice, approval=None))
    if state is State.UNDOING:
        return _second(State.UNMERGED, State.MERGED, review, choice)
    raise _not_so("decision", "read_its_state")


def repeats(review: Review, choice: Choice) -> bool:
    """Whether this very choice was taken in before: the same by the same on the same version."""
    return any(
        made is not None and (_same(made, choice), made.by, made.on) == (True, choice.by, choice.on)
        for made in (review.choice, review.approval)
    )


def _answered(review: Review, choice: Choice, today: Today) -> Decided:
    key_is = today.key_is
    if review.position is None or choice.what not in {What.MATCH, What.NEW, What.MERGE}:
        raise _not_so("decision", "read_its_state")
    among = {candidate.person for candidate in review.proposal.candidates}
    if choice.what is What.MERGE:
        if len(set(choice.people)) != 2 or not set(choice.people) <= among:
            raise _not_so("person", "two_of_the_candidates")
        return Decided(State.PROPOSED, _of_two(review, choice), opened=True)
    if choice.what is What.NEW:
        return _proposal(review, choice) if _takes_two(review, today) else _closed(review, choice, key_is)
    if len(choice.people) != 1 or not set(choice.people) <= among:
        raise _not_so("person", "one_of_the_candidates")
    if key_is is None and review.proposal.reason == PROTECTED and not today.waits:
        # The docket has the row, the graph has not: whom its key founds is not here yet to be one with anybody.
        raise _not_so("decision", "not_taken_in_yet")
    if key_is is None and _takes_two(review, today):
        return _proposal(review, choice)
    if key_is is None or key_is == choice.people[0]:
        return _closed(review, choice, key_is)
    if review.proposal.reason == PROTECTED and key_is != today.founded:
        # It went to somebody else who is here: they are not one with the candidate because the row is not theirs.
        raise _not_so("decision", "the_key_is_somebody_else")
    # The key is somebody already: that it is the candidate says that two existing people are one.
    both = msgspec.structs.replace(choice, what=What.MERGE, people=tuple(sorted((key_is, choice.people[0]))))
    return _proposal(review, both)


def _takes_two(review: Review, today: Today) -> bool:
    """Whether one steward alone does not say whose a key is."""
    if today.waits:
        return today.hidden and review.proposal.places
    return review.proposal.reason == PROTECTED


def _proposal(review: Review, choice: Choice) -> Decided:
    return Decided(State.PROPOSED, msgspec.structs.replace(review, choice=choice, approval=None))


def _proposed(review: Review, today: Today, choice: Choice) -> State:
    """What a proposal comes to once it is approved."""
    what = review.choice.what if review.choice is not None else None
    if what is What.MATCH and not today.waits and choice.what is not What.WITHDRAW:
        raise _not_so("decision", "withdraw")  # the row was taken in meanwhile, by what others decided
    return State.RESOLVED if what in {What.NEW, What.MATCH} else State.MERGED


def _second(done: State, back: State, review: Review, choice: Choice, waits: bool = False) -> Decided:
    proposed = review.choice
    if proposed is None:
        raise _not_so("decision", "read_its_state")
    if choice.what is What.WITHDRAW:
        return Decided(back, msgspec.structs.replace(review, choice=None, approval=choice))
    if not _agrees(proposed, choice):
        raise _not_so("decision", "approve_what_was_proposed_or_withdraw")
    if _hands(proposed) & _hands(choice):
        raise Refused(Code.SECOND_PERSON_REQUIRED, field="decision", fix="another_steward_approves")
    ordered = waits or proposed.what is not What.NEW
    return Decided(done, msgspec.structs.replace(review, approval=choice, carried=not ordered), ordered)


def _hands(choice: Choice) -> set[str | bytes]:
    """Whose choice it is: of who acted, by whatever name, and of on whose behalf."""
    return {hand for hand in (choice.by, choice.acting_for, choice.national) if hand is not None}


def _same(one: Choice, other: Choice) -> bool:
    return one.what is other.what and (not other.people or set(other.people) <= set(one.people))


def _agrees(proposed: Choice, choice: Choice) -> bool:
    """Whether a choice approves what was proposed: by its own words, or by the match that it was proposed as."""
    matched = choice.what is What.MATCH and proposed.what is What.MERGE and set(choice.people) <= set(proposed.people)
    return matched or _same(proposed, choice)


def _closed(review: Review, choice: Choice, key_is: PersonId | None) -> Decided:
    ordered = key_is is None
    closed = msgspec.structs.replace(review, choice=choice, approval=None, carried=not ordered)
    return Decided(State.RESOLVED, closed, ordered)


def _of_two(review: Review, choice: Choice) -> Review:
    proposal = review.proposal
    candidates = tuple(one for one in proposal.candidates if one.person in choice.people)
    return Review(replace(proposal, candidates=candidates), review.source, choice=choice)  # fmt: skip


def _not_so(field: str, fix: str) -> Invalid:
    return Invalid(Code.INVALID_ARGUMENT, field=field, fix=fix)
