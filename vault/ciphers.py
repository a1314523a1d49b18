"""The opened root keys and the form of a sealed payload. Private to this room: others get a Sealer or an Unsealer.

A sealed payload is `format (1 byte) · key version (1) · nonce (12) · ciphertext · tag (16)`: AES-256-GCM (NIST SP
800-38D) with a random nonce; header and label are authenticated with it. Under a data key the version is 0: the
wrapped key that is stored beside the payload names the key. Random nonces allow 2**32 payloads per key: data keys are
far below it, and the wrapping key gets a new version before.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from domain.errors import Broken
from vault.provider import Root, RootKey

Compartment = Literal["docket", "protective", "cursor", "outbox", "ledger"]

CLEAR = 0
GCM = 1
NONCE_BYTES = 12
HEADER_BYTES = 2
_BODY = HEADER_BYTES + NONCE_BYTES
_LEAST = _BODY + 16


def derive(secret: bytes, purpose: str, length: int = 32) -> bytes:
    """A key for one purpose from a root secret: HKDF-Expand (RFC 5869) over SHA-256, as roots are uniform already."""
    return HKDFExpand(SHA256(), length, b"kindred/1/" + purpose.encode()).derive(secret)


def seal(cipher: AESGCM, header: bytes, plaintext: bytes, label: bytes) -> bytes:
    """Seal under a key; in clear where the header's format says so (tests' positive control)."""
    if header[0] == CLEAR:
        return header + plaintext
    nonce = os.urandom(NONCE_BYTES)
    return header + nonce + cipher.encrypt(nonce, plaintext, header + label)


def unseal(cipher: AESGCM, sealed: bytes, label: bytes) -> bytes:
    """Open a payload of format GCM. Raises Broken if it was altered, cut or sealed under another key or label."""
    if len(sealed) < _LEAST or sealed[0] != GCM:
        raise Broken(cause="sealed payload of unknown form")
    try:
        return cipher.decrypt(sealed[HEADER_BYTES:_BODY], sealed[_BODY:], sealed[:HEADER_BYTES] + label)
    except InvalidTag:
        raise Broken(cause="sealed payload does not verify") from None


class Ciphers:
    """All versions of the keys that seal, ready to use. `clear` is the tests' control: the same calls, no sealing."""

    __slots__ = ("_compartments", "_wrapping", "clear", "data_header", "newest", "wrap_header")

    def __init__(self, roots: Mapping[Root, tuple[RootKey, ...]], *, clear: bool) -> None:
        self.clear = clear
        form = CLEAR if clear else GCM
        self._wrapping = _by_version(roots[Root.WRAPPING])
        self._compartments: dict[str, dict[int, AESGCM]] = {
            name.value: _by_version(roots[name])
            for name in (Root.DOCKET, Root.PROTECTIVE, Root.CURSOR, Root.OUTBOX, Root.LEDGER)
        }
        self.newest = {name: bytes((form, max(keys))) for name, keys in self._compartments.items()}
        self.wrap_header = bytes((form, max(self._wrapping)))
        self.data_header = bytes((form, 0))

    def wrap(self, key: bytes) -> bytes:
        """A data key under the newest wrapping key: 62 bytes."""
        return seal(self._wrapping[self.wrap_header[1]], self.wrap_header, key, b"data key")

    def unwrap(self, wrapped: bytes) -> AESGCM:
        """The cipher of a wrapped data key. Raises Broken."""
        key = self._open(self._wrapping, wrapped, b"data key")
        if len(key) != 32:
            raise Broken(cause="data key of wrong length")
        return AESGCM(key)

    def seal_compartment(self, name: Compartment, plaintext: bytes, label: bytes) -> bytes:
        """Seal under the newest key of a compartment."""
        header = self.newest[name]
        return seal(self._compartments[name][header[1]], header, plaintext, label)

    def unseal_compartment(self, name: Compartment, sealed: bytes, label: bytes) -> bytes:
        """Open what any version of the compartment's key sealed. Raises Broken."""
        return self._open(self._compartments[name], sealed, label)

    def unseal(self, cipher: AESGCM, sealed: bytes, label: bytes) -> bytes:
        """Open what a data key sealed. Raises Broken."""
        if self.clear:
            return _in_clear(sealed)
        return unseal(cipher, sealed, label)

    def _open(self, keys: dict[int, AESGCM], sealed: bytes, label: bytes) -> bytes:
        if self.clear:
            return _in_clear(sealed)
        cipher = keys.get(sealed[1]) if len(sealed) > 1 else None
        if cipher is None:
            raise Broken(cause="sealed under an unknown key version")
        return unseal(cipher, sealed, label)


def _by_version(keys: tuple[RootKey, ...]) -> dict[int, AESGCM]:
    return {key.version: AESGCM(key.secret) for key in keys}


def _in_clear(sealed: bytes) -> bytes:
    if len(sealed) < HEADER_BYTES or sealed[0] != CLEAR:
        raise Broken(cause="sealed payload of unknown form")
    return sealed[HEADER_BYTES:]
