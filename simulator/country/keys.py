"""The agencies' signing keys and signed documents.

The keys derive from the seed, and signatures are deterministic (RFC 6979), so that two countries of the same
options are equal byte for byte. They protect nothing but a synthetic country on loopback.
"""

from __future__ import annotations

import base64
import os
import secrets
from pathlib import Path

import orjson
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from joserfc.jwk import ECKey

from simulator.chance import digest
from simulator.country.options import Layout

KIDS = ("civil-1", "casework-1", "court-1")
_ORDER_OF_P256 = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_DETERMINISTIC = ec.ECDSA(SHA256(), deterministic_signing=True)


class Signer:
    """Signs compact JWS with ES256 under the kids of the country."""

    def __init__(self, seed: int) -> None:
        self._keys = {}
        for kid in KIDS:
            secret = (digest(seed, "key", kid, 0) << 128 | digest(seed, "key", kid, 1)) % (_ORDER_OF_P256 - 1) + 1
            self._keys[kid] = ec.derive_private_key(secret, ec.SECP256R1())

    def sign(self, kid: str, payload: bytes) -> str:
        """A compact JWS of the payload."""
        header = orjson.dumps({"alg": "ES256", "kid": kid})
        signed = _b64(header) + b"." + _b64(payload)
        r, s = decode_dss_signature(self._keys[kid].sign(signed, _DETERMINISTIC))
        return (signed + b"." + _b64(r.to_bytes(32, "big") + s.to_bytes(32, "big"))).decode()

    def jwks(self, private: bool) -> dict[str, object]:
        """The keys as a JWK set."""
        found: list[dict[str, object]] = []
        for kid, key in self._keys.items():
            raw = ECKey.import_key(key).as_dict(private=private)
            found.append({**raw, "kid": kid, "use": "sig", "alg": "ES256"})
        return {"keys": found}

    def write(self, files: Layout) -> None:
        """The public set for clients, the private one for this country alone."""
        write(files.public_keys, self.jwks(False))
        write(files.private_keys, self.jwks(True), secret=True)


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


def _b64(raw: bytes) -> bytes:
    return base64.urlsafe_b64encode(raw).rstrip(b"=")
