"""What stands in a token: a JWS header and the claims of an access token (RFC 9068), in their closed shapes."""

from __future__ import annotations

import base64
import binascii
from typing import Annotated

import msgspec

from signin.refusal import unauthenticated

Text = Annotated[str, msgspec.Meta(min_length=1, max_length=256)]
Seconds = Annotated[int, msgspec.Meta(ge=0, le=2**40)]


class Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The header parameters that are understood. Any other (`crit`, `jwk`, `jku`, `b64`, …) refuses the token: keys
    and rules of reading never come from the token itself."""

    alg: Text
    typ: Text
    kid: Text
    cty: str | None = None
    x5t: str | None = None
    x5t_s256: str | None = msgspec.field(default=None, name="x5t#S256")


class Actor(msgspec.Struct, frozen=True):
    """The `act` claim (RFC 8693, section 4.1): who acts, on behalf of the token's `sub`.

    `national_id` is the actor's own, as the token's is its subject's. Earlier actors (an `act` in here) are ignored.
    """

    sub: Text
    national_id: Text | None = None


class Claims(msgspec.Struct, frozen=True):
    """The claims that are read; others are ignored. Dates are whole seconds since 1970 (NumericDate without parts).

    Without `act` the subject (`sub`) acts for themself. `actor_kind` is of whoever acts.
    `cnf` (RFC 7800) binds a token to a key that its bearer would have to prove; its mere presence is kept.
    """

    iss: Text
    sub: Text
    aud: Text | Annotated[list[Text], msgspec.Meta(max_length=16)]
    exp: Seconds
    iat: Seconds
    jti: Text
    client_id: Text
    role: Text
    agency: Text
    activities: Annotated[list[Text], msgspec.Meta(max_length=64)]
    nbf: Seconds | None = None
    unit: Text | None = None
    region: Text | None = None
    national_id: Text | None = None
    actor_kind: Text | None = None
    act: Actor | None = None
    cnf: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET

    def audiences(self) -> tuple[str, ...]:
        """Whom the token is for, as a tuple whichever of its two forms was used."""
        return (self.aud,) if isinstance(self.aud, str) else tuple(self.aud)

    def texts(self) -> tuple[str, ...]:
        """Every text that may later stand in an entry or a log."""
        optional = (self.unit, self.region, self.actor_kind, self.act.sub if self.act else None)
        required = (self.sub, self.jti, self.client_id, self.role, self.agency)
        return (*required, *self.activities, *(text for text in optional if text is not None))


_HEADER = msgspec.json.Decoder(Header)
_CLAIMS = msgspec.json.Decoder(Claims)


def header_of(token: str) -> Header:
    """The header of a compact JWS, unverified. Raises Refused for anything that is not one."""
    parts = token.split(".")
    if len(parts) != 3:
        raise unauthenticated("not a compact jws")
    try:
        padded = parts[0] + "=" * (-len(parts[0]) % 4)
        return _HEADER.decode(base64.b64decode(padded.encode("ascii"), b"-_", validate=True))
    except (UnicodeError, binascii.Error, msgspec.DecodeError, RecursionError):
        raise unauthenticated("header shape") from None


def claims_of(payload: bytes) -> Claims:
    """The claims in a verified payload. Raises Refused for a missing claim or another shape.

    The parser's own message may quote the payload and is dropped.
    """
    try:
        claims = _CLAIMS.decode(payload)
    except (UnicodeError, msgspec.DecodeError, RecursionError):
        raise unauthenticated("claims shape") from None
    if not all(text.isprintable() for text in claims.texts()):
        raise unauthenticated("unprintable text")
    return claims
