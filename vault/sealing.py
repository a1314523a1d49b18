"""Sealing: making data keys and putting plaintext under them. Gives no way back; that is `vault.unsealing`."""

from __future__ import annotations

import os

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from vault.ciphers import Ciphers, Compartment, seal
from vault.provider import KEY_BYTES


class DataKey:
    """A data key to seal with. `wrapped` is what is stored; the key itself is reachable in this room alone."""

    __slots__ = ("_cipher", "wrapped")

    def __init__(self, cipher: AESGCM, wrapped: bytes) -> None:
        self._cipher = cipher
        self.wrapped = wrapped


class Sealer:
    """Seals. Safe to share between threads."""

    __slots__ = ("_ciphers",)

    def __init__(self, ciphers: Ciphers) -> None:
        self._ciphers = ciphers

    def new_key(self) -> DataKey:
        """A fresh data key and its wrapped form, 62 bytes."""
        key = os.urandom(KEY_BYTES)
        return DataKey(AESGCM(key), self._ciphers.wrap(key))

    def reopen(self, wrapped: bytes) -> DataKey:
        """The data key of a wrapped form, to seal more under it. Raises Broken if it was altered."""
        return DataKey(self._ciphers.unwrap(wrapped), wrapped)

    def seal(self, key: DataKey, plaintext: bytes, label: bytes) -> bytes:
        """Seal under a data key. Whoever unseals must name the same `label` (what the payload is and where it hangs).

        30 bytes longer than the plaintext.
        """
        return seal(key._cipher, self._ciphers.data_header, plaintext, label)

    def seal_compartment(self, name: Compartment, plaintext: bytes, label: bytes) -> bytes:
        """Seal under a compartment's own key."""
        return self._ciphers.seal_compartment(name, plaintext, label)
