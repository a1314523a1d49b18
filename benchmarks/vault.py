"""The vault: microseconds for keys, sealing, unsealing and outward ids, of which every card and claim needs some."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from domain.ids import PersonId
from vault.key_ring import KeyRing
from vault.provider import FileProvider
from vault.unsealing import Unsealer

_CALLS = 2_000
_LABEL = b"record|123456|3"
_PAYLOAD = bytes(160)


def measure(folder: Path, repeats: int) -> dict[str, float]:
    """CPU microseconds a call, the median over the repeats."""
    ring = KeyRing.open(FileProvider(folder / "vault-keys.json", create=True))
    unsealer, sealer, outward = Unsealer(ring), ring.sealer, ring.outward("benchmark")
    key = sealer.new_key()
    opened, sealed = unsealer.key(key.wrapped), sealer.seal(key, _PAYLOAD, _LABEL)
    person = PersonId(123_456)
    name = outward.encode("P", person)
    calls: dict[str, Callable[[], object]] = {
        "new data key": sealer.new_key,
        "open a data key": lambda: unsealer.key(key.wrapped),
        "seal 160 bytes": lambda: sealer.seal(key, _PAYLOAD, _LABEL),
        "unseal 160 bytes": lambda: unsealer.unseal_with(opened, sealed, _LABEL),
        "outward id": lambda: outward.encode("P", person),
        "read an outward id": lambda: outward.decode("P", name),
    }
    return {what: median(_microseconds(call) for _ in range(repeats)) for what, call in calls.items()}


def _microseconds(call: Callable[[], object]) -> float:
    began = time.process_time_ns()
    for _ in range(_CALLS):
        call()
    return (time.process_time_ns() - began) / _CALLS / 1e3
