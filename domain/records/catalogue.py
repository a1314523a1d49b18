"""All categories. Records are kept for those in CATEGORIES; the derived ones are computed from links and households."""

from __future__ import annotations

from domain.records.category import PROVENANCE, Category, Field, Kind
from domain.records.civil_status import CIVIL_STATUS
from domain.records.clinic import CLINIC
from domain.records.conditions import CONDITIONS
from domain.records.disability import DISABILITY
from domain.records.employment import EMPLOYMENT
from domain.records.health_cover import HEALTH_COVER
from domain.records.identity import IDENTITY
from domain.records.income import INCOME
from domain.records.name import NAME
from domain.records.residence import RESIDENCE
from domain.records.validity import Period

CATEGORIES: tuple[Category, ...] = (
    NAME,
    IDENTITY,
    RESIDENCE,
    CIVIL_STATUS,
    EMPLOYMENT,
    INCOME,
    HEALTH_COVER,
    CLINIC,
    DISABILITY,
    CONDITIONS,
)

MEMBERSHIP = Category(
    name="membership",
    number=14,
    title="Membership",
    description="The person's place in a household.",
    fields=(
        Field("household", Kind.TEXT, "The household, an id without content.", ("population",), plain=True),
        Field("role", Kind.TEXT, "Role in the household.", ("population",), plain=True),
        Field("since", Kind.DATE, "Member since: tells when somebody moved.", ("population",), locates=True),
        Field("until", Kind.DATE, "Member until: tells when somebody moved.", ("population",), locates=True),
    ),
    valid=Period(),
)
KINSHIP = Category(
    name="kinship",
    number=15,
    title="Kinship",
    description="How the person is related to the one a walk began with.",
    fields=(
        Field("relation", Kind.TEXT, "Links from the start to the person.", ("civil", "population"), plain=True),
        Field("degree", Kind.INTEGER, "Number of links from the start.", ("civil", "population"), plain=True),
        Field("kind", Kind.TEXT, "By blood, adoption, marriage … or by law alone.", ("kindred",), plain=True),
        Field("civil_degree", Kind.INTEGER, "Degree by the civil-law count.", ("kindred",), plain=True),
        Field("line", Kind.TEXT, "Ascending, descending or collateral.", ("kindred",), plain=True),
        Field("side", Kind.TEXT, "Mother's or father's side.", ("kindred",), plain=True),
        Field("full", Kind.FLAG, "Whether siblings share both parents.", ("kindred",), plain=True),
        Field("term", Kind.TEXT, "What the person is called to the start.", ("kindred",), plain=True),
    ),
)
ACCESS_LOG = Category(
    name="access_log",
    number=13,
    title="AccessLog",
    description="Who reached for the person: what reading the log discloses of its subjects.",
    fields=(
        Field("entries", Kind.TEXT, "Entries about the person.", ("kindred",), plain=True),
        Field("subject", Kind.TEXT, "The person as the subject of an entry.", ("kindred",), plain=True),
    ),
)
CONTACT = Category(
    name="contact",
    number=12,
    title="Contact",
    description="Whom to contact where a location is withheld.",
    fields=(Field("contact_unit", Kind.TEXT, "The unit to contact.", ("kindred",), plain=True),),
)
MATCHING = Category(
    name="matching",
    number=11,
    title="Matching",
    description="Why somebody may be whom a row is about: how well each comparison agrees, never a value.",
    fields=(
        Field("weight", Kind.INTEGER, "How strongly all comparisons together agree.", ("kindred",), plain=True),
        Field("comparisons", Kind.TEXT, "What each comparison adds.", ("kindred",), plain=True),
    ),
)
ORIGIN = Category(
    name=PROVENANCE,
    number=10,
    title="Provenance",
    description="Where the values of the other categories came from: the source, and the claim as the hub recorded it.",
    fields=(
        Field("source", Kind.TEXT, "The agency that stated it.", ("kindred",), locates=True, plain=True),
        # Not plain, like the two below: a row sent again for the sake of a grade alone changes them, and an account's
        # bytes must not change by that. The agency stays the same.
        Field("source_id", Kind.TEXT, "The number of the agency's own record.", ("kindred",), locates=True),
        Field("retrieved_at", Kind.INSTANT, "When the hub recorded what was stated.", ("kindred",), locates=True),
        Field("claim", Kind.TEXT, "Opaque id of the claim, in the caller's sector.", ("kindred",), locates=True),
    ),
)
DERIVED: tuple[Category, ...] = (MEMBERSHIP, KINSHIP, ACCESS_LOG, CONTACT, MATCHING, ORIGIN)
ALL: tuple[Category, ...] = CATEGORIES + DERIVED
BY_NAME: dict[str, Category] = {c.name: c for c in ALL}
BY_NUMBER: dict[int, Category] = {c.number: c for c in ALL}
