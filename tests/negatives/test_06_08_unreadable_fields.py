"""6 to 8: nothing can be filtered, sorted or aggregated by a field that the caller may not read."""

from __future__ import annotations

from graphql import GraphQLEnumType, GraphQLObjectType

from schema.engine import build

PUBLIC_ARGUMENTS = {
    "Query.node": {"id"},
    "Query.me": {"asOf", "on"},
    "Query.person": {"id", "asOf", "on"},
    "Query.household": {"id", "asOf", "on"},
    "Query.kin": {"of", "depth", "families", "first", "after", "asOf", "on"},
    "Query.findPerson": {"nationalId", "name", "birthDate", "first", "after", "asOf", "on"},
    "Query.kinPath": {"from", "to", "depth", "families", "asOf", "on"},
    "Kin.term": {"language"},
    "KinStep.term": {"language"},
    "Query.accessLog": {"first", "after", "about", "actor", "activity", "decision"},
    "Query.myAccessLog": {"about", "first", "after"},
    "Query.identityBlastRadius": {"review", "person", "first", "after"},
    "Query.identityReviews": {"merged", "first", "after"},
    "Mutation.resolveIdentity": {"review", "version", "decision", "person", "other", "reason"},
    "Query.processingActivities": {"language"},
    "Query._entities": {"representations"},
    "Household.members": {"first", "after"},
    "Person.kin": {"depth", "families", "first", "after"},
}
"""Every argument there is. Whoever adds one decides here whether it filters by what a caller may not read.

`asOf` and `on` do filter, by instants and dates: only by such as the caller may read (tests/moments/test_days.py).
"""


def test_no_argument_filters_sorts_or_aggregates() -> None:
    """What can be asked with is ids, pages, public kinds of link, and for a search what the caller already knows."""
    schema, _ = build()
    found = {}
    for name, kind in schema.type_map.items():
        if isinstance(kind, GraphQLObjectType) and not name.startswith("__"):
            for field, definition in kind.fields.items():
                if definition.args:
                    found[f"{name}.{field}"] = set(definition.args)
    assert found == PUBLIC_ARGUMENTS
    families = schema.type_map["Family"]
    assert isinstance(families, GraphQLEnumType)
    assert set(families.values) == {"PARENT", "PARTNER", "GUARDIAN"}


def test_no_field_aggregates() -> None:
    """The one count there is, is of what was authorised."""
    schema, _ = build()
    words = ("sum", "avg", "average", "min", "max", "group", "aggregate", "histogram", "total")
    for name, kind in schema.type_map.items():
        if isinstance(kind, GraphQLObjectType) and not name.startswith("__"):
            for field in kind.fields:
                lowered = field.lower()
                hit = any(lowered.startswith(word) for word in words)
                assert not hit or (name, field) in {("Disability", "group")} or field == "totalCount", (name, field)
