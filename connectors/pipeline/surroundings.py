"""People as shapes, with those around them whose protection reaches them. Holds no Reader and no key."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from itertools import chain

import msgspec

from domain.errors import Broken
from domain.ids import HouseholdId, KeyHash, PersonId
from domain.records.payload import MembershipTerms
from graph.shapes import Facts, PersonShape
from policy.decision.validity import in_force

Stay = tuple[HouseholdId, MembershipTerms]
"""A household that somebody is or was of, and the terms."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Everyone in hand, as shapes, with those around them whose protection reaches them.

    `stays` opens somebody's memberships. Raises Broken or msgspec's error if one of them was altered.
    """

    facts: Facts
    stays: Callable[[PersonShape], Collection[Stay]]

    def keys(self) -> set[KeyHash]:
        """The hashes of all of them."""
        shapes = chain(self.facts.people.values(), self.facts.around.values())
        return {key for shape in shapes for key in shape.keys}

    def reached(self, graded: Collection[KeyHash], day: str) -> set[KeyHash]:
        """The hashes of those in hand whom a grade reaches by others: by a parent ever stated or a present co-resident.

        One step, as the gate counts it. Dates are opened only where a grade is near; what cannot be opened counts.
        """
        under: set[KeyHash] = set()
        for shape in self.facts.people.values():
            parents = (self._shape(person) for person in shape.parents)
            if any(_is_under(one, graded) for one in parents) or self._lives_with(shape, graded, day):
                under.update(shape.keys)
        return under

    def _lives_with(self, shape: PersonShape, graded: Collection[KeyHash], day: str) -> bool:
        homes = {row.household for row in shape.memberships}
        beside = {person for home in homes for person in self.facts.households.get(home, ())} - {shape.person}
        mates = [one for person in beside if (one := self._shape(person)) is not None and _is_under(one, graded)]
        if not mates:
            return False
        present = self._homes(shape, day)
        return any(not present.isdisjoint(self._homes(mate, day)) for mate in mates)

    def _homes(self, shape: PersonShape, day: str) -> set[HouseholdId]:
        """Where somebody lives today; wherever they ever did, if that cannot be opened."""
        try:
            return {home for home, terms in self.stays(shape) if in_force(terms.since, terms.until, day)}
        except (Broken, msgspec.MsgspecError):
            return {row.household for row in shape.memberships}

    def _shape(self, person: PersonId) -> PersonShape | None:
        return self.facts.people.get(person) or self.facts.around.get(person)


def together(found: Collection[Facts]) -> Facts:
    """Facts of several groups of people as of one."""
    return Facts(
        people={person: shape for one in found for person, shape in one.people.items()},
        around={person: shape for one in found for person, shape in one.around.items()},
        households={home: members for one in found for home, members in one.households.items()},
        at=min((one.at for one in found if one.at is not None), default=None),
    )


def _is_under(shape: PersonShape | None, graded: Collection[KeyHash]) -> bool:
    return shape is not None and any(key in graded for key in shape.keys)
