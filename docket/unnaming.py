"""A review without people who were erased: what it tells of them, and what stewards wrote while they stood in it. Pure.

Free words may be about anybody who stood there, so they go, whomever the choice fell on. What was chosen, by whom and
when stays, but for a choice about somebody who is gone: that is asked again, or nothing is asked any more.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import replace

import msgspec

from docket.dossiers import ReviewDossier
from domain.ids import PersonId
from domain.matching import PROTECTED
from domain.reviews import Choice, Review, State, What

_OF_TWO = frozenset({State.MERGED, State.UNDOING, State.UNMERGED, State.WITHDRAWN})


def without(read: ReviewDossier, gone: Set[PersonId]) -> ReviewDossier:
    """The review without these people; as it was if it tells of none of them."""
    review = read.review
    if gone.isdisjoint(review.told_of):
        return read
    candidates = tuple(one for one in review.proposal.candidates if one.person not in gone)
    left = msgspec.structs.replace(
        review,
        proposal=replace(review.proposal, candidates=candidates),
        choice=_without(review.choice, gone),
        approval=_without(review.approval, gone),
    )
    if not _chosen(review).isdisjoint(gone):
        return _unchosen(replace(read, review=left))
    return replace(read, review=left)


def _chosen(review: Review) -> frozenset[PersonId]:
    """Whom the choice fell on, and whom a merge made one."""
    people = review.choice.people if review.choice is not None else ()
    return frozenset(people) | (frozenset({review.merge.kept, review.merge.dropped}) if review.merge else frozenset())


def _unchosen(read: ReviewDossier) -> ReviewDossier:
    """The review where somebody was chosen who is gone."""
    review = read.review
    matched = review.choice is not None and review.choice.what is What.MATCH and read.state is State.RESOLVED
    if matched and review.carried:
        return read  # whose the row is, is told by the graph, which forgets it
    doubted = (
        review.proposal.reason == PROTECTED and not review.carried
    )  # of a merge: the guard on its key is still there
    asked = review.position is not None and (read.state not in _OF_TWO or doubted)
    review = msgspec.structs.replace(review, choice=None, approval=None, merge=None, left=(), carried=True)
    return replace(read, state=State.OPEN if asked else State.WITHDRAWN, review=review)


def _without(choice: Choice | None, gone: Set[PersonId]) -> Choice | None:
    if choice is None:
        return None
    people = tuple(person for person in choice.people if person not in gone)
    return msgspec.structs.replace(choice, people=people, grounds="")
