"""The public register of processing activities."""

from __future__ import annotations

import strawberry


@strawberry.type(description="One category that an activity may read.")
class ActivityCategory:
    """A line of an activity's file."""

    name: str = strawberry.field(description="Name of the category.")
    detail: str = strawberry.field(description="full or coarse.")
    reach: str = strawberry.field(description="About whom: region, case, walk or account.")


@strawberry.type(
    description="A registered processing activity: who may read what of whom, why and on what legal basis."
)
class Activity:
    """An activity as its file states it."""

    name: str = strawberry.field(description="The name that requests give in `Kindred-Activity`.")
    title: str = strawberry.field(description="Title for people.")
    description: str = strawberry.field(description="What it is for.")
    role: str = strawberry.field(description="The role that may name it.")
    purpose: str = strawberry.field(
        description="Purpose, as an IRI of the Data Privacy Vocabulary or a term of its own."
    )
    basis: str = strawberry.field(description="Legal basis.")
    controllers: list[str] = strawberry.field(description="Who is responsible for it.")
    recipients: list[str] = strawberry.field(description="Who receives the data.")
    retention: str = strawberry.field(description="How long what it yields may be kept.")
    requires_case: bool = strawberry.field(description="Whether a request must name a case in `Kindred-Case`.")
    requires_warrant: bool = strawberry.field(description="Whether the case must carry a warrant in force.")
    categories: list[ActivityCategory] = strawberry.field(description="What it may read.")
