"""Blinding: a keyed permutation of 16-byte hashes, so that a store's index cannot be joined with another store's.

A hash is one AES block, so that one pass of AES-256 over many hashes (each block by itself, a pseudo-random
permutation) blinds them all for the price of one call. It is used for uniform hashes only, never for content.
"""

from __future__ import annotations

from collections.abc import Sequence

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import ECB

from vault.hashing import HASH_BYTES


class Blinder:
    """Blinds hashes under one compartment's key. Safe to share between threads."""

    __slots__ = ("_cipher",)

    def __init__(self, key: bytes) -> None:
        self._cipher = Cipher(AES256(key), ECB())  # noqa: S305  (blocks are uniform hashes, each permuted by itself)

    def blind(self, hashes: Sequence[bytes]) -> list[bytes]:
        """The blinded form of each 16-byte hash, in order. Raises ValueError for hashes of another length."""
        if any(len(each) != HASH_BYTES for each in hashes):
            raise ValueError("a hash has 16 bytes")
        joined = self._cipher.encryptor().update(b"".join(hashes))
        return [joined[at : at + HASH_BYTES] for at in range(0, len(joined), HASH_BYTES)]
