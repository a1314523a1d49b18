"""Keyed hashes: HMAC-SHA256 (RFC 2104), a key of its own for each use, so that equal values never meet across uses.

National ids are few enough to be tried out: whoever holds these keys reads the hashes. Without them a hash tells
nothing but equality within one use.
"""

from __future__ import annotations

import hmac

from domain.ids import ID_BITS, HouseholdId, KeyHash, PersonId, SourceKey
from vault.ciphers import derive
from vault.provider import Root, Roots

HASH_BYTES = 16


class Keyed:
    """HMAC-SHA256 under one purpose's key, prepared once."""

    __slots__ = ("_base",)

    def __init__(self, secret: bytes, purpose: str) -> None:
        self._base = hmac.new(derive(secret, purpose), digestmod="sha256")

    def full(self, message: bytes) -> bytes:
        """32 bytes."""
        mac = self._base.copy()
        mac.update(message)
        return mac.digest()

    def short(self, message: bytes) -> bytes:
        """The first 16 bytes."""
        mac = self._base.copy()
        mac.update(message)
        return mac.digest()[:HASH_BYTES]


def packed(*parts: str) -> bytes:
    """Texts as one message that no other texts give: each with its length. Lone surrogates pass."""
    return "".join([f"{len(part)}:{part}" for part in parts]).encode("utf-8", "surrogatepass")


class Hasher:
    """Keyed hashes and derived ids. Everything is a function of keys and arguments. Safe to share between threads."""

    def __init__(self, roots: Roots) -> None:
        # The first version for good: hashes are looked up by value, so a new key means hashing everything anew
        # (docs/adr/0020). Search keys alone can be: they are derived from claims and lead to nothing but their person.
        hashing, digest = (roots[root][0].secret for root in (Root.HASHING, Root.DIGEST))
        self._national = Keyed(hashing, "national")
        self._source_key = Keyed(hashing, "source key")
        self._label = Keyed(hashing, "label")
        self._founding = Keyed(hashing, "founding")
        self._household = Keyed(hashing, "household")
        self._variables = Keyed(hashing, "variables")
        self._address = Keyed(hashing, "address")
        self.adopt(roots)
        self._row = Keyed(digest, "row")
        self._record = Keyed(digest, "record")
        self._position = Keyed(digest, "position")
        self._claim = Keyed(digest, "claim")

    def adopt(self, roots: Roots) -> None:
        """Go on with these search keys; everything else stays under its first version."""
        self._search = tuple(Keyed(key.secret, "search") for key in reversed(roots[Root.SEARCH]))

    def national(self, iin: str) -> KeyHash:
        """Of a national id as written (12 digits)."""
        return KeyHash(self._national.short(iin.encode("utf-8", "surrogatepass")))

    def source_key(self, key: SourceKey) -> KeyHash:
        """Of the key that a source gave a person."""
        message = f"{len(key.agency)}:{key.agency}{key.source_id}".encode("utf-8", "surrogatepass")
        return KeyHash(self._source_key.short(message))

    def search(self, compound: str) -> tuple[KeyHash, ...]:
        """Of a compound search string (already normalised): under every version of the search key that is kept, the
        newest first. People are stored, and looked for, under all of them."""
        message = compound.encode("utf-8", "surrogatepass")
        return tuple([KeyHash(key.short(message)) for key in self._search])

    def address(self, text: str) -> KeyHash:
        """Of an address (already normalised): who lives at the same one is told by it, so that it never changes."""
        return KeyHash(self._address.short(text.encode("utf-8", "surrogatepass")))

    def row(self, source: str, raw: bytes) -> bytes:
        """16 bytes: digest of a raw row as its source sent it."""
        return self._row.short(packed(source) + raw)

    def record(self, source: str, record_id: str, version: int) -> bytes:
        """16 bytes: which version of which source record."""
        return self._record.short(packed(source, record_id, str(version)))

    def position(self, source: str, cursor: str, index: int) -> bytes:
        """16 bytes: where a row stood: the cursor its page was asked with, and its index in the page."""
        return self._position.short(packed(source, cursor, str(index)))

    def claim(self, source: str, record_id: str, version: int, part: str) -> bytes:
        """16 bytes: a claim's idempotency key."""
        return self._claim.short(packed(source, record_id, str(version), part))

    def label(self, kind: str, value: str) -> bytes:
        """16 bytes: a keyed label (kinds, states, case numbers); labels of different kinds never meet."""
        return self._label.short(packed(kind, value))

    def founding(self, key: SourceKey, attempt: int = 0) -> PersonId:
        """The id of the person that this source key founds. `attempt` counts up where the id is taken already."""
        return PersonId(_id(self._founding.full(packed(key.agency, key.source_id, str(attempt)))))

    def household(self, agency: str, number: str) -> HouseholdId:
        """The id of a household, from the register's number."""
        return HouseholdId(_id(self._household.full(packed(agency, number))))

    def variables(self, canonical: bytes) -> str:
        """64 hex digits: a request's variables in canonical JSON, for the ledger."""
        return self._variables.full(canonical).hex()


def _id(mac: bytes) -> int:
    """Positive, at most 58 bits."""
    return (int.from_bytes(mac[:8], "big") >> (64 - ID_BITS)) or 1
