"""Pseudonyms under which the ledger's index finds entries: keyed, and different in each period."""

from __future__ import annotations

from domain.ids import PersonId
from vault.hashing import Keyed, packed
from vault.provider import Root, Roots


class Pseudonyms:
    """16-byte pseudonyms of people and actors. Two periods' pseudonyms cannot be joined without the key."""

    __slots__ = ("_actor", "_once", "_subject")

    def __init__(self, roots: Roots) -> None:
        secret = roots[Root.PSEUDONYM][0].secret
        self._subject = Keyed(secret, "subject")
        self._actor = Keyed(secret, "actor")
        self._once = Keyed(secret, "once")

    def subject(self, person: PersonId, period: str = "") -> bytes:
        """Of a person, in a period (any text, such as `2026`)."""
        return self._subject.short(packed(str(person), period))

    def actor(self, actor: str, period: str = "") -> bytes:
        """Of who acted."""
        return self._actor.short(packed(actor, period))

    def once(self, pseudonym: bytes, entry: bytes) -> bytes:
        """Of whoever stands under a pseudonym (16 bytes), in one entry alone: two entries' names tell no likeness."""
        return self._once.short(pseudonym + entry)
