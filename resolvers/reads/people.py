"""Building views of people: all ids of a depth together, then their households, then those households' members."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from domain.entries import Reach
from domain.ids import PersonId
from domain.records.catalogue import BY_NAME, CATEGORIES
from domain.records.category import PROVENANCE
from domain.wanted import Wanted
from resolvers.gate.gate import Gate
from resolvers.gate.known import Known
from resolvers.reads.households import attach_households
from resolvers.reads.kinship import attach_kin
from resolvers.views.people import PersonView

_RECORDS = frozenset(category.name for category in CATEGORIES)


async def person_views(
    gate: Gate, people: Sequence[Known], wanted: Wanted, reach: Mapping[PersonId, Reach]
) -> dict[PersonId, PersonView]:
    """Views of people who passed `know`, with whatever `wanted` names and the caller may see.

    `reach` tells for each whether they were asked for or merely listed. The calls made depend on `wanted` alone.
    """
    views = {known.person: PersonView(gate.show(known, reach[known.person])) for known in people}
    fields = wanted_records(wanted)
    if fields:
        records = await gate.read(people, fields)
        for person, categories in records.items():
            for name, items in categories.items():
                if items:
                    setattr(views[person], name, items if BY_NAME[name].many else items[0])
    if wanted.has("contact_unit"):
        for known in people:
            views[known.person].contact_unit = gate.contact(known)
    await attach_households(gate, people, views, wanted, person_views)
    await attach_kin(gate, people, views, wanted, person_views)
    return views


def wanted_records(wanted: Wanted) -> dict[str, frozenset[str]]:
    """Category → outward fields that the selection names. `__typename` alone asks for nothing and gets nothing."""
    fields: dict[str, set[str]] = {}
    for child in wanted.named(*_RECORDS):
        names = {leaf.name for leaf in child.children} & {*BY_NAME[child.name].outward(), PROVENANCE}
        fields.setdefault(child.name, set()).update(names)
    return {name: frozenset(names) for name, names in fields.items() if names}
