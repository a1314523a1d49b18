"""Unsealing: imported by `resolvers/gate/`, `connectors/pipeline/{candidates,folding}`, the docket's opener alone."""

from __future__ import annotations

from typing import NewType

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from vault.ciphers import Compartment
from vault.key_ring import KeyRing

OpenedKey = NewType("OpenedKey", AESGCM)
"""A data key, opened for the length of one request; never kept from one request to the next."""


class Unsealer:
    """Opens what a ring's Sealer sealed. Keeps nothing between calls. Safe to share between threads."""

    __slots__ = ("_ciphers",)

    def __init__(self, ring: KeyRing) -> None:
        self._ciphers = ring._ciphers

    def key(self, wrapped: bytes) -> OpenedKey:
        """Open a wrapped data key, to unseal several payloads with. Raises Broken."""
        return OpenedKey(self._ciphers.unwrap(wrapped))

    def unseal(self, wrapped: bytes, sealed: bytes, label: bytes) -> bytes:
        """The plaintext. Raises Broken if key or payload was altered, or was sealed under another label."""
        return self._ciphers.unseal(self._ciphers.unwrap(wrapped), sealed, label)

    def unseal_with(self, key: OpenedKey, sealed: bytes, label: bytes) -> bytes:
        """As `unseal`, with a key opened before. Raises Broken."""
        return self._ciphers.unseal(key, sealed, label)

    def unseal_compartment(self, name: Compartment, sealed: bytes, label: bytes) -> bytes:
        """What was sealed in a compartment. Raises Broken if altered, of another compartment or label."""
        return self._ciphers.unseal_compartment(name, sealed, label)
