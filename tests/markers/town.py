"""A marker country with a hub over it, asked from ordinary functions: one event loop for as long as it stands."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from resolvers.request import Answer
from tests.markers.capacities import Capacity
from tests.markers.entries import Written, newest
from tests.worlds.country import Country, country
from tests.worlds.hub import Hub, hub

PEOPLE = 300
SEED = 7
T = TypeVar("T")


@dataclass
class Town:
    """Country, hub and the loop they are asked on."""

    country: Country
    hub: Hub
    runner: asyncio.Runner

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Do something to its end."""
        return self.runner.run(work)

    def ask(
        self, who: Capacity, query: str, variables: Mapping[str, Any] | None = None, *, through: Hub | None = None
    ) -> Answer:
        """One request; `through`: another hub over the same stores."""
        return self.run((through or self.hub).ask(who.principal, query, variables, case=who.case))

    def entry(self) -> Written:
        """The newest entry of the ledger, opened."""
        return newest(self.hub.folder / "ledger.db", self.hub.parts.ring)


@contextmanager
def town(folder: Path, *, sealing: bool = True) -> Iterator[Town]:
    """A country of markers and a hub that has pulled everything of it."""
    with (
        country(folder / "country", people=PEOPLE, seed=SEED, options=("--markers",)) as land,
        asyncio.Runner() as runner,
    ):
        made = hub(land, folder / "hub", sealing=sealing)
        over = runner.run(made.__aenter__())
        try:
            runner.run(over.pull())
            yield Town(land, over, runner)
        finally:
            runner.run(made.__aexit__(None, None, None))
