"""Verifying access tokens (RFC 9068 over RFC 7515), strictly.

Whatever is wrong with a token, the caller learns one thing: UNAUTHENTICATED. The private cause is a fixed phrase.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import msgspec
from joserfc import jws
from joserfc.errors import JoseError, UnsupportedAlgorithmError

from domain.clock import Clock
from domain.errors import Invalid
from domain.principals import Principal
from signin.claims import Claims, Header, claims_of, header_of
from signin.key_set import KEY_KINDS, PublicKey
from signin.key_source import KeySource
from signin.principal import HashNational, principal_of
from signin.refusal import unauthenticated
from signin.remembered import Remembered

MAX_TOKEN = 8 * 1024
TYPES = frozenset({"at+jwt", "application/at+jwt"})
MAX_SKEW = timedelta(seconds=60)
REMEMBERED_FOR = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Expected:
    """What a token must say to be accepted.

    `algorithms`: any of ES256, Ed25519 and its older name EdDSA. `skew`: how far the issuer's clock may run ahead of
    ours (at most 60 s); it never prolongs a token. `lifetime`: the longest from issue to expiry. `sectors`: agency →
    sector. `require_person`: whether tokens must hold their holder's national id (`principal_of`). Raises Invalid,
    naming the field, for values outside these bounds.
    """

    issuer: str
    audience: str
    algorithms: frozenset[str] = frozenset({"ES256", "Ed25519", "EdDSA"})
    skew: timedelta = MAX_SKEW
    lifetime: timedelta = timedelta(hours=12)
    sectors: Mapping[str, str] = field(default_factory=dict)
    require_person: bool = True

    def __post_init__(self) -> None:
        if not self.algorithms or not self.algorithms <= KEY_KINDS.keys():
            raise Invalid(field="algorithms", cause="algorithm not among those supported")
        if not timedelta(0) <= self.skew <= MAX_SKEW:
            raise Invalid(field="skew", cause="skew out of bounds")
        if not timedelta(0) < self.lifetime <= timedelta(days=1):
            raise Invalid(field="lifetime", cause="lifetime out of bounds")
        if not self.issuer or not self.audience:
            raise Invalid(field="issuer", cause="issuer and audience must be named")


class _Allowed(jws.JWSRegistry):
    """Exactly the expected algorithms. The library's own choice would warn about EdDSA, which issuers still send."""

    max_header_length = MAX_TOKEN
    max_payload_length = MAX_TOKEN

    def get_alg(self, name: str) -> Any:
        if name not in (self.allowed or ()):
            raise UnsupportedAlgorithmError()
        return self.algorithms[name]


class TokenVerifier:
    """Turns a token's text into a Principal. Safe for any number of concurrent calls on one event loop.

    A verified token is remembered for at most 60 s and never beyond its expiry, so an issuer's withdrawn key stops
    counting within that time after the key source notices. `remember`: how many tokens at most; 0 verifies each time.
    """

    def __init__(
        self,
        expected: Expected,
        keys: KeySource,
        clock: Clock,
        hash_national: HashNational,
        *,
        remember: int = 4096,
    ) -> None:
        self._expected = expected
        self._keys = keys
        self._clock = clock
        self._hash_national = hash_national
        self._registry = _Allowed(algorithms=expected.algorithms)
        self._remembered = Remembered(remember)

    async def verify(self, token: str) -> Principal:
        """The principal of a bearer token. Raises Refused(UNAUTHENTICATED) for any token that is not fully right."""
        if len(token) > MAX_TOKEN:
            raise unauthenticated("too large")
        if not token.isascii():
            raise unauthenticated("not ascii")
        now = self._clock.now()
        digest = hashlib.sha256(token.encode("ascii")).digest()
        known = self._remembered.get(digest, now)
        if known is not None:
            return known
        claims = await self._authentic(token)
        now = self._clock.now()  # fetching keys may have taken a while
        self._check_claims(claims, now)
        expected = self._expected
        principal = principal_of(claims, expected.sectors, self._hash_national, require_person=expected.require_person)
        self._remembered.put(digest, principal, now, min(now + REMEMBERED_FOR, principal.expires))
        return principal

    async def _authentic(self, token: str) -> Claims:
        """The claims of a token whose signature holds."""
        header = header_of(token)
        self._check_header(header)
        key = await self._keys.key(header.kid)
        if key is None:
            raise unauthenticated("unknown key")
        if not key.serves(header.alg):
            raise unauthenticated("key for another algorithm")
        return claims_of(self._payload(token, key))

    def _check_header(self, header: Header) -> None:
        if header.typ.lower() not in TYPES:
            raise unauthenticated("typ")
        if header.alg not in self._expected.algorithms:
            raise unauthenticated("alg")

    def _payload(self, token: str, key: PublicKey) -> bytes:
        try:
            payload = jws.deserialize_compact(token, key.key, registry=self._registry).payload
        except (JoseError, ValueError, TypeError, RecursionError):
            raise unauthenticated("signature") from None
        if payload is None:
            raise unauthenticated("no payload")
        return payload

    def _check_claims(self, claims: Claims, now: datetime) -> None:
        expected = self._expected
        if claims.cnf is not msgspec.UNSET:
            raise unauthenticated("bound token as bearer")
        if claims.iss != expected.issuer:
            raise unauthenticated("iss")
        if expected.audience not in claims.audiences():
            raise unauthenticated("aud")
        present = now.timestamp()
        latest = present + expected.skew.total_seconds()
        if claims.exp <= present:
            raise unauthenticated("expired")
        if claims.iat > latest or (claims.nbf is not None and claims.nbf > latest):
            raise unauthenticated("not yet valid")
        if not 0 < claims.exp - claims.iat <= expected.lifetime.total_seconds():
            raise unauthenticated("lifetime")
