"""Identity reviews: what stewards are asked, and what they answer."""

from __future__ import annotations

from enum import Enum

import strawberry

from schema.types.pages import connection
from schema.types.people import Person
from schema.types.scalars import Date, DateTime


@strawberry.enum(description="What a steward decides about an identity review.")
class IdentityDecision(Enum):
    """The decisions by the names that callers use."""

    MATCH = strawberry.enum_value("match", description="The row is about the candidate named as `person`.")
    NEW = strawberry.enum_value("new", description="The row is about somebody whom nothing is known of yet.")
    MERGE = strawberry.enum_value(
        "merge", description="The candidates `person` and `other` are one; another steward has to approve."
    )
    UNMERGE = strawberry.enum_value(
        "unmerge", description="The merge was wrong; another steward has to approve. Both are restored."
    )
    WITHDRAW = strawberry.enum_value("withdraw", description="What was proposed is taken back.")


@strawberry.type(description="What a row states about who its person is, as its source writes it.")
class StatedIdentity:
    """The row's own evidence."""

    surname: str | None = strawberry.field(description="Family name.")
    given_name: str | None = strawberry.field(description="Given name.")
    patronymic: str | None = strawberry.field(description="Patronymic.")
    birth_surname: str | None = strawberry.field(description="Family name at birth.")
    full_name: str | None = strawberry.field(description="The name where the source writes it in one field.")
    birth_date: Date | None = strawberry.field(description="Date of birth.")
    national_id: str | None = strawberry.field(description="National id (IIN).")


@strawberry.type(description="One comparison's part in how well a candidate agrees with a row.")
class IdentityComparison:
    """A line of the explanation."""

    name: str = strawberry.field(description="What was compared.")
    level: str | None = strawberry.field(
        description="How well it agrees; null where that would tell where somebody lives."
    )
    weight: float = strawberry.field(
        description="In bits: the logarithm of how much likelier that is for one person than for two."
    )


@strawberry.type(description="Somebody whom a row may be about.")
class IdentityCandidate:
    """A candidate with the explanation."""

    person: Person | None = strawberry.field(description="Who.")
    weight: float | None = strawberry.field(
        description="All comparisons' bits together; null for who was not compared."
    )
    probability: float | None = strawberry.field(description="What follows from the weight.")
    comparisons: list[IdentityComparison] = strawberry.field(description="The explanation, a line each.")


@strawberry.type(description="What a steward chose, and why.")
class IdentityChoice:
    """A choice or an approval."""

    decision: str = strawberry.field(description="match, new, merge, unmerge or withdraw.")
    people: list[strawberry.ID] = strawberry.field(description="Whom it is about.")
    reason: str = strawberry.field(description="Why, in the steward's words.")
    by: str = strawberry.field(description="Who chose.")
    at: DateTime = strawberry.field(description="When.")


@strawberry.type(description="A question about who somebody is, which a human being decides.")
class IdentityReview:
    """One review. It exists for a steward only if everyone whom it is about may be known by them."""

    id: strawberry.ID = strawberry.field(description="Opaque id, good within the caller's sector alone.")
    version: int = strawberry.field(description="The version that a decision has to name.")
    state: str = strawberry.field(
        description="open, proposed (awaits a second steward), merged, undoing (its undoing awaits a second steward), "
        "resolved, unmerged or withdrawn."
    )
    reason: str = strawberry.field(
        description="Why it is asked: NO_ID, ID_CONFLICT or PROTECTED, as docs/reference/identity.md explains."
    )
    source: str = strawberry.field(description="The agency whose row it is about.")
    model: str = strawberry.field(description="Version of the model that weighed; empty where none did.")
    carried: bool = strawberry.field(description="Whether what was decided is carried out.")
    stated: StatedIdentity | None = strawberry.field(description="What the row states; null once it is decided.")
    candidates: list[IdentityCandidate] = strawberry.field(description="Whom it is about, best first.")
    choice: IdentityChoice | None = strawberry.field(description="What was chosen or proposed last.")
    approval: IdentityChoice | None = strawberry.field(description="The second steward's word.")
    left: list[StatedIdentity] = strawberry.field(
        description="After an undone merge: what sources stated since, of which nothing tells whose it is. It stayed "
        "with the id that was kept."
    )


IdentityReviewConnection = connection("IdentityReview", IdentityReview, "identity reviews")
