"""A person who passed the first question."""

from __future__ import annotations

from dataclasses import dataclass

from domain.ids import PersonId
from resolvers.gate.opening import OpenPerson


@dataclass(frozen=True, slots=True)
class Known:
    """A person whom the caller may know is here, with the standing that decides what else they may see."""

    open: OpenPerson
    standing: int

    @property
    def person(self) -> PersonId:
        """Internal id."""
        return self.open.person
