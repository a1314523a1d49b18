"""What the ledger is told of a page: that it was collected, and that source keys were found to be one person."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from connectors.agencies.agency import Agency
from connectors.pipeline.deciding import MATCHED, NEW, Verdict
from connectors.pipeline.weighing import is_enough
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
    """How many reports name a side by number alone: no national id, and too little to weigh. Whether somebody was found
    for the others is not counted: it would tell whom the hub knows."""
    return sum(
        any(
            one.national_id is None and not is_enough(one)
            for matter in judged.row.said.protective
            for one in matter.people
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
        actor = f"system:connector-{agency.name}"
        quiet = agency.protective
        rows.append(
            sealed_row(ring, _entry(key.hex(), act, agency.name, actor, at, sequence, policy_hash, what, quiet))
        )
    return tuple(rows)


def upkeep(
    ring: KeyRing, act: Act, name: str, at: datetime, told: dict[str, object], sequence: int = 0, policy_hash: str = ""
) -> Entry:
    """What an operator's command did, or one batch of it; `name` tells it from every other, so that it comes once."""
    key = ring.hasher.label(f"entry|{act}", name)
    entry = _entry(key.hex(), act, "kindred", "system:operator", at, sequence, policy_hash, told)
    return replace(entry, activity=act.value, purpose=act.value)


def sealed_row(ring: KeyRing, entry: Entry) -> OutboxRow:
    """An entry on its way to the ledger by a store's outbox."""
    key = bytes.fromhex(entry.key)
    return OutboxRow(key, ring.sealer.seal_compartment("outbox", packed(entry), outbox_label(key)))


def _entry(
    key: str,
    act: Act,
    agency: str,
    actor: str,
    at: datetime,
    sequence: int,
    policy_hash: str,
    sealed: dict[str, object],
    quiet: bool = False,
) -> Entry:
    return Entry(
        key=key,
        act=act,
        at=at,
        actor=actor,
        acting_for=None,
        client="kindred",
        agency=agency,
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
        quiet=quiet,
        sealed=sealed,
    )
