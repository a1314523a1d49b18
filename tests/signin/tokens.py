"""Made-up issuers and tokens for the tests of sign-in."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from joserfc import jws
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey

from domain.clock import FixedClock
from domain.ids import KeyHash
from domain.principals import Principal
from signin.key_set import PublicKey, parse_keys
from signin.verifier import Expected, TokenVerifier

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
SECOND = int(NOW.timestamp())
ISSUER = "https://issuer.example"
AUDIENCE = "kindred"
IIN = "850101300015"
OTHER_IIN = "850101300025"

EC = ECKey.generate_key("P-256", {"kid": "ec"})
ED = OKPKey.generate_key("Ed25519", {"kid": "ed"})
RSA = RSAKey.generate_key(2048, {"kid": "rsa"})
ALL: list[Key] = [EC, ED, RSA]


def hash_national(text: str) -> KeyHash:
    """Stands for the vault's keyed hash."""
    return KeyHash(hashlib.sha256(b"key" + text.encode()).digest()[:16])


def key_set(*keys: Key) -> bytes:
    """A published key set."""
    return json.dumps({"keys": [key.as_dict(private=False) for key in keys]}).encode()


class Laid:
    """A key source whose keys were laid out beforehand."""

    def __init__(self, content: bytes) -> None:
        self._keys: Mapping[str, PublicKey] = parse_keys(content)
        self.asked: list[str] = []

    async def key(self, kid: str) -> PublicKey | None:
        self.asked.append(kid)
        return self._keys.get(kid)

    async def close(self) -> None:
        """Nothing is held."""


def claims(**changes: Any) -> dict[str, Any]:
    """Good claims, changed; a change to None leaves the claim out."""
    good: dict[str, Any] = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": "officer-7",
        "iat": SECOND,
        "exp": SECOND + 3600,
        "jti": "token-1",
        "client_id": "front-end",
        "role": "caseworker",
        "agency": "support-centre-KZ-75",
        "unit": "second",
        "region": "KZ-75",
        "activities": ["family-card-review"],
        "national_id": IIN,
        "actor_kind": "human",
    }
    good.update(changes)
    return {name: value for name, value in good.items() if value is not None}


class _Anything(jws.JWSRegistry):
    """Signs with any algorithm and header, as an attacker would."""

    max_payload_length = 10**7
    max_header_length = 10**7

    def get_alg(self, name: str) -> Any:
        return self.algorithms[name]

    def check_header(self, header: Any) -> None:
        """Everything goes."""


def sign(payload: Mapping[str, Any] | bytes, key: Key = EC, alg: str = "ES256", **header: Any) -> str:
    """A token over claims (or raw bytes); a header parameter set to None is left out."""
    raw = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    full: dict[str, Any] = {"alg": alg, "typ": "at+jwt", "kid": key.kid, **header}
    shown = {name: value for name, value in full.items() if value is not None}
    return jws.serialize_compact(shown, raw, key, registry=_Anything())


def unsigned(header: Mapping[str, Any] | bytes, payload: Mapping[str, Any], signature: str = "") -> str:
    """A token put together by hand."""
    raw = header if isinstance(header, bytes) else json.dumps(header).encode()
    return f"{b64(raw)}.{b64(json.dumps(payload).encode())}.{signature}"


def b64(raw: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def shared_secret_token(payload: Mapping[str, Any], key: ECKey = EC) -> str:
    """The classic confusion of algorithms: HS256 with the public key's text as its secret, put together by hand."""
    signed = unsigned({"alg": "HS256", "typ": "at+jwt", "kid": key.kid}, payload).rstrip(".")
    return f"{signed}.{b64(hmac.digest(key.as_pem(private=False), signed.encode(), 'sha256'))}"


class Bench:
    """A verifier with its clock and keys at hand."""

    def __init__(self, content: bytes | None = None, *, remember: int = 16, **expected: Any) -> None:
        self.clock = FixedClock(NOW)
        self.keys = Laid(key_set(*ALL) if content is None else content)
        self.hashed: list[str] = []
        settings = Expected(ISSUER, AUDIENCE, **expected)
        self.verifier = TokenVerifier(settings, self.keys, self.clock, self._hash, remember=remember)

    def _hash(self, text: str) -> KeyHash:
        self.hashed.append(text)
        return hash_national(text)

    async def verify(self, token: str) -> Principal:
        """What the verifier makes of a token now."""
        return await self.verifier.verify(token)
