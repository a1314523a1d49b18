"""The mutations: one a document, by POST alone. Each is one call to a command behind the gate."""

from __future__ import annotations

from typing import Annotated, Any

import strawberry

from schema.limits import MAX_REASON
from schema.query import Info
from schema.types.reviews import IdentityDecision, IdentityReview

ReviewId = Annotated[strawberry.ID, strawberry.argument(description="Id of the review; any other gives null.")]
Version = Annotated[int, strawberry.argument(description="The version that was read; a stale one is told.")]
Decision = Annotated[IdentityDecision, strawberry.argument(description="What is decided.")]
PersonId = Annotated[
    strawberry.ID | None, strawberry.argument(description="With MATCH: the candidate. With MERGE: one of the two.")
]
OtherId = Annotated[strawberry.ID | None, strawberry.argument(description="With MERGE: the other of the two.")]
Reason = Annotated[str, strawberry.argument(description=f"Why, at most {MAX_REASON} characters. Kept sealed.")]


async def _resolve_identity(
    info: Info,
    review: ReviewId,
    version: Version,
    decision: Decision,
    reason: Reason,
    person: PersonId = None,
    other: OtherId = None,
) -> Any:
    wanted = info.context.wanted[str(info.path.key)]
    chosen = wanted.arguments["decision"]
    commands, gate = info.context.commands, info.context.gate
    return await commands.resolve_identity(gate, review, version, chosen, person, other, reason, wanted)


@strawberry.type(
    description="What can be altered. It answers only once it is done and the ledger has it; the same call on the same "
    "version again changes nothing."
)
class Mutation:
    """The root of all mutations."""

    resolve_identity = strawberry.field(
        resolver=_resolve_identity,
        graphql_type=IdentityReview | None,
        description="Decide an identity review. Joining or parting two existing people takes a second steward, as may "
        "what concerns somebody under protection.",
    )
