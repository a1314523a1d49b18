"""A steward's choice about an identity review: loaded through the gate, decided by the rule, saved, carried out."""

from __future__ import annotations

from dataclasses import dataclass, replace

from docket.dossiers import ReviewDossier
from domain.clock import instant_text
from domain.entries import Reach
from domain.errors import Code, Invalid, Refused
from domain.ids import PersonId
from domain.reviews import Choice, State, What
from domain.wanted import Wanted
from policy.activity import RootRead
from policy.grants.reviews import Decided, decide, repeats
from resolvers.gate.gate import Gate
from resolvers.gate.stewarding import Opened
from resolvers.reads.reviews import review_views
from resolvers.views.reviews import ReviewView

LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class _Chosen:
    """What a caller sent: outward ids, the version that they read, and their reason."""

    review: str
    version: int
    decision: What
    person: str | None
    other: str | None
    reason: str


async def resolve_identity(
    gate: Gate,
    review: str,
    version: int,
    decision: str,
    person: str | None,
    other: str | None,
    reason: str,
    wanted: Wanted,
) -> ReviewView | None:
    """Take in a choice; the review as it then is, None for one that does not exist for the caller.

    Answers once docket, graph and ledger have it; a review whose order could not be carried out yet says so. The same
    choice on the same version again changes nothing and answers the same. Raises Invalid (STALE: somebody was first;
    INVALID_ARGUMENT), Refused (SECOND_PERSON_REQUIRED), Unavailable.
    """
    gate.require(RootRead.RESOLVE_IDENTITY)
    chosen = _Chosen(review, version, What(decision), person, other, reason)
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise Invalid(Code.INVALID_ARGUMENT, field="reason", fix=f"1_to_{LONGEST_REASON}_characters")
    opened = await gate.stewarding.review(gate.names.review_of(review))
    if opened is None:
        return None
    today = await gate.stewarding.today(opened)
    choice = _choice(gate, opened, chosen)
    read = opened.dossier
    pair = gate.stewarding.pair_id(replace(read, version=choice.on), choice.people)
    if read.version != version:
        return await _again(gate, opened, choice, pair, wanted)
    try:
        decided = decide(read.state, opened.review, choice, today)
    except Refused:
        gate.notes.refused(f"{RootRead.RESOLVE_IDENTITY}: approval of one's own proposal")
        raise
    return await _saved(gate, read, decided, choice, pair, wanted)


async def _saved(
    gate: Gate, read: ReviewDossier, decided: Decided, choice: Choice, pair: bytes, wanted: Wanted
) -> ReviewView | None:
    after = ReviewDossier(read.id, read.version, decided.state, decided.review)
    changed = [after]
    if decided.opened:
        # The review goes on as it was, under a new version; the two people are asked about in one of their own.
        after = ReviewDossier(pair, 0, decided.state, decided.review)
        changed = [after, read]
    people = after.review.choice.people if after.review.choice is not None else choice.people
    await gate.stewarding.alter(changed, people, _told(read, after, choice, people))
    await gate.stewarding.carry(after.id)
    return await _shown(gate, after.id, wanted)


async def _again(gate: Gate, opened: Opened, choice: Choice, pair: bytes, wanted: Wanted) -> ReviewView | None:
    """The answer to a choice that was taken in before; what was ordered and is not done is carried out now."""
    if choice.what is What.MERGE and opened.dossier.state is State.OPEN:
        begun = await gate.stewarding.review(pair)
        if begun is not None and repeats(begun.review, choice):
            return await _shown(gate, pair, wanted)
    if not repeats(opened.review, choice):
        raise Invalid(Code.STALE, field="version", fix="read_it_again")
    await gate.stewarding.carry(opened.dossier.id)
    return await _shown(gate, opened.dossier.id, wanted)


async def _shown(gate: Gate, id: bytes, wanted: Wanted) -> ReviewView | None:
    now = await gate.stewarding.review(id)
    if now is None:
        return None
    (view,) = await review_views(gate, [now], wanted, Reach.OPENED)
    return view


def _choice(gate: Gate, opened: Opened, chosen: _Chosen) -> Choice:
    """The choice in internal ids. Whoever the review is not about is nobody, whether they exist or not."""
    people: list[PersonId] = []
    for text in (chosen.person, chosen.other):
        if text is not None:
            named = gate.names.person_of(text)
            if named is None or named not in opened.people:
                raise Invalid(Code.INVALID_ARGUMENT, field="person", fix="one_of_the_candidates")
            people.append(named)
    principal = gate.mandate.principal
    return Choice(
        what=chosen.decision,
        people=tuple(sorted(people)),
        grounds=chosen.reason.strip(),
        by=principal.actor,
        acting_for=principal.acting_for,
        at=instant_text(gate.now),
        on=chosen.version,
        national=principal.national,
    )


def _told(
    before: ReviewDossier, after: ReviewDossier, choice: Choice, people: tuple[PersonId, ...]
) -> dict[str, object]:
    """What the entry says of an alteration: what, of whom, from which state to which, and why."""
    return {
        "review": after.id.hex(),
        "decision": choice.what,
        "people": [str(person) for person in people],
        "before": {"state": before.state, "version": before.version},
        "after": {"state": after.state, "version": after.version + 1},
        "grounds": choice.grounds,
    }
