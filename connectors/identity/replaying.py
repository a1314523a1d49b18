"""Carrying out that a key is somebody, or somebody new: the held row is taken in after all, the way all rows go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from connectors.agencies.agency import Agency, Reason, Signed, bad
from connectors.agencies.catalogue import SOURCES
from connectors.identity.telling import carried_out
from connectors.parts import Keeping
from connectors.pipeline import commit
from connectors.pipeline.candidates import candidates, today
from connectors.pipeline.deciding import Deciding
from connectors.pipeline.flagging import Flagging
from connectors.pipeline.folding import Folding
from connectors.pipeline.guarded import guarded
from connectors.pipeline.validate import Checked
from connectors.pipeline.weighing import Weighing
from docket.dossiers import Held, Outcome, ReviewDossier
from domain.clock import instant_text
from domain.entries import Act
from domain.errors import Broken, Skip
from domain.ids import PersonId, SourceKey
from domain.matching import PROTECTED
from domain.reviews import State, What
from graph.shapes import Batch


async def replay(
    parts: Keeping, order: ReviewDossier, siblings: Sequence[ReviewDossier], *, given: bool = True
) -> bool | None:
    """Take in the row that a review is about, with what was chosen for all its keys; not `given`: by the rule alone.

    True: it is taken in (now or before). None: another of its reviews is still open. False: what was chosen does not
    fit together or names nobody (any more), so that it has to be asked again. Raises Stale if others wrote meanwhile.
    """
    held = await parts.docket.held(order.review.position or b"")
    if held is None:
        return False
    if held.outcome is not Outcome.REVIEW:
        return True
    agency = SOURCES.get(held.source)
    if agency is None:
        raise Broken(cause="a row under review of no source")
    row = _read(parts, agency, held)
    if row is None or row.said is None:
        return False
    siblings = _deciding(siblings)
    if any(one.state is not State.RESOLVED for one in siblings):
        return None
    keys = [evidence.key for evidence in row.said.people]
    chosen = _chosen(siblings, keys) if given else {}
    named = await today(parts, sorted({person for person in chosen.values() if person is not None}))
    if any(person is not None and person not in named for person in chosen.values()):
        return False
    founding = parts.ring.hasher.founding
    decided = {key: founding(key) if person is None else named[person] for key, person in chosen.items()}
    approved = {one.review.proposal.key for one in siblings if one.review.approval is not None}
    alone = {key for key, person in chosen.items() if person is None} - approved
    return await _take_in(parts, agency, order, row, (decided, alone), sorted(set(named.values())))


def _deciding(siblings: Sequence[ReviewDossier]) -> list[ReviewDossier]:
    """Of a row's reviews those that its keys are decided by. Where all stewards are asked about a key and, beside it,
    cleared ones: the latter's if they found whose it is, else the former's."""
    beside = {one.review.proposal.key: one for one in siblings if one.review.proposal.reason == PROTECTED}
    found = {key for key, one in beside.items() if one.state is State.RESOLVED and _is_match(one)}
    openly = {one.review.proposal.key for one in siblings if one.review.proposal.reason != PROTECTED}
    ruled = found | (beside.keys() - openly)
    return [one for one in siblings if (one.review.proposal.reason == PROTECTED) == (one.review.proposal.key in ruled)]


def _is_match(one: ReviewDossier) -> bool:
    return one.review.choice is not None and one.review.choice.what is What.MATCH


def _chosen(siblings: Sequence[ReviewDossier], keys: Sequence[SourceKey]) -> dict[SourceKey, PersonId | None]:
    """Whom each key was chosen to be, None for somebody new. A review that names no key of the row is about all."""
    chosen: dict[SourceKey, PersonId | None] = {}
    for one in siblings:
        choice = one.review.choice
        person = choice.people[0] if choice is not None and choice.what is What.MATCH else None
        key = one.review.proposal.key
        if key in keys:
            chosen[key] = person
        else:
            chosen |= {each: None for each in keys if each not in chosen}
    return chosen


async def _take_in(
    parts: Keeping,
    agency: Agency,
    order: ReviewDossier,
    row: Checked,
    given: tuple[Mapping[SourceKey, PersonId], set[SourceKey]],
    also: Sequence[PersonId],
) -> bool:
    known = await candidates(parts, [row], also)
    weighing = Weighing(parts.model, await guarded(parts, known.rows, known), known.crowded, known.weighed)
    deciding = Deciding(known, parts.ring.hasher.founding, weighing, *given)
    if not deciding.replay(agency, known.rows[0]):
        return False
    flagging = Flagging(parts, known)
    healed = await flagging.healed(deciding.verdict)
    folding = Folding(parts.ring, known)
    foldings = await folding.fold(deciding.verdict, healed)
    flags = await flagging.raised(folding.after)
    # Whoever of the row may be somebody under protection by now is guarded before anything of it can be read.
    await commit.to_docket(parts.docket, parts.ring.hasher, agency, deciding.verdict, flags.first)
    now = parts.clock.now()
    entry = carried_out(
        parts.ring, order, Act.COLLECTION, now, known.sequence, parts.policy_hash, {"rows": {"accepted": 1}}
    )
    await parts.writer.write(
        Batch(
            instant_text(now),
            tuple(foldings.keys),
            tuple(foldings.claims),
            tuple(foldings.people),
            None,
            (entry,),
            tuple(foldings.stated),
            read_at=known.sequence,
        )
    )
    await parts.docket.intake((), (), flags.then)
    return True


def _read(parts: Keeping, agency: Agency, held: Held) -> Checked | None:
    """The row again, by its agency's mapping. None if that reads it otherwise by now."""
    raw = parts.docket.raw(held)
    if raw is None:
        raise Broken(cause="a row under review without content")
    try:
        said = agency.read(raw, _unsigned)
    except Skip:
        return None
    return Checked(raw, parts.ring.hasher.row(agency.name, raw), held.position, said, None)


def _unsigned(_document: str) -> Signed:
    """Documents are never under review."""
    raise bad(Reason.BAD_SIGNATURE)
