"""Cursors and outward ids of one caller. Another's, a made-up and a garbled cursor are all the same: no place."""

from __future__ import annotations

from collections.abc import Callable

from domain.ids import HouseholdId, PersonId
from domain.principals import Principal
from vault.outward import OutwardIds

NOWHERE = b""
"""A position that no item has."""


class CallerNames:
    """Reads the caller's ids and makes their cursors, bound to the caller and the connection. Names nobody: whoever is
    named to the caller is noted first, so that resolvers have this and the gate has `OutwardNames`.
    """

    def __init__(self, outward: OutwardIds, principal: Principal) -> None:
        self._outward = outward
        self._actor = principal.actor

    def person_of(self, text: str) -> PersonId | None:
        """The person an outward id names; None for anything else."""
        number = self._outward.decode("P", text)
        return PersonId(number) if number is not None else None

    def household_of(self, text: str) -> HouseholdId | None:
        """The household an outward id names; None for anything else."""
        number = self._outward.decode("H", text)
        return HouseholdId(number) if number is not None else None

    def log_entry(self, position: bytes) -> str:
        """Outward id of a log entry."""
        return self._outward.encode_bytes("L", position)

    def review(self, id: bytes) -> str:
        """Outward id of an identity review."""
        return self._outward.encode_bytes("R", id)

    def review_of(self, text: str) -> bytes | None:
        """The identity review an outward id names; None for anything else."""
        return self._outward.decode_bytes("R", text)

    def cursor(self, connection: str, position: bytes) -> str:
        """A cursor after `position` of a connection (its name and arguments)."""
        return self._outward.encode_bytes(self._bound(connection), position)

    def cursors(self, connection: str) -> Callable[[bytes], str]:
        """Makes the cursors of one connection."""
        return lambda position: self.cursor(connection, position)

    def position(self, connection: str, cursor: str | None) -> bytes | None:
        """The position in a cursor; None where no cursor was given, NOWHERE where it is not this caller's."""
        if cursor is None:
            return None
        position = self._outward.decode_bytes(self._bound(connection), cursor)
        return NOWHERE if position is None else position

    def _bound(self, connection: str) -> str:
        return f"C|{self._actor}|{connection}"


class OutwardNames(CallerNames):
    """Encodes ids under the caller's sector. For the gate alone, which notes whom it names."""

    def person(self, person: PersonId) -> str:
        """Outward id of a person."""
        return self._outward.encode("P", person)

    def household(self, household: HouseholdId) -> str:
        """Outward id of a household."""
        return self._outward.encode("H", household)

    def claim(self, claim: bytes) -> str:
        """Outward id of a claim."""
        return self._outward.encode_bytes("Q", claim)
