"""Rows, matters and documents to take in, each made from a number."""

from __future__ import annotations

from typing import Any

from docket.dossiers import IntakeRow, Matter, Outcome
from domain.claims import ProtectiveKind
from domain.ids import KeyHash, SourceKey
from tests.docket.factories import RING

HASHER = RING.hasher


def key(number: int) -> KeyHash:
    return HASHER.source_key(SourceKey("population", f"PR-{number}"))


def row(number: int, outcome: Outcome = Outcome.ACCEPTED, *, source: str = "population", **more: Any) -> IntakeRow:
    content = more.pop("content", number)
    return IntakeRow(
        source=source,
        position=HASHER.position(source, "", number),
        digest=HASHER.row(source, f"row {content}".encode()),
        record=HASHER.record(source, f"PR-{content}", 1),
        outcome=outcome,
        **more,
    )


def grade(level: str | None, *people: int, text: str | None = None) -> Matter:
    return Matter(ProtectiveKind.GRADE, (tuple(key(p) for p in people),), grade=level, since="2026-01-01", text=text)


def report(status: str | None, reporter: int, alleged: int, text: str | None = None) -> Matter:
    return Matter(ProtectiveKind.REPORT, ((key(reporter),), (key(alleged),)), status=status, text=text)


def case(number: str = "CASE-000001", **more: Any) -> dict[str, Any]:
    return {
        "type": "case", "case": number, "activity": "child-protection", "agency": "support-centre", "unit": "unit-1",
        "region": "KZ-75", "officers": ["officer-1"], "subjects": [{"agency": "population", "recordId": "PR-1"}],
        "opened": "2026-01-01T00:00:00Z", "expires": "2026-07-01T00:00:00Z", "event": "court_order", **more,
    }  # fmt: skip


def warrant(number: str = "WARRANT-000001", case: str = "CASE-000001", **more: Any) -> dict[str, Any]:
    return {
        "type": "warrant", "warrant": number, "case": case, "court": "court-1", "depth": 4, "kinds": ["parent"],
        "subjects": [{"agency": "population", "recordId": "PR-2"}],
        "issued": "2026-02-01T00:00:00Z", "expires": "2026-03-01T00:00:00Z", **more,
    }  # fmt: skip


def closure(case: str = "CASE-000001", closed: str = "2026-05-01T00:00:00Z") -> dict[str, Any]:
    return {"type": "closure", "case": case, "closed": closed}
