"""What each property may hold. The list is closed: a test compares it with a database.

CLEAR: internal ids, labels, link kind and year, sequence and instant, source names, wrapped keys, positions.
KEYED: hashes and digests under a key that is not in the database. SEALED: ciphertext under a data key.
Names are labels of nodes and types of relationships.
"""

from __future__ import annotations

from collections.abc import Mapping

_CATEGORIES = range(16)

CLEAR: Mapping[str, frozenset[str]] = {
    "Meta": frozenset({"one", "layout", "seq", "instant", "parted", "claims", "entries", "locked", "loading"}),
    "Batch": frozenset({"seq", "instant"}),
    "Key": frozenset({"source", "wrapped", "reason", "seq"}),
    "Claim": frozenset({"n", "kind", "source", "seq"}),
    "Person": frozenset({"id", "version", "wrapped", *(f"q{category}" for category in _CATEGORIES)}),
    "INTO": frozenset({"seq"}),
    "National": frozenset({"seq", "place"}),
    "Search": frozenset({"person"}),
    "LINK": frozenset({"place", "kind", "year", "since"}),
    "Household": frozenset({"id"}),
    "IN": frozenset({"place", "since"}),
    "PastDecision": frozenset({"person", "reason", "seq"}),
    "PastRecord": frozenset({"person", "category", "since", "until"}),
    "PastLink": frozenset({"person", "place", "other", "kind", "year", "since", "until"}),
    "PastMembership": frozenset({"person", "place", "household", "since", "until"}),
    "Cursor": frozenset({"source"}),
    "Outbox": frozenset({"n", "seq"}),
}

KEYED: Mapping[str, frozenset[str]] = {
    "Key": frozenset({"key"}),
    "Claim": frozenset({"claim"}),
    "National": frozenset({"hash"}),
    "Search": frozenset({"key"}),
    "Person": frozenset({"searches"}),
    "LINK": frozenset({"key"}),
    "PastDecision": frozenset({"key"}),
    "PastLink": frozenset({"key"}),
    "Mark": frozenset({"hash"}),
    "Outbox": frozenset({"entry"}),
}

SEALED: Mapping[str, frozenset[str]] = {
    "Claim": frozenset({"sealed"}),
    "Person": frozenset({"facts", *(f"r{category}" for category in _CATEGORIES)}),
    "LINK": frozenset({"sealed"}),
    "IN": frozenset({"sealed"}),
    "PastRecord": frozenset({"sealed"}),
    "PastLink": frozenset({"sealed"}),
    "PastMembership": frozenset({"sealed"}),
    "Cursor": frozenset({"sealed"}),
    "Outbox": frozenset({"sealed"}),
}
