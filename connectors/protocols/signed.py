"""Signatures of agencies: compact JWS (RFC 7515), ES256 alone, by a key that the agency published under its `kid`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from connectors.agencies.agency import Reason, bad
from domain.errors import Unavailable

_ALGORITHMS = ["ES256"]


class Keys:
    """An agency's public keys. Without any, nothing verifies."""

    def __init__(self, published: Mapping[str, Any] | None) -> None:
        keys = [ECKey.import_key(dict(key)) for key in (published or {}).get("keys", ()) if key.get("kty") == "EC"]
        self._keys = {str(key.kid): key for key in keys if key.kid}

    def payload(self, compact: str) -> bytes | None:
        """What was signed; None if no key of the agency's signed it. A header without `kid` names no key."""
        try:
            kid = jws.extract_compact(compact.encode("ascii")).headers().get("kid")
            if not isinstance(kid, str) or kid not in self._keys:
                return None
            return jws.deserialize_compact(compact, self._keys[kid], algorithms=_ALGORITHMS).payload
        except (JoseError, ValueError, TypeError, KeyError):
            return None

    def document(self, compact: str) -> Mapping[str, Any]:
        """The JSON object of a signed document. Raises Skip (BAD_SIGNATURE, or BAD_SHAPE if it is no object)."""
        payload = self.payload(compact)
        if payload is None:
            raise bad(Reason.BAD_SIGNATURE)
        try:
            content = json.loads(payload)
        except (ValueError, RecursionError):
            raise bad(Reason.BAD_SHAPE) from None
        if not isinstance(content, dict):
            raise bad(Reason.BAD_SHAPE)
        return content


def digest(header: Any, message: Any) -> str:
    """What a DCI signature signs: the SHA-256 of header and message in canonical JSON, lower-case hex."""
    text = json.dumps({"header": header, "message": message}, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def signed(private_key: Mapping[str, Any], payload: str) -> str:
    """A compact JWS by our own key (a private JWK with a `kid`)."""
    key = ECKey.import_key(dict(private_key))
    return jws.serialize_compact({"alg": "ES256", "kid": private_key["kid"]}, payload, key, algorithms=_ALGORITHMS)


def verify_envelope(keys: Keys, envelope: Mapping[str, Any]) -> None:
    """Check the signature of a DCI envelope. Raises Unavailable if it is missing or does not hold: nothing is taken."""
    signature = envelope.get("signature")
    payload = keys.payload(signature) if isinstance(signature, str) else None
    expected = digest(envelope.get("header"), envelope.get("message"))
    if payload is None or payload != expected.encode():
        raise Unavailable(cause="the answer's signature does not hold")
