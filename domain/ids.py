"""Internal ids. None of them ever leaves the hub: what leaves is an outward id under a sector's key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NewType

PersonId = NewType("PersonId", int)
"""A person: positive, at most 58 bits, derived from the source key that founded it; never reused."""

HouseholdId = NewType("HouseholdId", int)
"""A household: positive, at most 58 bits, derived from the register's household number. It has no content."""

KeyHash = NewType("KeyHash", bytes)
"""HMAC (16 bytes) of a source key or of a national id."""

ID_BITS = 58


@dataclass(frozen=True, slots=True)
class SourceKey:
    """The key that a source gave a person: the agency's short name and its own number for that person."""

    agency: str
    source_id: str
