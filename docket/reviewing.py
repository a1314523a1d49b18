"""Identity reviews as dossiers: their form, their ids, and in which lines each one waits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import msgspec

from docket.dossiers import Dossier, GuardStatus, Held, IntakeRow, Line, Matter, Outcome, ReviewDossier
from domain.claims import Evidence, ProtectiveKind
from domain.errors import Broken
from domain.ids import KeyHash, PersonId, SourceKey
from domain.matching import PROTECTED, Proposal
from domain.reviews import IN_FORCE, WAITING, Review, State, What
from vault.hashing import Hasher

REVIEW = "identity review"
PROTECTED_REVIEW = "protected identity review"
"""Sealed in the protective compartment: cleared stewards alone know that there is one."""
KINDS = frozenset({REVIEW, PROTECTED_REVIEW})


def review_id(hasher: Hasher, position: bytes, key: SourceKey, *, beside: bool = False) -> bytes:
    """The id of the review of a key that the row at a position names: the same however often the row is taken in.

    `beside`: of the one for cleared stewards, where all stewards are asked about the key too.
    """
    return hasher.label(
        PROTECTED_REVIEW if beside else REVIEW, f"{position.hex()}|{len(key.agency)}|{key.agency}|{key.source_id}"
    )


def _side_id(hasher: Hasher, said: Evidence) -> bytes:
    stated = (said.key.agency, said.key.source_id, said.surname, said.given_name, said.patronymic, said.birth_date)
    return hasher.label(PROTECTED_REVIEW, "".join(f"|{len(one or '')}|{one or ''}" for one in stated))


def told_of_label(hasher: Hasher, person: PersonId) -> KeyHash:
    """The keyed label by which the reviews are found that tell of a person, under whichever of their ids."""
    return KeyHash(hasher.label("told of", str(person)))


def dossiers_of(hasher: Hasher, row: IntakeRow) -> list[tuple[Dossier, Review]]:
    """The reviews that a row asks for. A held row without proposals is one too, about whoever it names.

    What comes with a protective matter is for cleared stewards. So is who a side of a report is; it is asked once for
    what is stated of the side, however many versions of the report state it.
    """
    sides = row.outcome is Outcome.PROTECTIVE
    said = {evidence.key: evidence for evidence in row.said}
    about = tuple(hasher.source_key(key) for key in said)
    proposals: Iterable[Proposal] = row.proposals
    if not row.proposals and row.outcome is Outcome.REVIEW:
        proposals = [_unnamed(row.source, row.position, row.reason)]
    found = []
    for proposal in proposals:
        asked = replace(proposal, cleared=True) if row.protective or sides else proposal
        review = Review(asked, row.source, about, row.position, said.get(proposal.key))
        id = review_id(hasher, row.position, proposal.key, beside=_is_beside(asked, row.proposals))
        if sides and review.said is not None:
            id = _side_id(hasher, review.said)
        found.append((dossier_of(hasher, ReviewDossier(id, 0, State.OPEN, review)), review))
    return found


def _is_beside(asked: Proposal, all_asked: Iterable[Proposal]) -> bool:
    others = (one.reason for one in all_asked if one.key == asked.key)
    return asked.reason == PROTECTED and any(reason != PROTECTED for reason in others)


def of_held(hasher: Hasher, held: Held) -> tuple[Dossier, Review]:
    """The review of a row that was held before there were any."""
    review = Review(_unnamed(held.source, held.position, held.reason), held.source, position=held.position)
    id = review_id(hasher, held.position, review.proposal.key)
    return dossier_of(hasher, ReviewDossier(id, 0, State.OPEN, review)), review


def _unnamed(source: str, position: bytes, reason: str | None) -> Proposal:
    """About a row whose people nobody was proposed for: it stands under its position, which is no source's number."""
    return Proposal(SourceKey(source, f"row:{position.hex()}"), reason or "NO_ID", (), "")


def ended(hasher: Hasher, read: ReviewDossier) -> Matter | None:
    """The guard that is over with a review as it is now: two stewards said that its key is not somebody under
    protection, or that they were made one wrongly. None else.

    Made one with them it is guarded still, beside their own grade: should the two be parted, or the docket be restored
    to a day before, nothing has to be raised again.
    """
    review = read.review
    if review.proposal.reason != PROTECTED or review.position is None or review.approval is None:
        return None
    what = review.choice.what if review.choice is not None else None
    parted = (read.state, what) == (State.UNMERGED, What.UNMERGE) and review.carried
    if (read.state, what) != (State.RESOLVED, What.NEW) and not parted:
        return None
    side = (hasher.source_key(review.proposal.key),)
    return Matter(ProtectiveKind.GUARD, (side,), status=GuardStatus.ENDED)


def dossier_of(hasher: Hasher, read: ReviewDossier) -> Dossier:
    """A review as it is stored. Found by its key, so that what is decided about a key reaches its other reviews; and
    by the keys that an undone merge left and by everyone whose id stands in it, so that erasing somebody reaches what
    it tells of them."""
    kind = PROTECTED_REVIEW if read.review.cleared else REVIEW
    review = read.review
    left = (hasher.source_key(evidence.key) for evidence in review.left)
    named = (hasher.source_key(review.proposal.key), *(KeyHash(key) for key in review.about), *left)
    told_of = (told_of_label(hasher, person) for person in review.told_of)
    subjects = tuple(dict.fromkeys((*named, *told_of)))
    body = msgspec.to_builtins(read.review, builtin_types=(bytes,))
    return Dossier(read.id, kind, subjects, read.state, read.version, None, body)


def read_review(dossier: Dossier, place: int = 0) -> ReviewDossier:
    """A review from its dossier. Raises Broken if it is none."""
    if dossier.kind not in KINDS:
        raise Broken(cause="a dossier that is no review")
    try:
        review = msgspec.convert(dossier.body, type=Review, builtin_types=(bytes,))
        return ReviewDossier(dossier.id, dossier.version, State(dossier.state), review, place)
    except (msgspec.ValidationError, ValueError):
        raise Broken(cause="a review of unknown form") from None


def lines_of(state: State, review: Review) -> frozenset[Line]:
    """Where a review in a state waits."""
    lines: set[Line] = set()
    if state in WAITING:
        lines.add(Line.PROTECTED_REVIEW if review.cleared else Line.REVIEW)
    if state in IN_FORCE:
        lines.add(Line.PROTECTED_MERGE if review.cleared else Line.MERGE)
    if not review.carried:
        lines.add(Line.ORDER)
    return frozenset(lines)
