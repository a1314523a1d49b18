"""One country, pulled once; every test works on a copy of its stores, so that none meets another's entries.

The ledger of a copy begins empty: what it holds is what the test made it hold.
"""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from docket.dossiers import IntakeRow, Matter, Outcome
from domain.claims import ProtectiveKind
from domain.ids import HouseholdId, KeyHash, SourceKey
from domain.principals import Principal
from tests.worlds.country import Country, country
from tests.worlds.hub import Hub, hub

_COPIED = ("graph.db", "docket.db", "keys.json")
SEED = 5


@dataclass(frozen=True)
class Made:
    """A country that was pulled: its files, and stores to copy. The country itself has ended."""

    country: Country
    stores: Path

    @cached_property
    def sample(self) -> dict[str, Any]:
        """Sample people, officers and cases."""
        return self.country.sample

    @cached_property
    def rows(self) -> dict[str, dict[str, Any]]:
        """The population register's newest row of each of its numbers."""
        manifest = self.country.manifest()
        return {m["row"]["recordId"]: m["row"] for m in manifest if m["agency"] == "population"}

    @asynccontextmanager
    async def copy(self, folder: Path) -> AsyncIterator[Hub]:
        """A hub over a copy of the stores, with an empty ledger."""
        folder.mkdir(parents=True, exist_ok=True)
        for name in _COPIED:
            shutil.copy(self.stores / name, folder / name)
        async with hub(self.country, folder) as here:
            yield here


_MADE: dict[str, Made] = {}


async def made(folder: Path) -> Made:
    """The country of this process; made on the first call."""
    if "here" not in _MADE:
        stores = folder / "stores"
        with country(folder / "country", people=300, seed=SEED, options=("--error-rate", "0")) as land:
            async with hub(land, stores) as here:
                await here.pull()
        _MADE["here"] = Made(land, stores)
    return _MADE["here"]


def key_of(here: Hub, record: str) -> KeyHash:
    """The hashed source key under which the population register has a person."""
    return here.parts.ring.hasher.source_key(SourceKey("population", record))


async def homes_of(here: Hub, record: str) -> list[HouseholdId]:
    """The households of which a person is a member today."""
    internal = await here.internal(record)
    shape = (await here.parts.reader.facts([internal])).people[internal]
    return sorted(here.parts.opener.person(shape).homes(here.clock.today()))


async def take_in(here: Hub, **content: Any) -> None:
    """A signed document of a court or agency, as the docket has it once its signature was checked."""
    hasher = here.parts.ring.hasher
    raw = repr(sorted(content.items())).encode()
    row = IntakeRow(
        source="casework",
        position=hasher.position("casework", raw.hex(), 0),
        digest=hasher.row("casework", raw),
        record=hasher.record("casework", raw.hex(), 1),
        outcome=Outcome.ACCEPTED,
        document=content,
    )
    await here.parts.docket.intake([row])


async def open_case(here: Hub, who: Principal, number: str, subjects: list[str], **changes: Any) -> None:
    """A case of an officer, open at the clock's time, about people whom the population register has."""
    activity = next(iter(who.activities))
    content = {
        "type": "case", "case": number, "activity": activity, "agency": who.agency, "unit": who.unit,
        "region": who.region, "officers": [who.actor],
        "subjects": [{"agency": "population", "recordId": record} for record in subjects],
        "opened": "2026-11-01T00:00:00Z", "expires": "2027-11-01T00:00:00Z", "event": "test",
    }  # fmt: skip
    await take_in(here, **{**content, **changes})


async def grant_warrant(here: Hub, case: str, subjects: list[str], **changes: Any) -> None:
    """A court's warrant on a case, in force at the clock's time, over all families of links to depth 2."""
    content = {
        "type": "warrant", "warrant": "WARRANT-990000001", "case": case, "court": "court", "depth": 2,
        "kinds": ["parent", "partner", "guardian"],
        "subjects": [{"agency": "population", "recordId": record} for record in subjects],
        "issued": "2026-11-01T00:00:00Z", "expires": "2027-10-01T00:00:00Z",
    }  # fmt: skip
    await take_in(here, **{**content, **changes})


async def protect(here: Hub, record: str, *, against: str | None = None) -> None:
    """A strict grade over a person, or a report by the person against another one."""
    hasher = here.parts.ring.hasher
    one = (key_of(here, record),)
    if against is None:
        matter = Matter(ProtectiveKind.GRADE, (one,), grade="strict", since="2026-11-20")
    else:
        matter = Matter(ProtectiveKind.REPORT, (one, (key_of(here, against),)), status="reported", since="2026-11-20")
    raw = f"{record}|{against}".encode()
    row = IntakeRow(
        source="police" if against else "population",
        position=hasher.position("protective", raw.hex(), 0),
        digest=hasher.row("protective", raw),
        record=hasher.record("protective", raw.hex(), 1),
        outcome=Outcome.PROTECTIVE,
        protective=(matter,),
    )
    await here.parts.docket.intake([row])
