"""The issuer's keys as the settings name them, looked at before anything is served."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from domain.errors import Invalid, Unavailable
from kindred.settings import PREFIX, Settings
from signin.issuer import DEVELOPMENT
from signin.key_set import parse_keys
from signin.key_source import MAX_BYTES, FileKeys, KeySource, UrlKeys

_FIELD = f"{PREFIX}JWKS"
_NEVER_REAL = ".invalid"
"""The top-level domain that no issuer can have (RFC 2606); the demo's issuer has it."""


def token_keys(settings: Settings) -> KeySource:
    """Where verification keys come from.

    Raises Unavailable for a file that cannot be read, Invalid for settings that name none, for a file without a usable
    key, and, unless demo or development is set, for the development issuer's own name or keys: with those left over
    from a trial, whoever has its key file could sign for anybody. What an address serves is only seen at the first
    token.
    """
    real = not (settings.demo or settings.development)
    if settings.jwks is None:
        raise Invalid(field=_FIELD, fix="name_the_keys", cause="no keys of the issuer named")
    if real and _never_real(settings.issuer or ""):
        raise Invalid(field=f"{PREFIX}ISSUER", fix="development_only", cause="the development issuer's name")
    if settings.jwks.startswith(("https://", "http://")):
        return UrlKeys(settings.jwks)
    path = Path(settings.jwks)
    _check(path, real=real)
    return FileKeys(path)


def _never_real(issuer: str) -> bool:
    try:
        host = urlsplit(issuer).hostname or issuer
    except ValueError:
        return False
    return host.rstrip(".").lower().endswith(_NEVER_REAL)


def _check(path: Path, *, real: bool) -> None:
    try:
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        number = error.errno if isinstance(error, OSError) else None
        raise Unavailable(field=_FIELD, fix="name_the_keys", cause=f"key set not read: errno {number}") from None
    try:
        usable = len(content) <= MAX_BYTES and bool(parse_keys(content))
    except ValueError:
        usable = False
    if not usable:
        raise Invalid(field=_FIELD, fix="name_the_keys", cause="the file holds no usable key set")
    if real and DEVELOPMENT in msgspec.json.decode(content, type=dict[str, msgspec.Raw]):
        raise Invalid(field=_FIELD, fix="development_only", cause="the development issuer's keys")
