"""A country with a past: people are corrected, move, part, are reported and graded, and are pulled after each event.

The stores as they were after each pull are kept, so that "what the hub knew then" can be looked up instead of believed.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from domain.clock import instant_text
from tests.worlds.country import Country, country
from tests.worlds.hub import NOW, Hub, hub

STORES = ("graph.db", "docket.db")
BEGAN = NOW - timedelta(days=60)
_STEP = timedelta(days=5)
_SURNAMES = ("Өзгерген", "Бұрынғы", "Жаңа", "Басқа")


@dataclass(frozen=True)
class Then:
    """One moment of the past: the instant after which nothing was written for days, and the stores as they were."""

    instant: datetime
    stores: Path
    what: str


@dataclass(frozen=True)
class Past:
    """The country's files, the stores of today, and those of every moment before."""

    country: Country
    moments: tuple[Then, ...]
    keys: Path

    @property
    def sample(self) -> dict[str, Any]:
        """Sample people, officers and cases."""
        return self.country.sample

    @property
    def family(self) -> list[str]:
        """Register numbers of the sample's family."""
        family = self.sample["family"]
        return [one["recordId"] for one in (family["head"], family["spouse"], *family["children"])]

    def at(self, instant: datetime) -> Then | None:
        """The newest moment not after an instant."""
        return max((one for one in self.moments if one.instant <= instant), key=lambda one: one.instant, default=None)

    @asynccontextmanager
    async def opened(self, folder: Path, then: Then | None = None) -> AsyncIterator[Hub]:
        """A hub of now over a copy of the stores of today, or of a moment before."""
        folder.mkdir(parents=True, exist_ok=True)
        for name in STORES:
            shutil.copy((then or self.moments[-1]).stores / name, folder / name)
        async with hub(self.country, folder, keys=self.keys) as here:
            yield here


async def past(folder: Path, seed: int) -> Past:
    """Make one; the country has ended when this returns."""
    moments = []
    options = ("--error-rate", "1")
    with country(folder / "country", people=150, seed=seed, options=options) as land:
        async with hub(land, folder / "hub", now=BEGAN) as here:
            await here.pull()
            moments.append(_kept(here, folder, "at first"))
            for what, fields in _events(land, seed):
                here.clock.instant += _STEP
                land.play(what.split()[0], at=instant_text(here.clock.instant - timedelta(hours=1)), **fields)
                await here.pull()
                moments.append(_kept(here, folder, what))
    assert here.clock.instant < NOW
    return Past(land, tuple(moments), folder / "hub" / "keys.json")


def _kept(here: Hub, folder: Path, what: str) -> Then:
    instant = here.clock.instant
    stores = folder / f"then-{instant:%m-%d}"
    stores.mkdir()
    for name in STORES:
        with closing(sqlite3.connect(here.folder / name)) as source, closing(sqlite3.connect(stores / name)) as copy:
            source.backup(copy)
    return Then(instant, stores, what)


def _events(land: Country, seed: int) -> list[tuple[str, dict[str, Any]]]:
    """Events in an order drawn from the seed, about the sample's families and whoever else is drawn."""
    chooser, sample = Random(seed), land.sample
    family, people = sample["family"], sample["people"]
    everyone = [family["head"], family["spouse"], *family["children"]]
    rows = [line["row"] for line in land.manifest() if line["agency"] == "population"]
    others = [row["recordId"] for row in rows if row["deathDate"] is None and row["registrations"]]
    corrected = {
        "own_region": people["own_region"]["recordId"],
        "investigated": sample["investigated"]["recordId"],
        "spouse": family["spouse"]["recordId"],
    }
    events: list[tuple[str, dict[str, Any]]] = [
        (f"correction of {name}", {"recordId": record, "set": {"surname": chooser.choice(_SURNAMES)}})
        for name, record in corrected.items()
    ]
    events += [
        ("correction", {"recordId": chooser.choice(others), "set": {"surname": chooser.choice(_SURNAMES)}}),
        ("move", {"recordIds": [one["recordId"] for one in everyone], "region": "KZ-10", "household": "existing"}),
        ("separation", {"recordId": family["spouse"]["recordId"], "children": [family["children"][0]["recordId"]]}),
        ("report", {"reporter": family["spouse"]["recordId"], "alleged": family["head"]["recordId"]}),
        ("grade of own_region", {"recordId": people["own_region"]["recordId"], "grade": "strict"}),
        ("grade", {"recordId": chooser.choice(others), "grade": "confidential"}),
    ]
    chooser.shuffle(events)
    return events
