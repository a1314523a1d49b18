"""A set of keyed hashes as one property: Neo4j keeps no lists of bytes."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

_decoder = msgspec.msgpack.Decoder(list[bytes])


def packed(hashes: Iterable[bytes]) -> bytes | None:
    """The set as a property; None, which is no property, for the empty one."""
    ordered = sorted(set(hashes))
    return msgspec.msgpack.encode(ordered) if ordered else None


def unpacked(value: bytes | None) -> set[bytes]:
    """The set that a property holds."""
    return set(_decoder.decode(value)) if value is not None else set()
