"""Orders, carried out: what stewards decided and the docket keeps until it is done.

Carried at once, inside the request that ordered it; carried again at start-up and after each pull where a kill came in
between. Whoever carries, and however often: what is done already is found done.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import msgspec
import structlog

from connectors.identity.merging import merge, unmerge
from connectors.identity.replaying import replay
from connectors.identity.siding import sided
from connectors.parts import Keeping
from connectors.pipeline.weighing import ID_CONFLICT
from connectors.settling import settle
from docket.dossiers import Line, ReviewDossier
from docket.port import Stale as StaleDossier
from domain.errors import KindredError
from domain.ids import KeyHash
from domain.matching import PROTECTED
from domain.reviews import Review, State
from graph.port import Stale

MAX_STALE = 8
"""How often an order is tried again because others wrote about the same people."""
_AT_ONCE = 100
_log = structlog.get_logger("kindred.identity")


@dataclass(frozen=True, slots=True)
class _Outcome:
    """How a review stands after its order: `accepted` is the position of a row that is taken in now, `answered` are
    other reviews that are answered with it."""

    state: State
    review: Review
    accepted: tuple[bytes, ...] = ()
    answered: tuple[ReviewDossier, ...] = ()


class Carrier:
    """Carries orders out, and loads nothing else. Safe to call for one review from several places at once."""

    def __init__(self, parts: Keeping) -> None:
        self._parts = parts

    async def carry(self, review: bytes) -> None:
        """Carry out what was ordered in a review, if something was and is not done.

        Returns once the graph has it and the ledger its entry. Raises Unavailable if a store fails or others keep
        writing about the same people; the order then waits.
        """
        for attempt in range(MAX_STALE):
            order = await self._parts.docket.review(review)
            if order is None or order.review.carried:
                return
            try:
                await self._carry(order)
                await settle(self._parts.writer, self._parts.open_entry, self._parts.append)
            except (Stale, StaleDossier):
                if attempt == MAX_STALE - 1:
                    raise
                continue
            return

    async def carry_all(self) -> int:
        """Carry out every order that waits, oldest first; how many were looked at.

        One that cannot be carried waits on: it keeps neither the others nor the hub from what they do.
        """
        seen, place = 0, 0
        while orders := await self._parts.docket.line(Line.ORDER, _AT_ONCE, place):
            for order in orders:
                try:
                    await self.carry(order.id)
                except KindredError as error:
                    _log.warning("order waits", code=error.code.value, cause=error.cause)
                place = order.place
            seen += len(orders)
        return seen

    async def _carry(self, order: ReviewDossier) -> None:
        siblings: Sequence[ReviewDossier] = ()
        if order.state is State.RESOLVED and order.review.position is not None:
            siblings = await self._parts.docket.reviews_of(order.review.position)
        outcome = await self._done(order, siblings)
        after = replace(order, state=outcome.state, review=outcome.review)
        await self._parts.docket.save_reviews([after, *outcome.answered], accepted=outcome.accepted)

    async def _done(self, order: ReviewDossier, siblings: Sequence[ReviewDossier]) -> _Outcome:
        review = order.review
        if order.state is State.RESOLVED and await sided(self._parts, order):
            return _Outcome(State.RESOLVED, _closed(review))
        if order.state is State.RESOLVED:
            return await self._replayed(order, siblings)
        if order.state is State.MERGED and review.choice is not None:
            done = await merge(self._parts, order, review.choice.people)
            if done is None and review.proposal.reason == PROTECTED:
                # The guard on its key is still there, so it is asked about again.
                return _Outcome(State.OPEN, _asked_again(review))
            if done is None:
                return _Outcome(State.WITHDRAWN, _closed(review))
            return _Outcome(State.MERGED, msgspec.structs.replace(_closed(review), merge=done.merge))
        if order.state is State.UNMERGED and review.merge is not None:
            done = await unmerge(self._parts, order, review.merge)
            if done is None:
                return _Outcome(State.MERGED, _closed(review))
            await self._retry(done.keys)
            return _Outcome(State.UNMERGED, msgspec.structs.replace(_closed(review), left=done.left))
        return _Outcome(order.state, _closed(review))

    async def _retry(self, keys: Sequence[KeyHash]) -> None:
        """Take in rows that were held only because two people in them, or one and another, were taken for one."""
        for key in keys:
            for one in await self._parts.docket.reviews_about(key):
                conflict = one.state is State.OPEN and one.review.proposal.reason == ID_CONFLICT
                if conflict and await replay(self._parts, one, [replace(one, state=State.RESOLVED)], given=False):
                    after = replace(one, state=State.RESOLVED, review=_closed(one.review))
                    await self._parts.docket.save_reviews([after], accepted=[one.review.position or b""])

    async def _replayed(self, order: ReviewDossier, siblings: Sequence[ReviewDossier]) -> _Outcome:
        taken = await replay(self._parts, order, siblings)
        if taken is False:
            return _Outcome(State.OPEN, _asked_again(order.review))
        position = order.review.position
        accepted = (position,) if taken and position is not None else ()
        answered = tuple(
            replace(one, state=State.RESOLVED, review=_closed(one.review))
            for one in siblings
            if accepted and one.state is State.OPEN and _answers(order.review, one.review)
        )
        return _Outcome(State.RESOLVED, _closed(order.review), accepted, answered)


def _answers(review: Review, other: Review) -> bool:
    """Whether what cleared stewards found answers the review that all stewards have of the same key."""
    mine, theirs = review.proposal, other.proposal
    return mine.key == theirs.key and mine.reason == PROTECTED and theirs.reason != PROTECTED


def _asked_again(review: Review) -> Review:
    return msgspec.structs.replace(review, choice=None, approval=None, carried=True)


def _closed(review: Review) -> Review:
    """A review whose order is done: what the row stated stands in the graph by now."""
    return msgspec.structs.replace(review, carried=True, said=None)
