"""What the ledger is told of a page: that it was collected, and that source keys were found to be one person."""

from __future__ import annotations

from datetime import datetime

from connectors.agencies.agency import Agency
from connectors.pipeline.deciding import MATCHED, NEW, Verdict
from docket.dossiers import Outcome
from domain.entries import Act, Entry
from domain.packing import packed
from domain.records.payload import outbox_label
from graph.shapes import OutboxRow
from vault.key_ring import KeyRing

_ACTIVITY = "collection"


def outcomes(verdict: Verdict) -> dict[Outcome, int]:
    """How many rows of a page had each outcome."""
    counted = dict.fromkeys(Outcome, 0)
    for judged in verdict.rows:
        counted[judged.outcome] += 1
    return counted


def decisions(verdict: Verdict, reason: str) -> int:
    """How many source keys with a national id were decided for this reason; those weighed are counted by themselves."""
    return sum(1 for key, (_, why) in verdict.decisions.items() if why == reason and key not in verdict.weighed)


def unmatched(verdict: Verdict) -> int:
    """How many reports name a side that is joined to nobody: no national id, and nobody found by weight."""
    return sum(
        any(
            iin is None and key not in judged.reached
            for matter in judged.row.said.protective
            for key, iin in zip(matter.keys, matter.national_ids, strict=True)
        )
        for judged in verdict.rows
        if judged.outcome is Outcome.PROTECTIVE and judged.row.said is not None
    )


def outbox(
    ring: KeyRing, agency: Agency, asked: str, verdict: Verdict, at: datetime, sequence: int, policy_hash: str
) -> tuple[OutboxRow, ...]:
    """One collection entry for the page, and one combination entry if keys were matched, sealed.

    Their keys follow from agency and cursor, so that a page taken in again after a kill makes the same entries.
    """
    counted = {str(outcome): count for outcome, count in outcomes(verdict).items()}
    told: dict[Act, dict[str, object]] = {Act.COLLECTION: {"rows": counted, "new": decisions(verdict, NEW)}}
    matched = decisions(verdict, MATCHED)
    if matched or verdict.weighed:
        told[Act.COMBINATION] = {"matched": matched, "weighed": len(verdict.weighed)}
    rows = []
    for act, what in told.items():
        key = ring.hasher.label(f"entry|{act}", f"{agency.name}|{asked}")
        entry = _entry(key.hex(), act, agency, at, sequence, policy_hash, what)
        rows.append(OutboxRow(key, ring.sealer.seal_compartment("outbox", packed(entry), outbox_label(key))))
    return tuple(rows)


def _entry(
    key: str,
    act: Act,
    agency: Agency,
    at: datetime,
    sequence: int,
    policy_hash: str,
    sealed: dict[str, object],
) -> Entry:
    return Entry(
        key=key,
        act=act,
        at=at,
        actor=f"system:connector-{agency.name}",
        acting_for=None,
        client="kindred",
        agency=agency.name,
        unit=None,
        role="system",
        activity=_ACTIVITY,
        purpose=_ACTIVITY,
        basis="public-task",
        case=None,
        warrant=None,
        decision="permit",
        reason=None,
        request_id=key,
        document_hash="",
        variables_hash="",
        token_id="",
        graph_sequence=sequence,
        policy_hash=policy_hash,
        quiet=agency.protective,
        sealed=sealed,
    )
