"""The access log, as reviewers and as the people it is about see it."""

from __future__ import annotations

import strawberry

from schema.types.pages import connection
from schema.types.scalars import DateTime


@strawberry.type(description="What was disclosed of one category.")
class EntryCategory:
    """A category with its detail and fields."""

    name: str = strawberry.field(description="Name of the category.")
    detail: str = strawberry.field(description="full or coarse.")
    fields: list[str] = strawberry.field(description="The fields that were disclosed, empty ones too.")


@strawberry.type(description="One person whom an answer disclosed.")
class EntrySubject:
    """A subject of an entry."""

    person: strawberry.ID | None = strawberry.field(
        description="The person's id in the reader's sector; null where protective activity keeps it sealed."
    )
    reach: str = strawberry.field(
        description="opened: asked for; again: asked for, answered anew; listed: stood in a list."
    )
    categories: list[EntryCategory] = strawberry.field(description="What was disclosed, by category.")


@strawberry.type(description="One entry of the ledger: who did what, in what capacity, with what outcome.")
class Entry:
    """A header with its subjects."""

    id: strawberry.ID = strawberry.field(description="Opaque id of the entry.")
    at: DateTime = strawberry.field(description="When.")
    act: str = strawberry.field(
        description="consultation, search, denial, collection, combination, alteration, log_read, not_sent."
    )
    actor: str = strawberry.field(description="Who.")
    acting_for: str | None = strawberry.field(description="For whom the actor acted, if for another.")
    client: str = strawberry.field(description="The program that asked.")
    agency: str = strawberry.field(description="The actor's agency.")
    unit: str | None = strawberry.field(description="The actor's unit.")
    role: str = strawberry.field(description="The actor's role.")
    activity: str = strawberry.field(description="The processing activity named.")
    purpose: str = strawberry.field(description="The activity's purpose.")
    basis: str = strawberry.field(description="The activity's legal basis.")
    case: str | None = strawberry.field(description="The case named, if any.")
    warrant: str | None = strawberry.field(description="The warrant used, if any.")
    decision: str = strawberry.field(
        description="permit, none_shown (whoever was asked for was not shown), deny, or withheld (never sent)."
    )
    reason: str | None = strawberry.field(description="Code of the reason where it was denied.")
    request_id: str = strawberry.field(description="Id of the request.")
    subjects: list[EntrySubject] = strawberry.field(description="The people whom the answer disclosed.")


@strawberry.type(description="One look at the reader of this log: who reached for them and why, answered or not.")
class OwnEntry:
    """An entry as the person it is about sees it."""

    id: strawberry.ID = strawberry.field(description="Opaque id of the entry.")
    at: DateTime = strawberry.field(description="When.")
    actor: str = strawberry.field(description="Who looked.")
    agency: str = strawberry.field(description="Their agency.")
    unit: str | None = strawberry.field(description="Their unit.")
    role: str = strawberry.field(description="Their role.")
    activity: str = strawberry.field(description="The processing activity they named.")
    purpose: str = strawberry.field(description="Its purpose.")
    basis: str = strawberry.field(description="Its legal basis.")


EntryConnection = connection("Entry", Entry, "entries")
OwnEntryConnection = connection("OwnEntry", OwnEntry, "looks at the reader")
