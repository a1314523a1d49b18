"""Outward ids: what leaves the hub in place of internal ids, under a sector's own key (AES-SIV, RFC 5297).

The same id gives the same text within a sector and an unrelated one in another. Decoding anything that this sector's
key did not make gives None: an id that does not decrypt goes on as one that names no one.
"""

from __future__ import annotations

import binascii

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

MAX_TEXT = 4096
"""Longer texts are not ours."""
_NUMBER_TEXT = 32
_STAND_IN = bytes(24)
_TO_URL = bytes.maketrans(b"+/", b"-_")
_FROM_URL = bytes.maketrans(b"-_", b"+/")


class OutwardIds:
    """Encodes and decodes under one sector's key. Safe to share between threads."""

    __slots__ = ("_siv",)

    def __init__(self, key: bytes) -> None:
        self._siv = AESSIV(key)

    def encode(self, typ: str, number: int) -> str:
        """32 characters (base64url) for a non-negative number of at most 64 bits."""
        return _text(self._siv.encrypt(number.to_bytes(8, "big"), [b"n" + typ.encode()]))

    def encode_bytes(self, typ: str, data: bytes) -> str:
        """A text for at most 3,000 bytes (cursors, ids of log entries); its length tells the data's length."""
        return _text(self._siv.encrypt(b"\x01" + data, [b"b" + typ.encode()]))

    def decode(self, typ: str, text: object) -> int | None:
        """The number that `encode` put in under this sector and type; None for any other text. Never raises.

        Malformed texts cost the same decryption as well-formed ones.
        """
        raw = _raw(text) if isinstance(text, str) and len(text) == _NUMBER_TEXT else None
        data = self._open(b"n", typ, _STAND_IN if raw is None else raw)
        return int.from_bytes(data, "big") if data is not None else None

    def decode_bytes(self, typ: str, text: object) -> bytes | None:
        """The data that `encode_bytes` put in under this sector and type; None for any other text. Never raises."""
        raw = _raw(text) if isinstance(text, str) and len(text) <= MAX_TEXT else None
        data = self._open(b"b", typ, _STAND_IN if raw is None else raw)
        return data[1:] if data is not None else None

    def _open(self, form: bytes, typ: str, raw: bytes) -> bytes | None:
        try:
            return self._siv.decrypt(raw, [form + typ.encode("utf-8", "surrogatepass")])
        except (InvalidTag, ValueError):
            return None


def _text(raw: bytes) -> str:
    return binascii.b2a_base64(raw, newline=False).rstrip(b"=").translate(_TO_URL).decode("ascii")


def _raw(text: str) -> bytes | None:
    """The bytes of a base64url text in its one canonical spelling, else None."""
    try:
        body = text.encode("ascii").translate(_FROM_URL)
        raw = binascii.a2b_base64(body + b"=" * (-len(body) % 4), strict_mode=True)
    except ValueError:
        return None
    return raw if _text(raw) == text else None
