"""People, households, and how they hang together."""

from __future__ import annotations

from enum import Enum
from typing import Annotated, Any

import strawberry

from schema.types.pages import DEFAULT_PAGE, After, First, connection, page_of
from schema.types.records import WHERE_FROM, Provenance, with_records
from schema.types.scalars import Date

MAX_DEPTH = 8
"""The most links that a walk may go."""

DEFAULT_DEPTH = 2
"""Links that a walk goes where the document says nothing."""


@strawberry.enum(description="Families of link that a walk may follow.")
class Family(Enum):
    """The families of link by the names that callers use."""

    PARENT = strawberry.enum_value("parent", description="Birth, adoptive, step and foster parents and children.")
    PARTNER = strawberry.enum_value("partner", description="Marriage, civil partnership, cohabitation.")
    GUARDIAN = strawberry.enum_value("guardian", description="Guardianship and parental responsibility by law.")


@strawberry.enum(description="Languages in which texts for people are told.")
class Language(Enum):
    """ISO 639-1, in capitals."""

    KK = strawberry.enum_value("kk", description="Kazakh.")
    RU = strawberry.enum_value("ru", description="Russian.")
    EN = strawberry.enum_value("en", description="English.")


@strawberry.enum(description="What ties two people. Of a mixed way, the last of these that occurs in it.")
class KinKind(Enum):
    """Nearest first."""

    BLOOD = strawberry.enum_value("blood", description="Birth alone.")
    ADOPTIVE = strawberry.enum_value("adoptive", description="Adoption somewhere on the way.")
    FOSTER = strawberry.enum_value("foster", description="Fostering somewhere on the way.")
    PARTNER = strawberry.enum_value("partner", description="Spouses and partners.")
    STEP = strawberry.enum_value("step", description="A parent's partner and that one's family; a partner's children.")
    IN_LAW = strawberry.enum_value("in_law", description="A marriage or partnership somewhere else on the way.")
    CO_PARENT = strawberry.enum_value("co_parent", description="A common child somewhere on the way.")
    GUARDIANSHIP = strawberry.enum_value("guardianship", description="A tie of law, which is no kinship.")


@strawberry.enum(description="Where somebody stands in a line of descent; of affinity, in the spouse's.")
class KinLine(Enum):
    """Above, below, beside."""

    ASCENDING = strawberry.enum_value("ascending", description="Ancestors.")
    DESCENDING = strawberry.enum_value("descending", description="Descendants.")
    COLLATERAL = strawberry.enum_value("collateral", description="Over a common ancestor.")


@strawberry.enum(description="Over which parent somebody is related.")
class KinSide(Enum):
    """The sex of the first parent on the way."""

    MATERNAL = strawberry.enum_value("maternal", description="Mother's side.")
    PATERNAL = strawberry.enum_value("paternal", description="Father's side.")


InLanguage = Annotated[Language, strawberry.argument(description="In which language.")]
Depth = Annotated[int, strawberry.argument(description=f"How many links to go, 1 to {MAX_DEPTH}.")]
Families = Annotated[
    list[Family] | None, strawberry.argument(description="Which families of link to follow; null for all.")
]


@strawberry.interface(description="Anything with an id of its own. Ids differ from sector to sector.")
class Node:
    """Relay's node."""

    id: strawberry.ID = strawberry.field(description="Opaque id, good within the caller's sector alone.")


def _members(
    root: strawberry.Parent[Any], info: strawberry.Info, first: First = DEFAULT_PAGE, after: After = None
) -> Any:
    return page_of(root, info)


def _kin(
    root: strawberry.Parent[Any],
    info: strawberry.Info,
    depth: Depth = DEFAULT_DEPTH,
    families: Families = None,
    first: First = DEFAULT_PAGE,
    after: After = None,
) -> Any:
    return page_of(root, info)


@strawberry.federation.type(keys=["id"], description="A household. It exists for a caller only if a member of it does.")
class Household(Node):
    """An id without content; the family card is the view of its members."""

    members = strawberry.field(
        resolver=_members,
        graphql_type=Annotated["MemberConnection", strawberry.lazy("schema.types.people")] | None,
        description="Members whom the caller may know: present ones, or those of the day that was asked about.",
    )


@strawberry.federation.type(
    keys=["id"], description="A person, as far as the caller's activity shows them. What it does not show is null."
)
@with_records
class Person(Node):
    """A person's masked view."""

    households: list[Household] | None = strawberry.field(
        description="Households of which the person is a member: at present, or on the day that was asked about."
    )
    contact_unit: str | None = strawberry.field(
        description="The unit to turn to where the person's whereabouts are withheld."
    )

    kin = strawberry.field(
        resolver=_kin,
        graphql_type=Annotated["KinConnection", strawberry.lazy("schema.types.people")] | None,
        description="Kin that a walk from this person reaches, nearest first, never through people who are withheld.",
    )


@strawberry.type(description="A person's place in a household: at present, or on the day that was asked about.")
class Member:
    """A membership seen from the household."""

    person: Person | None = strawberry.field(description="Who.")
    role: str | None = strawberry.field(description="Role in the household.")
    since: Date | None = strawberry.field(description="Member since.")
    until: Date | None = strawberry.field(description="Member until; empty while it lasts.")
    provenance: list[Provenance] | None = strawberry.field(description=WHERE_FROM)


def _term(root: strawberry.Parent[Any], info: strawberry.Info, language: InLanguage) -> str | None:
    return root.terms.get(info.path.key)  # type: ignore[no-any-return]


_TERM = "What the person is called to the one where the walk began, as far as the caller may read what a term tells."


@strawberry.type(description="Somebody whom a walk along family links reached.")
class Kin:
    """One end of a walk."""

    person: Person | None = strawberry.field(description="Who.")
    degree: int | None = strawberry.field(description="Number of links from the start.")
    relation: list[str] | None = strawberry.field(description="The links from the start, in order.")
    kind: KinKind | None = strawberry.field(
        description="What ties the two. Kinship before ties of law, however much shorter these are."
    )
    civil_degree: int | None = strawberry.field(
        description="Degree by the civil-law count, of blood, adoption or affinity; null where the law counts none."
    )
    line: KinLine | None = strawberry.field(description="Ascending, descending or collateral.")
    side: KinSide | None = strawberry.field(
        description="Mother's or father's side; null if both, neither, or not readable."
    )
    full: bool | None = strawberry.field(
        description="Of siblings by birth, whether they share both parents; null unless both parents of each are known."
    )
    term = strawberry.field(resolver=_term, graphql_type=str | None, description=_TERM)
    provenance: list[Provenance] | None = strawberry.field(
        description="Where the links came from, if `relation` is selected: a line for each, in its order. Null where "
        "it may not be told of everyone on the way."
    )


@strawberry.type(description="One person of a way between two.")
class KinStep:
    """A person of a way, after the start."""

    person: Person | None = strawberry.field(description="Who.")
    relation: str | None = strawberry.field(description="The link by which they follow the one before.")
    term = strawberry.field(resolver=_term, graphql_type=str | None, description=_TERM)
    provenance: list[Provenance] | None = strawberry.field(
        description="Where the link came from, if `relation` is selected. Null where it may not be told of both ends."
    )


@strawberry.type(description="A shortest way between two people.")
class KinPath:
    """Everyone after the start, to the end."""

    degree: int | None = strawberry.field(description="Number of links.")
    kind: KinKind | None = strawberry.field(description="What ties the two ends, by this way.")
    steps: list[KinStep] | None = strawberry.field(description="Everyone after the start, the end included.")


@strawberry.type(description="The caller as their token names them.")
class Me:
    """Who asks, and in what capacity."""

    actor: str | None = strawberry.field(description="The caller's own name in logs.")
    role: str | None = strawberry.field(description="Role.")
    agency: str | None = strawberry.field(description="Agency.")
    unit: str | None = strawberry.field(description="Unit within the agency.")
    region: str | None = strawberry.field(description="Region of duty.")
    activity: str | None = strawberry.field(description="The processing activity that this request named.")
    person: Person | None = strawberry.field(description="The caller's own file, where the activity shows it.")


PersonConnection = connection("Person", Person, "people")
MemberConnection = connection("Member", Member, "members of a household")
KinConnection = connection("Kin", Kin, "kin")
