"""What the ledger is told when a decision is carried out: sealed on its way, with a key that follows from the order."""

from __future__ import annotations

from datetime import datetime

from docket.dossiers import ReviewDossier
from domain.entries import Act, Entry
from domain.packing import packed
from domain.records.payload import outbox_label
from graph.shapes import OutboxRow
from vault.key_ring import KeyRing

ACTOR = "system:identity"
_ACTIVITY = "identity"


def carried_out(
    ring: KeyRing,
    order: ReviewDossier,
    act: Act,
    at: datetime,
    sequence: int,
    policy_hash: str,
    what: dict[str, object],
) -> OutboxRow:
    """The entry of an order that is carried out: carried again it is the same entry. It names the review alone."""
    choice = order.review.approval or order.review.choice
    made = choice.on if choice is not None else order.version
    key = ring.hasher.label(f"entry|identity|{act}", f"{order.id.hex()}|{made}")
    entry = Entry(
        key=key.hex(),
        act=act,
        at=at,
        actor=ACTOR,
        acting_for=None,
        client="kindred",
        agency=order.review.source,
        unit=None,
        role="system",
        activity=_ACTIVITY,
        purpose=_ACTIVITY,
        basis="public-task",
        case=None,
        warrant=None,
        decision="permit",
        reason=None,
        request_id=key.hex(),
        document_hash="",
        variables_hash="",
        token_id="",
        graph_sequence=sequence,
        policy_hash=policy_hash,
        quiet=order.review.cleared,
        sealed={"review": order.id.hex(), **what},
    )
    return OutboxRow(key, ring.sealer.seal_compartment("outbox", packed(entry), outbox_label(key)))
