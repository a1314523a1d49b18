"""Outward ids: what leaves the hub in place of internal ids, under a sector's own key (AES-SIV, RFC 5297).

The same id gives the same text within a sector and an unrelated one in another. Decoding anything that this sector's
key did not make gives None: an id that does not decrypt goes on as one that names no one.

The key has versions. New ids are the newest's; an older version's are honoured for as long as whoever rotated said,
and then are like any other text. Every text is tried under every version that is kept, whatever it is, so that what an
id was under shows in nothing.
"""

from __future__ import annotations

import binascii
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

MAX_TEXT = 4096
"""Longer texts are not ours."""
_NUMBER_TEXT = 32
_STAND_IN = bytes(24)
_HONOURED: tuple[bytes, ...] = ()
_LAPSED: tuple[bytes, ...] = (b"lapsed",)
"""What is authenticated besides the label. Nothing was ever made under it: a version no longer honoured fails as
any text under any key does, and for the same price."""
_TO_URL = bytes.maketrans(b"+/", b"-_")
_FROM_URL = bytes.maketrans(b"-_", b"+/")


class OutwardIds:
    """Encodes and decodes under one sector's keys. Safe to share between threads.

    `keys`: every version kept, oldest first, each with whether it is honoured; the newest always is.
    """

    __slots__ = ("_keys", "_siv")

    def __init__(self, keys: Sequence[tuple[AESSIV, bool]]) -> None:
        self._siv, _ = keys[-1]
        self._keys = [(siv, _HONOURED if honoured else _LAPSED) for siv, honoured in keys[:-1]]
        self._keys.append((self._siv, _HONOURED))

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
        found = None
        label = form + typ.encode("utf-8", "surrogatepass")
        for siv, honoured in self._keys:
            try:
                found = siv.decrypt(raw, [label, *honoured])
            except (InvalidTag, ValueError):
                continue
        return found


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
