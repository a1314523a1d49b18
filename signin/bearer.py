"""The `Authorization` header (RFC 6750, section 2.1)."""

from __future__ import annotations

from signin.refusal import unauthenticated


def bearer_token(authorization: str | None) -> str:
    """The token of an `Authorization: Bearer …` header.

    Raises Refused(UNAUTHENTICATED) for a missing header, another scheme or anything but one token. A scheme that binds
    tokens (`DPoP`) is refused like any other: a bound token must not serve as a plain bearer.
    """
    if not authorization:
        raise unauthenticated("no authorization header")
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer":
        raise unauthenticated("another scheme than bearer")
    token = token.strip(" ")
    if not token or " " in token or "," in token:
        raise unauthenticated("not one token")
    return token
