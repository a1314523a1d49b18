"""Signed notes (C2SP signed-note) with Ed25519: how the ledger's checkpoints are signed and checked offline.

A note is text ending in a newline, an empty line, and signature lines `— name base64(key id · signature)`. The key id
is the first four bytes of SHA-256 over name, newline, 0x01 and the public key; a verifier key is `name+id+base64(0x01 ·
public key)`, as Go's `sumdb/note` reads it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from domain.errors import Broken, Invalid

_ED25519 = b"\x01"
_MARK = "\N{EM DASH} "
MAX_NOTE = 1_000_000
MAX_SIGNATURES = 100


class CheckpointSigner:
    """Signs notes under one name. `verifier` is the public key to hand out."""

    __slots__ = ("_id", "_key", "name", "verifier")

    def __init__(self, seed: bytes, name: str) -> None:
        if not name or "+" in name or any(c.isspace() for c in name):
            raise Invalid(field="name", cause="a signer's name has no blanks and no plus sign")
        self.name = name
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        public = _ED25519 + self._key.public_key().public_bytes_raw()
        self._id = _key_id(name, public)
        self.verifier = f"{name}+{self._id.hex()}+{base64.b64encode(public).decode()}"

    def sign(self, text: str) -> str:
        """The signed note over `text`, which must end in a newline. Raises Invalid for text that no note can hold."""
        if not _is_note_text(text):
            raise Invalid(field="text", cause="text cannot stand in a note")
        signature = self._id + self._key.sign(text.encode())
        return f"{text}\n{_MARK}{self.name} {base64.b64encode(signature).decode()}\n"


def open_note(note: str, verifier: str) -> str:
    """The text of a note that `verifier` signed. Raises Broken if no line is its signature, Invalid for a bad key.

    Lines of other signers are passed over, so that witnesses may add theirs.
    """
    name, key_id, key = _parse_verifier(verifier)
    text, signatures = _split(note)
    for line in signatures:
        parts = line.removeprefix(_MARK).split(" ")
        if not line.startswith(_MARK) or len(parts) != 2:
            raise Broken(cause="note with a malformed signature line")
        raw = _base64(parts[1])
        if raw is None or len(raw) < 5:
            raise Broken(cause="note with a malformed signature")
        if parts[0] == name and raw[:4] == key_id:
            return _verified(text, raw[4:], key)
    raise Broken(cause="note not signed by this key")


def _verified(text: str, signature: bytes, key: Ed25519PublicKey) -> str:
    try:
        key.verify(signature, text.encode())
    except InvalidSignature:
        raise Broken(cause="signature of a note does not verify") from None
    return text


def _split(note: str) -> tuple[str, list[str]]:
    at = note.rfind("\n\n")
    text, lines = note[: at + 1], note[at + 2 :]
    if at < 0 or len(note) > MAX_NOTE or not lines.endswith("\n") or not _is_note_text(text):
        raise Broken(cause="not a signed note")
    signatures = lines[:-1].split("\n")
    if len(signatures) > MAX_SIGNATURES:
        raise Broken(cause="note with too many signatures")
    return text, signatures


def _parse_verifier(verifier: str) -> tuple[str, bytes, Ed25519PublicKey]:
    parts = verifier.strip().split("+", 2)
    public = _base64(parts[2]) if len(parts) == 3 else None
    if public is None or len(public) != 33 or public[:1] != _ED25519:
        raise Invalid(field="key", cause="not a verifier key")
    key_id = _key_id(parts[0], public)
    if parts[1] != key_id.hex():
        raise Invalid(field="key", cause="verifier key whose id does not fit")
    return parts[0], key_id, Ed25519PublicKey.from_public_bytes(public[1:])


def _key_id(name: str, public: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + public).digest()[:4]


def _is_note_text(text: str) -> bool:
    if not text.endswith("\n") or len(text) > MAX_NOTE:
        return False
    if any(ord(c) < 0x20 and c != "\n" for c in text):
        return False
    return not any(0xD800 <= ord(c) <= 0xDFFF for c in text)


def _base64(text: str) -> bytes | None:
    try:
        return base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, ValueError):
        return None
