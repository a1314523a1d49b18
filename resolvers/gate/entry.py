"""The entry of a request, from its mandate and its notes."""

from __future__ import annotations

from dataclasses import replace

from domain.entries import Act, Entry, Reach
from domain.errors import Code
from domain.ids import PersonId
from domain.principals import Principal
from resolvers.gate.asked import Asked, header
from resolvers.gate.gate import Gate
from resolvers.gate.parts import GateParts


def disclosure(
    parts: GateParts, gate: Gate, asked: Asked, sequence: int, told: frozenset[PersonId] = frozenset()
) -> Entry:
    """What a request disclosed. Hidden and nonexistent give entries that differ only inside the sealed body.

    A request that shows nobody and of which something was refused is a denial; the sealed body tells what was refused
    of any other too.
    `told`: in whose own log an earlier entry of this request stands (`named`); this one does not stand there too.
    """
    notes = gate.notes
    shown = tuple(
        replace(one, reach=Reach.AGAIN) if one.reach is Reach.OPENED and one.subject in told else one
        for one in notes.all_shown()
    )
    attempted = notes.all_attempted()
    mandate = gate.mandate
    denied = notes.act is Act.DENIAL
    return Entry(
        key=asked.request_id,
        act=notes.act,
        decision=_decision(notes.act, notes.told),
        reason=Code.ACTIVITY_REFUSED.value if denied else None,
        activity=gate.activity.name,
        purpose=gate.activity.purpose,
        basis=gate.activity.basis,
        case=mandate.case.number if mandate.case else None,
        warrant=mandate.warrant.number if mandate.warrant else None,
        quiet=gate.activity.quiet,
        graph_sequence=sequence,
        sealed=_asked_for(attempted, notes.all_refused(), notes.reviews),
        shown=shown,
        attempted=tuple(person for person in attempted if person not in told),
        **header(parts, mandate.principal, asked),
    )


def _decision(act: Act, told: bool) -> str:
    if act is Act.DENIAL:
        return "deny"
    return "permit" if told or act is Act.LOG_READ else "none_shown"


def _asked_for(
    attempted: tuple[PersonId, ...], refused: tuple[str, ...], reviews: tuple[str, ...]
) -> dict[str, object]:
    told: dict[str, object] = {"attempted": [str(person) for person in attempted]}
    told |= {"refused": list(refused)} if refused else {}
    return told | ({"reviews": list(reviews)} if reviews else {})


def named(entry: Entry) -> frozenset[PersonId]:
    """In whose own log an entry stands, unless it is quiet: those asked for, shown or not."""
    return frozenset([*entry.attempted, *(one.subject for one in entry.shown if one.reach is Reach.OPENED)])


def refusal(parts: GateParts, principal: Principal, asked: Asked, reason: str) -> Entry:
    """A request that was refused before anything was read. Unknown names stay out of the header.

    Quiet only for who may name the quiet activity: naming it must neither hide somebody's refusals from reviewers nor
    take room from those who act under it.
    """
    activity = parts.activities.get(asked.activity) if asked.activity else None
    return Entry(
        key=asked.request_id,
        act=Act.DENIAL,
        decision="deny",
        reason=reason,
        activity=activity.name if activity else "",
        purpose=activity.purpose if activity else "",
        basis=activity.basis if activity else "",
        case=None,
        warrant=None,
        quiet=activity is not None and activity.quiet and activity.name in principal.activities,
        graph_sequence=0,
        sealed={"activity": (asked.activity or "")[:80], "case": (asked.case or "")[:80]},
        **header(parts, principal, asked),
    )


def not_sent(parts: GateParts, gate: Gate, asked: Asked, sequence: int, attempt: int) -> Entry:
    """Tells that the entry of this request was written but its bytes never left: protection changed meanwhile."""
    return Entry(
        key=f"{asked.request_id}/not-sent/{attempt}",
        act=Act.NOT_SENT,
        decision="withheld",
        reason="changed_meanwhile",
        activity=gate.activity.name,
        purpose=gate.activity.purpose,
        basis=gate.activity.basis,
        case=gate.mandate.case.number if gate.mandate.case else None,
        warrant=gate.mandate.warrant.number if gate.mandate.warrant else None,
        quiet=True,
        graph_sequence=sequence,
        **header(parts, gate.mandate.principal, asked),
    )
