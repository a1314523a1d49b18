"""The agencies' signing keys, signed documents, and the secrets that clients present.

Keys and secrets are random and stay in the country's folder: a country made again there keeps them. What the
agencies state is the same for the same options; ES256 signatures over it are not, for each has a random part.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import orjson
from joserfc import jws
from joserfc.jwk import ECKey

from simulator.country.options import Layout

KIDS = ("civil-1", "casework-1", "court-1")


class Signer:
    """Signs compact JWS with ES256 under the kids of the country."""

    def __init__(self, files: Layout) -> None:
        """The keys of the folder; they are made, and written with their public halves, where there are none."""
        if not files.private_keys.exists():
            made = [ECKey.generate_key("P-256", {"kid": kid, "use": "sig", "alg": "ES256"}) for kid in KIDS]
            write(files.private_keys, {"keys": [key.as_dict(private=True) for key in made]}, secret=True)
        kept = orjson.loads(files.private_keys.read_bytes())["keys"]
        self._keys = {kid: ECKey.import_key(next(k for k in kept if k["kid"] == kid)) for kid in KIDS}
        write(files.public_keys, {"keys": [key.as_dict(private=False) for key in self._keys.values()]})

    def sign(self, kid: str, payload: bytes) -> str:
        """A compact JWS of the payload."""
        return jws.serialize_compact({"alg": "ES256", "kid": kid}, payload, self._keys[kid], algorithms=["ES256"])


def credentials(files: Layout) -> dict[str, dict[str, str]]:
    """The secrets that clients present: kept where the country was made before, else random."""
    if files.credentials.exists():
        kept: dict[str, dict[str, str]] = orjson.loads(files.credentials.read_bytes())
        return kept
    made = {
        "tax": {"api_key": secrets.token_urlsafe(24)},
        "health": {"bearer": secrets.token_urlsafe(24)},
        "casework": {"api_key": secrets.token_urlsafe(24)},
        "control": {"key": secrets.token_urlsafe(24)},
    }
    write(files.credentials, made, secret=True)
    return made


def write(path: Path, value: object, secret: bool = False) -> None:
    """Write JSON by rename; a secret is never readable by others, not for a moment."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700 if secret and path.parent.name == "private" else 0o755)
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if secret else 0o644)
    with os.fdopen(handle, "wb") as file:
        file.write(orjson.dumps(value, option=orjson.OPT_INDENT_2) + b"\n")
    part.replace(path)
