"""Signatures of agencies: compact JWS (RFC 7515), ES256 alone, by a key that the agency published under its `kid`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from connectors.agencies.agency import Reason, Signed, bad, issued_by
from domain.errors import Unavailable

_ALGORITHMS = ["ES256"]


class Keys:
    """An agency's public keys. Without any, nothing verifies."""

    def __init__(self, published: Mapping[str, Any] | None) -> None:
        keys = [ECKey.import_key(dict(key)) for key in (published or {}).get("keys", ()) if key.get("kty") == "EC"]
        self._keys = {str(key.kid): key for key in keys if key.kid}

    def opened(self, compact: str) -> tuple[str, bytes] | None:
        """Whose key signed (its `kid`), and what; None if no key of these did. A header without `kid` names no key."""
        try:
            kid = jws.extract_compact(compact.encode("ascii")).headers().get("kid")
            if not isinstance(kid, str) or kid not in self._keys:
                return None
            return kid, jws.deserialize_compact(compact, self._keys[kid], algorithms=_ALGORITHMS).payload
        except (JoseError, ValueError, TypeError, KeyError):
            return None

    def document(self, compact: str) -> Signed:
        """A signed document: a JSON object. Raises Skip (BAD_SIGNATURE, or BAD_SHAPE if it is no object)."""
        opened = self.opened(compact)
        if opened is None:
            raise bad(Reason.BAD_SIGNATURE)
        try:
            content = json.loads(opened[1])
        except (ValueError, RecursionError):
            raise bad(Reason.BAD_SHAPE) from None
        if not isinstance(content, dict):
            raise bad(Reason.BAD_SHAPE)
        return Signed(opened[0], content)


def digest(header: Any, message: Any) -> str:
    """What a DCI signature signs: the SHA-256 of header and message in canonical JSON, lower-case hex."""
    text = json.dumps({"header": header, "message": message}, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def signed(private_key: Mapping[str, Any], payload: str) -> str:
    """A compact JWS by our own key (a private JWK with a `kid`)."""
    key = ECKey.import_key(dict(private_key))
    return jws.serialize_compact({"alg": "ES256", "kid": private_key["kid"]}, payload, key, algorithms=_ALGORITHMS)


def verify_envelope(keys: Keys, issuer: str, envelope: Mapping[str, Any]) -> None:
    """Check the signature of a DCI envelope. Raises Unavailable if it is missing, does not hold, or is by a key of
    another issuer than the registry: nothing is taken.
    """
    signature = envelope.get("signature")
    opened = keys.opened(signature) if isinstance(signature, str) else None
    expected = digest(envelope.get("header"), envelope.get("message"))
    if opened is None or not issued_by(opened[0], issuer) or opened[1] != expected.encode():
        raise Unavailable(cause="the answer's signature does not hold")
