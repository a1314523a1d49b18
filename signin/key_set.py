"""A published key set (RFC 7517), read with suspicion: verification keys of the supported kinds, by key id."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey

KEY_KINDS: Mapping[str, tuple[str, str]] = {
    "ES256": ("EC", "P-256"),
    "Ed25519": ("OKP", "Ed25519"),
    "EdDSA": ("OKP", "Ed25519"),
}
"""Algorithm → kind and curve of its keys. RFC 9864 renamed EdDSA with this curve to Ed25519; both names are met."""

MAX_KEYS = 32


@dataclass(frozen=True, slots=True)
class PublicKey:
    """One verification key of an issuer. `alg`: the only algorithm its publisher allows for it, None if unsaid."""

    key: ECKey | OKPKey
    kind: tuple[str, str]
    alg: str | None

    def serves(self, alg: str) -> bool:
        """Whether a token signed with `alg` may be checked with this key."""
        if KEY_KINDS.get(alg) != self.kind:
            return False
        return self.alg is None or KEY_KINDS.get(self.alg) == self.kind


_KINDS: Mapping[str, type[ECKey] | type[OKPKey]] = {"EC": ECKey, "OKP": OKPKey}


class _Published(msgspec.Struct):
    kty: str
    kid: str = ""
    crv: str = ""
    x: str = ""
    y: str = ""
    use: str = "sig"
    alg: str | None = None
    d: str | None = None


class _KeySet(msgspec.Struct):
    keys: list[msgspec.Raw]


def parse_keys(content: bytes) -> Mapping[str, PublicKey]:
    """Key id → key of a published key set.

    Keys of other kinds or uses and keys without an id are passed over, and so is one published with its private part:
    everybody holds that. Of keys with one id the first counts. Raises ValueError (without content) for anything that
    is not a key set, or one of more than 32 keys.
    """
    try:
        published = msgspec.json.decode(content, type=_KeySet).keys
    except (UnicodeError, msgspec.DecodeError, RecursionError):
        raise ValueError("not a key set") from None
    if len(published) > MAX_KEYS:
        raise ValueError("too many keys")
    keys: dict[str, PublicKey] = {}
    for raw in published:
        found = _parse_key(raw)
        if found is not None:
            keys.setdefault(*found)
    return keys


def _parse_key(raw: msgspec.Raw) -> tuple[str, PublicKey] | None:
    try:
        stated = msgspec.json.decode(raw, type=_Published)
    except (UnicodeError, msgspec.DecodeError, RecursionError):
        return None
    kind = (stated.kty, stated.crv)
    if not stated.kid or stated.use != "sig" or stated.d is not None or kind not in KEY_KINDS.values():
        return None
    numbers = {"kty": stated.kty, "crv": stated.crv, "x": stated.x}
    try:
        key = _KINDS[stated.kty].import_key({**numbers, "y": stated.y} if stated.kty == "EC" else {**numbers})
        _ = key.public_key  # a point off the curve shows only now
    except (JoseError, ValueError, TypeError):
        return None
    return stated.kid, PublicKey(key, kind, stated.alg)
