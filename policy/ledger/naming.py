"""Under which names people, cases and requests stand: a lasting one in the index, another in every entry's leaves.

Leaves are exported. Were a person's name alike in two of them, whoever knows of one look would find all the others,
quiet ones too. So nothing that stands for a person, a case, a warrant, a request, its variables or a token is alike in
two entries; the index, which never leaves the hub, has the lasting names by which entries are found.
"""

from __future__ import annotations

from domain.entries import Entry
from domain.ids import PersonId
from domain.principals import RoleName
from vault.key_ring import KeyRing

EPOCH = "1"
"""The period of the names written now; leaves carry it, so that it can change."""
EPOCHS: tuple[str, ...] = (EPOCH,)
"""Every period under which a person may stand in the index."""
_MARK = "~"


class Names:
    """Names under one key ring. Does no I/O; safe to share between threads."""

    def __init__(self, ring: KeyRing) -> None:
        self._label = ring.hasher.label
        self._pseudonyms = ring.pseudonyms()

    def position(self, key: str) -> bytes:
        """The stable name of the entry with this key: 16 bytes, keyed, alike in every replica."""
        return self._label("ledger entry", key)

    def person(self, person: PersonId, epoch: str = EPOCH) -> bytes:
        """Under which the index finds a person in one period: 16 bytes."""
        return self._pseudonyms.subject(person, epoch)

    def person_in(self, position: bytes, indexed: bytes) -> str:
        """Under which a leaf of the entry at `position` names whom the index has under `indexed`: 32 hex digits."""
        return self._pseudonyms.once(indexed, position).hex()

    def actor(self, actor: str, role: str) -> str:
        """How an actor stands in the index: an officer by id, a member of the public by a lasting pseudonym."""
        return self.public_actor(actor) if is_public(role) else actor

    def public_actor(self, actor: str) -> str:
        """A member of the public's lasting pseudonym as an actor."""
        return _MARK + self._pseudonyms.actor(actor, EPOCH).hex()

    def actor_in(self, position: bytes, indexed: str, role: str) -> str:
        """How a header leaf names whom the index has as `indexed`. Raises ValueError if that is no actor's name."""
        if not is_public(role):
            return indexed
        return _MARK + self.person_in(position, bytes.fromhex(indexed.removeprefix(_MARK)))

    def in_header(self, entry: Entry, position: bytes) -> dict[str, str | None]:
        """What a header leaf names by key, each 32 hex digits: None stays None, and the empty text empty."""
        named = {
            "case": entry.case,
            "warrant": entry.warrant,
            "request_id": entry.request_id,
            "variables_hash": entry.variables_hash,
            "token_id": entry.token_id,
        }
        return {
            kind: self._label(f"ledger {kind}", position.hex() + value).hex() if value else value
            for kind, value in named.items()
        }


def is_public(role: str) -> bool:
    """Whether actors of this role stand under a pseudonym."""
    return role == RoleName.FAMILY_MEMBER
