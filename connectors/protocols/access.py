"""How one agency is reached: address, credentials, keys, and the bounds that every call keeps. Built by the wiring."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class AgencyAccess:
    """Access to one agency.

    `base_url`: scheme, host and port, no path. `headers` go with every call (`X-Road-Client`, `X-Api-Key`,
    `Authorization`). `signing_key`: our private ES256 key as a JWK with its `kid`, where requests are signed; `keys`:
    the agency's public keys as a JWK set, where answers or documents are. `page_size`: rows asked for and taken in
    together; it must not change between a killed pull and the next, or rows of the torn page look like repeats.
    Seconds: `timeout` of one attempt, `wait` before the second one (doubled each time, at most 5).
    """

    base_url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    signing_key: Mapping[str, Any] | None = field(default=None, repr=False)
    keys: Mapping[str, Any] | None = None
    page_size: int = 500
    timeout: float = 30.0
    attempts: int = 4
    wait: float = 0.2
    max_bytes: int = 32 * 1024 * 1024
