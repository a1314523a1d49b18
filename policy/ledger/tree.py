"""The Merkle tree of RFC 6962 (section 2.1), as its right edge alone: enough to append and to tell the root."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()
"""The root of a tree without leaves (RFC 6962)."""


def leaf_hash(leaf: bytes) -> bytes:
    """SHA-256 over 0x00 and the leaf."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256 over 0x01 and both children's hashes."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Frontier:
    """The roots of the perfect subtrees that make up a tree of `size` leaves, the largest first.

    A tree of n leaves has as many peaks as n has one bits, so that state and cost of an append stay logarithmic.
    """

    __slots__ = ("peaks", "size")

    def __init__(self, size: int = 0, peaks: Iterable[bytes] = ()) -> None:
        self.size = size
        self.peaks = list(peaks)
        if len(self.peaks) != size.bit_count():
            raise ValueError("peaks do not fit the size")

    @classmethod
    def load(cls, size: int, packed: bytes) -> Frontier:
        """From `size` and what `dump` gave. Raises ValueError if they do not fit each other."""
        if len(packed) != HASH_BYTES * size.bit_count():
            raise ValueError("peaks do not fit the size")
        return cls(size, (packed[at : at + HASH_BYTES] for at in range(0, len(packed), HASH_BYTES)))

    def dump(self) -> bytes:
        """The peaks, joined."""
        return b"".join(self.peaks)

    def add(self, leaf: bytes) -> None:
        """Append a leaf by its hash."""
        merging, hashed = self.size, leaf
        while merging & 1:
            hashed = node_hash(self.peaks.pop(), hashed)
            merging >>= 1
        self.peaks.append(hashed)
        self.size += 1

    def root(self) -> bytes:
        """The tree's root hash, 32 bytes."""
        if not self.peaks:
            return EMPTY_ROOT
        root = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            root = node_hash(peak, root)
        return root


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The root over leaf hashes in order."""
    frontier = Frontier()
    for leaf in leaves:
        frontier.add(leaf)
    return frontier.root()
