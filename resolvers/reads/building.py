"""The call by which lists of people become views; handed down, so that people, households and kin may nest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from domain.entries import Reach
from domain.ids import PersonId
from domain.wanted import Wanted
from resolvers.gate.gate import Gate
from resolvers.gate.known import Known
from resolvers.views.people import PersonView


class BuildPeople(Protocol):
    """See `resolvers.reads.people.person_views`."""

    async def __call__(
        self, gate: Gate, people: Sequence[Known], wanted: Wanted, reach: Mapping[PersonId, Reach]
    ) -> dict[PersonId, PersonView]:
        """Views of known people, by id."""
        ...


async def at_moment(gate: Gate, wanted: Wanted) -> Gate:
    """The gate, speaking of the moment that a root field's arguments name; the gate itself where they name none."""
    return await gate.at(wanted.arguments.get("as_of"), wanted.arguments.get("on"))


def person_wanted(selection: Wanted) -> Wanted:
    """What a member's or kin's selection asks of its person."""
    children = tuple(child for person in selection.named("person") for child in person.children)
    return Wanted("person", "person", {}, None, children)
