"""Carrying out who a side of a report is: the report then protects every number of that person too, and nobody less.

Until it is decided the report counts for everyone whom the side may be. A decision takes that from nobody: feeds and
stewards raise protection, the protecting authority alone lowers it.
"""

from __future__ import annotations

from connectors.parts import Keeping
from connectors.pipeline.candidates import surroundings
from docket.dossiers import IntakeRow, Matter, Outcome, Protection, ReviewDossier
from domain.claims import ProtectiveKind
from domain.ids import KeyHash
from domain.reviews import What


async def sided(parts: Keeping, order: ReviewDossier) -> bool:
    """Whether an order is about a side of a report; it is carried out then. A second call changes nothing.

    Somebody who is not there any more is nobody: the side stays as the report names it.
    """
    review = order.review
    held = await parts.docket.held(review.position or b"")
    if held is None or held.outcome is not Outcome.PROTECTIVE:
        return False
    if review.choice is None or review.choice.what is not What.MATCH:
        return True
    shapes = (await surroundings(parts, review.choice.people)).facts.people
    theirs = tuple(key for shape in shapes.values() for key in shape.keys)
    key = parts.ring.hasher.source_key(review.proposal.key)
    reports = [one for one in await parts.docket.protection([key]) if one.kind is ProtectiveKind.REPORT]
    matters = tuple(_with(one, key, theirs) for one in reports)
    # The row is there and stays as it is; what it raises is joined into what it raised.
    row = IntakeRow(held.source, held.position, key, key, Outcome.PROTECTIVE, protective=matters, restricted=True)
    await parts.docket.intake([row])
    return True


def _with(report: Protection, key: KeyHash, theirs: tuple[KeyHash, ...]) -> Matter:
    sides = tuple(tuple(dict.fromkeys((*side, *theirs))) if key in side else side for side in report.sides)
    return Matter(ProtectiveKind.REPORT, sides, status=report.status, since=report.since)
