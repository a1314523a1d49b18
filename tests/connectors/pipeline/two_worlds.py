"""Two hubs over lists that share their keys and differ in one thing, and all that anybody but a cleared steward can
read of what came in."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from docket.dossiers import IntakeRow, Outcome
from domain.clock import instant_text
from domain.principals import Principal
from tests.acquaintance.questions import KIN, PERSON, SOURCED, Acquainted, questions
from tests.connectors.rows import iin
from tests.oracle.listed import Lists, Row, listed, serve
from tests.worlds.hub import NOW, Hub
from tests.worlds.reviews import REVIEWS, steward

FOUND = "findPerson({},first:2){{totalCount edges{{node{{{}}}}}}}"
REGION = "KZ-75"
CASE = "CASE-990000001"
OFFICER = {"actor": "officer-1", "agency": "family-support", "unit": "centre-1", "region": REGION}


@dataclass
class World:
    """A hub and its lists. `told`: what each pull told its operator, but for how long it took."""

    hub: Hub
    lists: Lists
    monkeypatch: pytest.MonkeyPatch
    told: list[dict[str, Any]] = field(default_factory=list)

    async def pull(self, agency: str, *rows: Row) -> None:
        """Pull new rows of one agency."""
        serve(self.lists, self.monkeypatch)
        self.lists.rows.setdefault(agency, []).extend(rows)
        summary = (await self.hub.pull(agency))[agency]
        self.told.append(dataclasses.asdict(summary) | {"seconds": 0})

    async def caseworker(self, *subjects: tuple[str, str], activity: str = "family-card-review") -> Principal:
        """An officer of the region with a case on source keys."""
        content = {
            "type": "case", "case": CASE, "activity": activity, "agency": OFFICER["agency"],
            "unit": OFFICER["unit"], "region": REGION, "officers": [OFFICER["actor"]],
            "subjects": [{"agency": agency, "recordId": record} for agency, record in subjects],
            "opened": instant_text(NOW - timedelta(days=9)), "expires": instant_text(NOW + timedelta(days=300)),
            "event": "family_request",
        }  # fmt: skip
        hasher = self.hub.parts.ring.hasher
        raw = json.dumps(content).encode()
        row = IntakeRow(
            source="casework", position=hasher.position("casework", "case", 1), digest=hasher.row("casework", raw),
            record=hasher.record("casework", CASE, 1), outcome=Outcome.ACCEPTED, document=content,
        )  # fmt: skip
        await self.hub.parts.docket.intake([row])
        return self.hub.principal("caseworker", OFFICER)

    async def asked(self, who: Principal, query: str, case: str | None = None, **variables: Any) -> bytes:
        """One question's answer; there must be one."""
        activity = next(iter(who.activities))
        answer = await self.hub.ask(who, query, variables, case=case, activity=activity)
        assert answer.status == 200 and b'"errors"' not in answer.body, (query, answer.body)
        return answer.body

    async def readable(
        self, officer: Principal, who: dict[str, Any], numbers: list[int], ids: list[str]
    ) -> list[bytes]:
        """All that the officer, an ordinary steward and the accounts of these people read."""
        name, born = f"{who['surname']} {who['givenName']}", who["birthDate"]
        query = "query($n:String,$b:Date){{{}}}"
        asked = [query.format(FOUND.format("name:$n,birthDate:$b", inner)) for inner in (PERSON, SOURCED)]
        found = [await self.asked(officer, one, CASE, n=name, b=born) for one in asked]
        found += [await self.asked(steward(self.hub), REVIEWS, f=20, m=merged) for merged in (False, True)]
        for number in numbers:
            query = f"query($n:String){{{FOUND.format('nationalId:$n', SOURCED)}}}"
            found.append(await self.asked(officer, query, CASE, n=iin(number)))
            known = Acquainted((iin(number),), ((name, born),))
            async for question, answer in questions(self.hub, self.hub.family(iin(number)), known, []):
                found.append(question.encode() + answer)
        for id in ids:
            for inner in (f"person(id:$i){{{PERSON}}}", f"person(id:$i){{{SOURCED}}}", f"kin(of:$i,first:5){{{KIN}}}"):
                found.append(await self.asked(officer, f"query($i:ID!){{{inner}}}", CASE, i=id))
        return found


@asynccontextmanager
async def two_worlds(folder: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[World, World]]:
    """Two of them."""
    first, second = Lists(100), Lists(100)
    keys = folder / "keys.json"
    async with (
        listed(first, folder / "one", monkeypatch, keys) as one,
        listed(second, folder / "two", monkeypatch, keys) as other,
    ):
        yield World(one, first, monkeypatch), World(other, second, monkeypatch)
