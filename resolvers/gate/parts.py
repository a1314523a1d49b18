"""What the gate works with. Made once, by the wiring; request contexts hold a gate and never these."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from docket.port import Docket
from domain.clock import Clock
from domain.principals import Principal
from graph.port import Reader
from policy.activity import Activity
from policy.decision.table import DecisionTable
from policy.ledger.ledger import Ledger
from resolvers.gate.opening import Opener
from vault.key_ring import KeyRing

Carry = Callable[[bytes], Awaitable[None]]
Settle = Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class GateParts:
    """`request_id` names one request of a principal: random in production, derived in tests that compare worlds.
    `carry` carries out what was ordered in a review; it knows nothing of the gate, and is given a review's id alone.
    `settle` brings entries of alterations that were cut off before the ledger had them into it; it is bounded.
    """

    reader: Reader
    docket: Docket
    ledger: Ledger
    ring: KeyRing
    opener: Opener
    table: DecisionTable
    activities: Mapping[str, Activity]
    clock: Clock
    request_id: Callable[[Principal], str]
    contact_unit: str
    carry: Carry
    settle: Settle
