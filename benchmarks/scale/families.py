"""Families to ask for: people all over the graph, each with a case and a warrant of their own, as signed documents."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from docket.dossiers import IntakeRow, Outcome
from domain.ids import PersonId, SourceKey
from domain.principals import Principal, RoleName
from kindred.wiring import Stores

_AGENCY = "benchmark-centre"
_OFFICER = "officer-benchmark"
_REGISTER = "population"
ACTIVITIES = {RoleName.CASEWORKER: "family-card-review", RoleName.INVESTIGATOR: "child-protection"}
DEPTH = 6


@dataclass(frozen=True, slots=True)
class Family:
    """Somebody who stands on a case; `cases` by role."""

    person: PersonId
    record: str
    cases: dict[RoleName, str]


def principal(role: RoleName, now: datetime) -> Principal:
    """An officer whose cases these are."""
    return Principal(
        actor=_OFFICER,
        role=role,
        agency=_AGENCY,
        sector=_AGENCY,
        unit=None,
        region=None,
        client="benchmark",
        token_id=f"token-{role}",
        activities=frozenset({ACTIVITIES[role]}),
        national=None,
        human=True,
        expires=now + timedelta(hours=8),
    )


async def families(stores: Stores, records: list[str], count: int, seed: int) -> list[Family]:
    """`count` of the register's people who are or were in a household, by `seed`, each on a case of each role."""
    chosen = random.Random(seed).sample(records, min(len(records), count * 4))
    hasher, found = stores.ring.hasher, list[Family]()
    keys = {hasher.source_key(SourceKey(_REGISTER, record)): record for record in chosen}
    owners = await stores.graph.reader.owners(list(keys))
    rows: list[IntakeRow] = []
    shapes = (await stores.graph.reader.facts(list(owners.values()))).people
    housed = {key: person for key, person in owners.items() if shapes[person].memberships}
    for key, person in list(housed.items())[:count]:
        cases = {role: f"CASE-{role.name}-{keys[key]}" for role in ACTIVITIES}
        found.append(Family(person, keys[key], cases))
        rows += [_row(stores, document) for document in _documents(keys[key], cases, stores.clock.now())]
    for start in range(0, len(rows), 500):
        await stores.docket.intake(rows[start : start + 500])
    return found


def _documents(record: str, cases: dict[RoleName, str], now: datetime) -> list[dict[str, object]]:
    subjects = [{"agency": _REGISTER, "recordId": record}]
    since, until = (now - timedelta(days=1)).isoformat(), (now + timedelta(days=30)).isoformat()
    documents: list[dict[str, object]] = [
        {
            "type": "case", "case": number, "activity": ACTIVITIES[role], "agency": _AGENCY, "unit": None,
            "region": None, "officers": [_OFFICER], "subjects": subjects, "opened": since, "expires": until,
            "event": "benchmark",
        }
        for role, number in cases.items()
    ]  # fmt: skip
    documents.append(
        {
            "type": "warrant", "warrant": f"W-{record}", "case": cases[RoleName.INVESTIGATOR], "court": "benchmark",
            "depth": DEPTH, "kinds": ["parent", "partner"], "subjects": subjects, "issued": since, "expires": until,
        }
    )  # fmt: skip
    return documents


def _row(stores: Stores, document: dict[str, object]) -> IntakeRow:
    hasher = stores.ring.hasher
    name = f"{document['type']}|{document.get('warrant', document['case'])}"
    digest = hasher.row("benchmark", name.encode())
    return IntakeRow(
        "benchmark", hasher.position("benchmark", name, 0), digest, digest, Outcome.ACCEPTED, document=document
    )
