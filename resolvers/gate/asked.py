"""What identifies a request in the log, and the entry that says what it altered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from domain.entries import Act, Entry
from domain.ids import PersonId
from domain.principals import Mandate, Principal
from resolvers.gate.parts import GateParts


@dataclass(frozen=True, slots=True)
class Asked:
    """What identifies the request in the log without telling what it said."""

    request_id: str
    document_hash: str
    variables: Mapping[str, Any]
    activity: str | None
    case: str | None


def alteration(
    parts: GateParts,
    mandate: Mandate,
    asked: Asked,
    sequence: int,
    people: tuple[PersonId, ...],
    what: dict[str, object],
) -> Entry:
    """That something was altered, and what: kept with it in one transaction, and in the ledger before anything is told.

    What the answer then tells is the request's own entry. `people`: in whose own log it stands.
    """
    activity = parts.activities[mandate.activity]
    return Entry(
        key=f"{asked.request_id}/alteration",
        act=Act.ALTERATION,
        decision="permit",
        reason=None,
        activity=activity.name,
        purpose=activity.purpose,
        basis=activity.basis,
        case=mandate.case.number if mandate.case else None,
        warrant=mandate.warrant.number if mandate.warrant else None,
        quiet=activity.quiet,
        graph_sequence=sequence,
        sealed=what,
        attempted=people,
        **header(parts, mandate.principal, asked),
    )


def header(parts: GateParts, principal: Principal, asked: Asked) -> dict[str, Any]:
    """What every entry of a request holds alike."""
    variables = orjson.dumps(asked.variables, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS)
    return {
        "at": parts.clock.now(),
        "actor": principal.actor,
        "acting_for": principal.acting_for,
        "client": principal.client,
        "agency": principal.agency,
        "unit": principal.unit,
        "role": principal.role.value,
        "request_id": asked.request_id,
        "document_hash": asked.document_hash,
        "variables_hash": parts.ring.hasher.variables(variables),
        "token_id": principal.token_id,
        "policy_hash": parts.table.policy_hash,
    }
