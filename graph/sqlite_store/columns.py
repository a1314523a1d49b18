"""What each column may hold. The list is closed: a test compares it with the tables.

CLEAR: internal ids, labels, link kind and year, sequence and instant, source names, wrapped keys, positions.
KEYED: hashes and digests under a key that is not in the file. SEALED: ciphertext under a data key.
"""

from __future__ import annotations

from collections.abc import Mapping

CLEAR: Mapping[str, frozenset[str]] = {
    "meta": frozenset({"layout", "parted"}),
    "batch": frozenset({"seq", "instant"}),
    "source_key": frozenset({"source", "wrapped", "person", "reason", "seq"}),
    "claim": frozenset({"n", "kind", "source", "seq"}),
    "person": frozenset({"id", "version", "wrapped"}),
    "national": frozenset({"person", "seq", "place"}),
    "search": frozenset({"person"}),
    "record": frozenset({"id", "since"}),
    "record_past": frozenset({"id", "since", "until"}),
    "link": frozenset({"person", "place", "other", "kind", "year", "since"}),
    "link_past": frozenset({"person", "place", "other", "kind", "year", "since", "until"}),
    "membership": frozenset({"person", "place", "household", "since"}),
    "membership_past": frozenset({"person", "place", "household", "since", "until"}),
    "decision_past": frozenset({"seq", "person", "reason"}),
    "moved": frozenset({"person", "target", "seq", "named"}),
    "cursor": frozenset({"source"}),
    "outbox": frozenset({"n", "seq"}),
}

KEYED: Mapping[str, frozenset[str]] = {
    "source_key": frozenset({"key"}),
    "claim": frozenset({"claim", "key"}),
    "national": frozenset({"hash"}),
    "search": frozenset({"key"}),
    "link": frozenset({"key"}),
    "link_past": frozenset({"key"}),
    "decision_past": frozenset({"key"}),
    "mark": frozenset({"hash"}),
    "outbox": frozenset({"entry"}),
}

SEALED: Mapping[str, frozenset[str]] = {
    "claim": frozenset({"sealed"}),
    "person": frozenset({"facts"}),
    "record": frozenset({"sealed"}),
    "record_past": frozenset({"sealed"}),
    "link": frozenset({"sealed"}),
    "link_past": frozenset({"sealed"}),
    "membership": frozenset({"sealed"}),
    "membership_past": frozenset({"sealed"}),
    "cursor": frozenset({"sealed"}),
    "outbox": frozenset({"sealed"}),
}
