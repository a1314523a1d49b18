"""The opened root keys and the form of a sealed payload. Private to this room: others get a Sealer or an Unsealer.

A sealed payload is `format (1 byte) · key version (1) · nonce (12) · ciphertext · tag (16)`: AES-256-GCM (NIST SP
800-38D) with a random nonce; header and label are authenticated with it. Under a data key the version is 0: the
wrapped key that is stored beside the payload names the key. Random nonces allow 2**32 payloads per key: data keys are
far below it, and the wrapping key gets a new version before.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from domain.errors import Broken
from vault.provider import Root, RootKey, Roots

Compartment = Literal["docket", "protective", "cursor", "outbox", "ledger"]

CLEAR = 0
GCM = 1
NONCE_BYTES = 12
HEADER_BYTES = 2
_DATA_KEY = b"data key"
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


@dataclass(frozen=True, slots=True)
class _Keys:
    """All versions of one kind of key, and the header of what the newest seals."""

    by_version: dict[int, AESGCM]
    header: bytes

    @staticmethod
    def of(keys: tuple[RootKey, ...], form: int) -> _Keys:
        by_version = {key.version: AESGCM(key.secret) for key in keys}
        return _Keys(by_version, bytes((form, max(by_version))))

    def seal(self, plaintext: bytes, label: bytes) -> bytes:
        return seal(self.by_version[self.header[1]], self.header, plaintext, label)


class Ciphers:
    """All versions of the keys that seal, ready to use. `clear` is the tests' control: the same calls, no sealing.

    `renew` is called once when something is met that lies under a version not known here: another process may have
    made one since. It returns whether it brought anything.
    """

    __slots__ = ("_compartments", "_renew", "_wrapping", "clear", "data_header")

    def __init__(self, roots: Roots, renew: Callable[[], bool], *, clear: bool) -> None:
        self.clear = clear
        self._renew = renew
        self.data_header = bytes((CLEAR if clear else GCM, 0))
        self.adopt(roots)

    def adopt(self, roots: Roots) -> None:
        """Go on with these keys. What is being sealed meanwhile is sealed under the old newest or the new one."""
        form = self.data_header[0]
        self._wrapping = _Keys.of(roots[Root.WRAPPING], form)
        self._compartments: dict[str, _Keys] = {
            name.value: _Keys.of(roots[name], form)
            for name in (Root.DOCKET, Root.PROTECTIVE, Root.CURSOR, Root.OUTBOX, Root.LEDGER)
        }

    def wrap(self, key: bytes) -> bytes:
        """A data key under the newest wrapping key: 62 bytes."""
        return self._wrapping.seal(key, _DATA_KEY)

    def unwrap(self, wrapped: bytes) -> AESGCM:
        """The cipher of a wrapped data key. Raises Broken."""
        return AESGCM(self._unwrapped(wrapped))

    def rewrap(self, wrapped: bytes) -> bytes:
        """The same data key under the newest wrapping key; as it is if it lies under that. Raises Broken."""
        if wrapped[:HEADER_BYTES] == self._wrapping.header:
            return wrapped
        return self.wrap(self._unwrapped(wrapped))

    def _unwrapped(self, wrapped: bytes) -> bytes:
        key = self._open(lambda: self._wrapping, wrapped, _DATA_KEY)
        if len(key) != 32:
            raise Broken(cause="data key of wrong length")
        return key

    def seal_compartment(self, name: Compartment, plaintext: bytes, label: bytes) -> bytes:
        """Seal under the newest key of a compartment."""
        return self._compartments[name].seal(plaintext, label)

    def unseal_compartment(self, name: Compartment, sealed: bytes, label: bytes) -> bytes:
        """Open what any version of the compartment's key sealed. Raises Broken."""
        return self._open(lambda: self._compartments[name], sealed, label)

    def unseal(self, cipher: AESGCM, sealed: bytes, label: bytes) -> bytes:
        """Open what a data key sealed. Raises Broken."""
        if self.clear:
            return _in_clear(sealed)
        return unseal(cipher, sealed, label)

    def _open(self, keys: Callable[[], _Keys], sealed: bytes, label: bytes) -> bytes:
        if self.clear:
            return _in_clear(sealed)
        version = sealed[1] if len(sealed) > 1 else 0
        cipher = keys().by_version.get(version)
        if cipher is None and self._renew():
            cipher = keys().by_version.get(version)
        if cipher is None:
            raise Broken(cause="sealed under an unknown key version")
        return unseal(cipher, sealed, label)


def _in_clear(sealed: bytes) -> bytes:
    if len(sealed) < HEADER_BYTES or sealed[0] != CLEAR:
        raise Broken(cause="sealed payload of unknown form")
    return sealed[HEADER_BYTES:]
