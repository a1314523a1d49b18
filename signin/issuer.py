"""The development issuer: a key in a file and tokens on demand, for demos and tests. Never for a real hub.

Its tokens take the same way through the verifier as any issuer's; only the settings name it.
"""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from domain.errors import Invalid, Unavailable
from domain.principals import RoleName

ALGORITHM = "ES256"
FIELD = "KINDRED_DEVELOPMENT_KEY"
DEVELOPMENT = "kindred_development"
"""Member of the published key set that marks it as a development issuer's; readers pass over it (RFC 7517, 5)."""


class DevelopmentIssuer:
    """Signs access tokens (RFC 9068) with an ES256 key of its own.

    Its text form names the issuer alone: neither key nor token ever shows in a log by accident.
    """

    def __init__(self, key: ECKey, issuer: str, audience: str) -> None:
        self._key = key
        self._issuer = issuer
        self._audience = audience
        self._kid = key.thumbprint()

    def __repr__(self) -> str:
        return f"DevelopmentIssuer({self._issuer!r})"

    @classmethod
    def open(cls, path: Path | str, issuer: str, audience: str) -> DevelopmentIssuer:
        """The issuer whose private key (a JWK) is in a file; a missing file is made, mode 0600.

        Two processes that start together end with the same key. Raises Invalid for a file that group or others may
        read or that holds no such key, Unavailable if it cannot be read or made.
        """
        file = Path(path)
        if not file.exists():
            _make(file)
        return cls(_read(file), issuer, audience)

    def issue(
        self,
        *,
        actor: str,
        role: RoleName | str,
        agency: str,
        activities: Iterable[str],
        now: datetime,
        lifetime: timedelta = timedelta(hours=8),
        client: str = "kindred-development",
        unit: str | None = None,
        region: str | None = None,
        person: str | None = None,
        human: bool = True,
        acting_for: str | None = None,
        token_id: str | None = None,
    ) -> str:
        """A signed token, valid from `now` for `lifetime`.

        `person`: the actor's own national id (IIN). `acting_for`: on whose behalf the actor acts; the token is then
        about them, and names the actor in `act` (RFC 8693). `token_id`: drawn at random unless given. Nothing is
        checked here: whether such a token is accepted is the verifier's decision alone.
        """
        issued = int(now.timestamp())
        claims: dict[str, Any] = {
            "iss": self._issuer,
            "sub": actor if acting_for is None else acting_for,
            "aud": self._audience,
            "iat": issued,
            "exp": issued + int(lifetime.total_seconds()),
            "jti": token_id or secrets.token_urlsafe(16),
            "client_id": client,
            "role": str(role),
            "agency": agency,
            "activities": sorted(activities),
            "actor_kind": "human" if human else "service",
        }
        own = {"national_id": person} if person is not None else {}
        optional = {"unit": unit, "region": region}
        claims.update({name: value for name, value in optional.items() if value is not None})
        claims.update(own if acting_for is None else {"act": {"sub": actor, **own}})
        header = {"alg": ALGORITHM, "typ": "at+jwt", "kid": self._kid}
        return jwt.encode(header, claims, self._key, algorithms=[ALGORITHM])

    def jwks(self) -> dict[str, Any]:
        """The public key as a key set (RFC 7517)."""
        public = self._key.as_dict(private=False)
        return {"keys": [{**public, "kid": self._kid, "use": "sig", "alg": ALGORITHM}], DEVELOPMENT: True}

    def write_jwks(self, path: Path | str) -> None:
        """Write the key set to a file, whole or not at all."""
        target = Path(path)
        draft = target.with_name(f"{target.name}.{secrets.token_hex(8)}")
        draft.write_bytes(msgspec.json.encode(self.jwks()))
        draft.replace(target)


def _make(path: Path) -> None:
    """Write a fresh key under a name of its own and link it into place, so that nobody ever reads half a key."""
    key = ECKey.generate_key("P-256", auto_kid=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    try:
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as stream:
            stream.write(msgspec.json.encode(key.as_dict(private=True)))
        try:
            os.link(draft, path)
        except FileExistsError:
            return  # another process was first; its key counts
        finally:
            draft.unlink()
    except OSError as error:
        raise Unavailable(field=FIELD, cause=f"key file not made: errno {error.errno}") from None


def _read(path: Path) -> ECKey:
    try:
        with path.open("rb") as stream:
            mode = os.fstat(stream.fileno()).st_mode
            if not stat.S_ISREG(mode) or mode & 0o077:
                raise Invalid(field=FIELD, fix="keys.mode_0600", cause="key file open to group or others")
            content = stream.read()
    except OSError as error:
        raise Unavailable(field=FIELD, cause=f"key file not read: errno {error.errno}") from None
    try:
        key = ECKey.import_key(msgspec.json.decode(content, type=dict[str, str | list[str]]))
        usable = key.is_private and key.curve_name == "P-256"
    except (JoseError, ValueError, TypeError, msgspec.DecodeError):
        usable = False
    if not usable:
        raise Invalid(field=FIELD, fix="keys.not_a_key", cause="file holds no private P-256 key")
    return key
