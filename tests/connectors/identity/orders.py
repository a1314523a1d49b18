"""Orders as stewards leave them in the docket, and all that a hub knows, to compare with another."""

from __future__ import annotations

from typing import Any

import msgspec

from connectors.identity.carrying import Carrier
from docket.dossiers import ReviewDossier
from docket.reviewing import review_id
from domain.ids import PersonId, SourceKey
from domain.matching import Candidate, Proposal
from domain.records.payload import Record
from domain.reviews import Choice, Review, State, What
from tests.connectors.hubs import Hub
from tests.connectors.rows import iin


def choice(what: What, *people: PersonId, by: str = "steward-1") -> Choice:
    """A steward's choice."""
    return Choice(what, tuple(people), "tried", by, None, "2026-11-22T00:00:00Z", 1)


async def ordered_merge(hub: Hub, one: PersonId, other: PersonId) -> ReviewDossier:
    """A merge that two stewards decided, not carried out yet."""
    key = SourceKey("population", f"pair-{one}-{other}")
    candidates = (Candidate(one, 9.0, 0.9, ()), Candidate(other, 8.0, 0.8, ()))
    proposal = Proposal(key, "DUPLICATE", candidates, "model-1")
    review = Review(
        proposal,
        "population",
        choice=choice(What.MERGE, one, other),
        approval=choice(What.MERGE, one, other, by="steward-2"),
        carried=False,
    )
    order = ReviewDossier(review_id(hub.ring.hasher, b"pair", key), 0, State.MERGED, review)
    (saved,) = await hub.docket.save_reviews([order])
    return saved


async def merged(hub: Hub, one: PersonId, other: PersonId) -> ReviewDossier:
    """A merge, carried out."""
    order = await ordered_merge(hub, one, other)
    return await _carried(hub, order)


async def unmerged(hub: Hub, order: ReviewDossier) -> ReviewDossier:
    """A merge undone."""
    review = msgspec.structs.replace(
        order.review,
        choice=choice(What.UNMERGE),
        approval=choice(What.UNMERGE, by="steward-2"),
        carried=False,
    )
    (saved,) = await hub.docket.save_reviews([ReviewDossier(order.id, order.version, State.UNMERGED, review)])
    return await _carried(hub, saved)


async def _carried(hub: Hub, order: ReviewDossier) -> ReviewDossier:
    await Carrier(hub.parts.keeping).carry(order.id)
    after = await hub.docket.review(order.id)
    assert after is not None and after.review.carried
    return after


async def everything(hub: Hub, count: int) -> dict[str, Any]:
    """Everyone, opened, and by what they are found; records without items left out, for they read as none, and the
    hub's own retractions: which of them are needed hangs on which versions of a row came in one page.
    """
    people = await hub.people()
    for one in people:
        one["records"] = {number: record for number, record in one["records"].items() if record != Record(())}
        one["claims"] = [(claim, body) for claim, body in one["claims"] if not body.part.startswith("dropped:")]
        one["memberships"] = sorted(one["memberships"], key=repr)
    nationals = [hub.ring.hasher.national(iin(n)) for n in range(count)]
    found = await hub.graph.reader.find(nationals)
    return {"people": people, "found": {national.hex(): people for national, people in found.items()}}
