"""The root fields. Each is one call to a read behind the gate, with the selection that was worked out beforehand."""

from __future__ import annotations

from typing import Annotated, Any

import strawberry

from domain.wanted import Wanted
from schema.running import Running
from schema.types.activities import Activity
from schema.types.log import EntryConnection, OwnEntryConnection
from schema.types.pages import DEFAULT_PAGE, After, First
from schema.types.people import (
    DEFAULT_DEPTH,
    MAX_DEPTH,
    Depth,
    Families,
    Household,
    InLanguage,
    KinConnection,
    KinPath,
    Language,
    Me,
    Node,
    Person,
    PersonConnection,
)
from schema.types.reviews import IdentityReviewConnection
from schema.types.scalars import Date, DateTime

Info = strawberry.Info[Running, None]
AnyId = Annotated[strawberry.ID, strawberry.argument(description="An id in the caller's sector; any other gives null.")]
FromId = Annotated[strawberry.ID, strawberry.argument(description="Id of the person with whom the walk begins.")]
PathFrom = Annotated[
    strawberry.ID, strawberry.argument(name="from", description="Id of the person with whom the ways begin.")
]
PathTo = Annotated[strawberry.ID, strawberry.argument(name="to", description="Id of the person with whom they end.")]
AboutId = Annotated[strawberry.ID | None, strawberry.argument(description="Id of a person whom the entries are about.")]
NationalId = Annotated[
    str | None, strawberry.argument(description="National id (IIN): twelve digits, the last a check digit.")
]
FullName = Annotated[
    str | None, strawberry.argument(description="Family name and given name, in either order and script.")
]
BirthDate = Annotated[Date | None, strawberry.argument(description="Full date of birth; needed with a name.")]
AsOf = Annotated[
    DateTime | None,
    strawberry.argument(description="What the hub knew at this instant; shown where provenance may be. Null: now."),
]
On = Annotated[
    Date | None,
    strawberry.argument(
        description="What held on this day, by such dates as may be read. Null: everything known, and today's homes."
    ),
]
ByActor = Annotated[str | None, strawberry.argument(description="Only what this actor did.")]
ByActivity = Annotated[str | None, strawberry.argument(description="Only what was done under this activity.")]
ByDecision = Annotated[
    str | None,
    strawberry.argument(description="Only entries with this decision: permit, none_shown, deny or withheld."),
]
Merged = Annotated[
    bool, strawberry.argument(description="Merges that are in force and may be undone, instead of what waits.")
]
OfReview = Annotated[
    strawberry.ID | None, strawberry.argument(description="Stewards: the review under which the two were made one.")
]
Dropped = Annotated[
    strawberry.ID | None,
    strawberry.argument(description="Reviewers of the log: whose id was made to name another person's."),
]


def _wanted(info: Info) -> Wanted:
    return info.context.wanted[str(info.path.key)]


async def _me(info: Info, as_of: AsOf = None, on: On = None) -> Any:
    return await info.context.reads.me(info.context.gate, _wanted(info))


async def _node(info: Info, id: AnyId) -> Any:
    return await info.context.reads.node(info.context.gate, id, _wanted(info))


async def _person(info: Info, id: AnyId, as_of: AsOf = None, on: On = None) -> Any:
    return await info.context.reads.person(info.context.gate, id, _wanted(info))


async def _household(info: Info, id: AnyId, as_of: AsOf = None, on: On = None) -> Any:
    return await info.context.reads.household(info.context.gate, id, _wanted(info))


async def _find_person(
    info: Info,
    national_id: NationalId = None,
    name: FullName = None,
    birth_date: BirthDate = None,
    first: First = DEFAULT_PAGE,
    after: After = None,
    as_of: AsOf = None,
    on: On = None,
) -> Any:
    return await info.context.reads.find_person(
        info.context.gate, national_id, name, _wanted(info).arguments["birth_date"], first, after, _wanted(info)
    )


async def _kin(
    info: Info,
    of: FromId,
    depth: Depth = DEFAULT_DEPTH,
    families: Families = None,
    first: First = DEFAULT_PAGE,
    after: After = None,
    as_of: AsOf = None,
    on: On = None,
) -> Any:
    wanted = _wanted(info)
    named = wanted.arguments["families"]
    return await info.context.reads.kin(info.context.gate, of, depth, named, first, after, wanted)


async def _kin_path(
    info: Info,
    start: PathFrom,
    goal: PathTo,
    depth: Depth = MAX_DEPTH,
    families: Families = None,
    as_of: AsOf = None,
    on: On = None,
) -> Any:
    wanted = _wanted(info)
    named = wanted.arguments["families"]
    return await info.context.reads.kin_path(info.context.gate, start, goal, depth, named, wanted)


async def _access_log(
    info: Info,
    first: First = DEFAULT_PAGE,
    after: After = None,
    about: AboutId = None,
    actor: ByActor = None,
    activity: ByActivity = None,
    decision: ByDecision = None,
) -> Any:
    return await info.context.reads.access_log(
        info.context.gate,
        first,
        after,
        _wanted(info),
        about=about,
        actor=actor,
        activity=activity,
        decision=decision,
    )


async def _my_access_log(info: Info, about: AboutId = None, first: First = DEFAULT_PAGE, after: After = None) -> Any:
    return await info.context.reads.my_access_log(info.context.gate, about, first, after, _wanted(info))


async def _identity_blast_radius(
    info: Info, review: OfReview = None, person: Dropped = None, first: First = DEFAULT_PAGE, after: After = None
) -> Any:
    reads, gate = info.context.reads, info.context.gate
    return await reads.identity_blast_radius(gate, review, person, first, after, _wanted(info))


async def _identity_reviews(
    info: Info, merged: Merged = False, first: First = DEFAULT_PAGE, after: After = None
) -> Any:
    return await info.context.reads.identity_reviews(info.context.gate, merged, first, after, _wanted(info))


def _processing_activities(info: Info, language: InLanguage = Language.EN) -> Any:
    return info.context.reads.processing_activities(info.context.activities, str(language.value))


@strawberry.type(description="What can be asked. Everything about people needs an activity and leaves an entry.")
class Query:
    """The root of all queries."""

    me = strawberry.field(resolver=_me, graphql_type=Me | None, description="The caller as their token names them.")
    node = strawberry.field(
        resolver=_node, graphql_type=Node | None, description="A person or household by id; any other id gives null."
    )
    person = strawberry.field(
        resolver=_person, graphql_type=Person | None, description="A person by id; any other id gives null."
    )
    household = strawberry.field(
        resolver=_household, graphql_type=Household | None, description="A household by id; any other id gives null."
    )
    find_person = strawberry.field(
        resolver=_find_person,
        graphql_type=PersonConnection | None,
        description="People by national id, or by name together with the full date of birth.",
    )
    kin = strawberry.field(
        resolver=_kin,
        graphql_type=KinConnection | None,
        description="Kin that a walk from a person reaches, nearest first, never through people who are withheld.",
    )
    kin_path = strawberry.field(
        resolver=_kin_path,
        graphql_type=list[KinPath] | None,
        description="The shortest ways between two people, at most 20, never through people who are withheld.",
    )
    access_log = strawberry.field(
        resolver=_access_log,
        graphql_type=EntryConnection | None,
        description="The ledger's entries, newest first, for reviewers. Reading it is itself an entry.",
    )
    my_access_log = strawberry.field(
        resolver=_my_access_log,
        graphql_type=OwnEntryConnection | None,
        description="Who looked at the caller, or at a child or ward in the caller's care, and why; newest first.",
    )
    identity_reviews = strawberry.field(
        resolver=_identity_reviews,
        graphql_type=IdentityReviewConnection | None,
        description="Questions about who somebody is that wait for a steward, oldest first; or merges in force.",
    )
    identity_blast_radius = strawberry.field(
        resolver=_identity_blast_radius,
        graphql_type=EntryConnection | None,
        description="Entries whose answers held data of somebody who was wrongly one with another, newest first, each "
        "with the categories that did. Reading it is itself an entry.",
    )
    processing_activities = strawberry.field(
        resolver=_processing_activities,
        graphql_type=list[Activity] | None,
        description="The public register of processing activities, its titles and descriptions in a language. Needs a "
        "token and no activity.",
    )
