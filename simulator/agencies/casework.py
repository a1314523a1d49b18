"""Casework: cases, warrants and closures, each a document that its agency signs."""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import partial

from simulator.agencies.draft import Body, Cards, Draft, day
from simulator.chance import stream
from simulator.numbering import number
from simulator.world import rates
from simulator.world.model import Block

STREAM = "casework"
#: The signing key of each type of document.
ISSUERS = {"case": "casework-1", "warrant": "court-1", "closure": "casework-1"}
_DOCUMENTS_A_CASE = 4
_KINDS = (
    ("family-card-review", "support-centre", "family_request", 0.55),
    ("benefit-eligibility", "benefits-office", "family_request", 0.25),
    ("child-protection", "child-protection", "court_order", 0.12),
    ("dv-response", "dv-unit", "incident_report", 0.08),
)


def drafts(block: Block, seed: int) -> Iterator[Draft]:
    """The block's own cases: a small share of its homes, some with a warrant, some closed again."""
    rng = stream(seed, "cases", block.number)
    for home in block.homes.values():
        if home.members and rng.random() < rates.CASES:
            yield from _case(block, rng, home.number, tuple(home.members), home.address.region)


def _case(block: Block, rng: random.Random, home: int, members: tuple[int, ...], region: str) -> Iterator[Draft]:
    activity, agency, event, _ = rng.choices(_KINDS, [kind[3] for kind in _KINDS])[0]
    key = block.number * 1000 + home
    case = number("CASE", key)
    opened = block.today - rng.randrange(1, 300)
    officers = [f"officer-{rng.randrange(10**6):06d}"]
    document = case_document(
        case, activity, f"{agency}-{region}", f"unit-{rng.randrange(1, 9)}", region, officers,
        [subject(block, n) for n in members], opened, opened + 365, event,
    )  # fmt: skip
    yield draft(key, 0, members, document)
    if activity == "child-protection" and rng.random() < 0.6:
        warrant = warrant_document(number("WARRANT", key), case, document["subjects"], opened + 1, opened + 181)
        yield draft(key, 1, members, warrant)
    elif rng.random() < 0.2:
        closed = f"{day(opened + 1)}T12:00:00Z"
        yield draft(key, 2, members, {"type": "closure", "case": case, "closed": closed})


def case_document(
    case: str, activity: str, agency: str, unit: str, region: str, officers: list[str], subjects: list[Body],
    opened: int, expires: int, event: str,
) -> Body:  # fmt: skip
    """The payload of a case."""
    return {
        "type": "case", "case": case, "activity": activity, "agency": agency, "unit": unit, "region": region,
        "officers": officers, "subjects": subjects, "opened": f"{day(opened)}T09:00:00Z",
        "expires": f"{day(expires)}T00:00:00Z", "event": event,
    }  # fmt: skip


def warrant_document(warrant: str, case: str, subjects: list[Body], issued: int, expires: int) -> Body:
    """The payload of a warrant for a walk of depth 4."""
    return {
        "type": "warrant", "warrant": warrant, "case": case, "court": "district-court-1", "depth": 4,
        "kinds": ["parent", "partner", "guardian"], "subjects": subjects, "issued": f"{day(issued)}T09:00:00Z",
        "expires": f"{day(expires)}T00:00:00Z",
    }  # fmt: skip


def subject(block: Block, person: int) -> Body:
    """A subject of a case, by the population register's number."""
    return {"agency": "population", "recordId": number("PR", block.key(person))}


def draft(key: int, kind: int, people: tuple[int, ...], document: Body) -> Draft:
    """A document as a record; the writer signs `document` into `jws`."""
    record = number("DOC", key * _DOCUMENTS_A_CASE + kind)
    return Draft(STREAM, record, people, partial(_body, record, document), False)


def _body(record: str, document: Body, _: Cards) -> Body:
    return {"id": record, "version": 1, "updated_at": "", "jws": "", "document": document}
