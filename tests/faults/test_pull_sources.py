"""Sources that are slow, fail, lie or are cut off, disks that fill, a clock that steps back: a pull says so and goes on
later, and ends in what an undisturbed pull of the same country leaves.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from connectors.agencies.agency import Agency, Reason
from connectors.agencies.catalogue import AGENCIES, BY_NAME
from connectors.parts import Parts
from connectors.progress import Summary
from connectors.protocols.access import AgencyAccess
from connectors.pull import pull
from docket.dossiers import Outcome
from domain.errors import Unavailable
from tests.faults.comparing import contents
from tests.worlds.country import Country, country
from tests.worlds.hub import NOW, Hub, hub
from vault.key_ring import KeyRing
from vault.provider import FileProvider

PAGE = 120
ATTEMPTS = 3
LASTING = 1000
SOME = ("population", "casework", "police")
"""Enough for `make test`: people and links, documents, protective matters."""
EVERY = tuple(BY_NAME)
LASTING_FAULTS = ("error500", "truncate", "slow", "garbage")


@dataclass(frozen=True)
class World:
    """A country, a key file, and what an undisturbed pull of some agencies leaves."""

    country: Country
    keys: Path
    names: tuple[str, ...]
    expected: dict[str, Any]

    @asynccontextmanager
    async def hub(self, folder: Path) -> AsyncIterator[Hub]:
        """A hub of its own stores, impatient with sources."""
        folder.mkdir()
        shutil.copy(self.keys, folder / "keys.json")
        async with hub(self.country, folder) as here:
            here.pulling = replace(here.pulling, access=impatient(here.pulling))
            yield here

    @property
    def agencies(self) -> tuple[Agency, ...]:
        """Those agencies."""
        return tuple(BY_NAME[name] for name in self.names)

    async def check(self, folder: Path) -> None:
        """Nothing lost, nothing twice."""
        found = await contents(folder)
        for part, content in self.expected.items():
            assert found[part] == content, part


def impatient(parts: Parts) -> dict[str, AgencyAccess]:
    """The same access with small pages and short waits."""
    return {
        name: replace(access, page_size=PAGE, attempts=ATTEMPTS, wait=0.01) for name, access in parts.access.items()
    }


@pytest.fixture(scope="module")
def land(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Country]:
    """A country with its usual mistakes."""
    with country(tmp_path_factory.mktemp("country"), people=200, seed=12) as land:
        yield land


@pytest_asyncio.fixture(
    scope="module",
    loop_scope="module",
    params=[pytest.param(SOME, id="some"), pytest.param(EVERY, id="every", marks=pytest.mark.soak)],
)
async def world(land: Country, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> World:
    """The country, pulled once without any fault."""
    folder = tmp_path_factory.mktemp("whole")
    keys = folder / "keys.json"
    KeyRing.open(FileProvider(keys, create=True))
    one = World(land, keys, request.param, {})
    async with one.hub(folder / "whole") as here:
        await here.pull(*one.names)
    return replace(one, expected=await contents(folder / "whole"))


class Spoiling:
    """Puts a fault in force once the first page of a pull was taken."""

    def __init__(self, spoil: Callable[[], None]) -> None:
        self._spoil: Callable[[], None] | None = spoil

    def moved(self, summary: Summary) -> None:
        """A page was committed."""
        if self._spoil is not None:
            self._spoil()
        self._spoil = None

    def ended(self, summary: Summary) -> None:
        """Nothing."""


@asynccontextmanager
async def counted(here: Hub) -> AsyncIterator[tuple[Parts, list[str]]]:
    """Parts whose calls to agencies are counted."""
    asked: list[str] = []

    async def ask(_: Any, __: Any, params: aiohttp.TraceRequestStartParams) -> None:
        asked.append(params.url.path)

    trace = aiohttp.TraceConfig()
    trace.on_request_start.append(ask)
    async with aiohttp.ClientSession(trace_configs=[trace]) as session:
        yield replace(here.pulling, session=session), asked


async def test_lasting_faults_are_told_and_the_next_pull_goes_on(world: World, tmp_path: Path) -> None:
    async with world.hub(tmp_path / "hub") as here, counted(here) as (parts, asked):
        for agency in AGENCIES:
            signed = ("bad_signature",) if agency.name == "civil" else ()
            for kind in (*LASTING_FAULTS, *signed):
                limited = parts
                if kind == "slow":
                    quick = {agency.name: replace(parts.access[agency.name], timeout=0.05)}
                    limited = replace(parts, access=quick)
                world.country.fault(agency.name, kind, LASTING, delay=0.3)
                asked.clear()
                with pytest.raises(Unavailable) as told:
                    await pull(agency, limited)
                assert told.value.field == agency.name
                assert len(asked) == (1 if kind in {"garbage", "bad_signature"} else ATTEMPTS), kind
                world.country.fault(agency.name, "off")
            if agency in world.agencies:
                await pull(agency, parts)
    await world.check(tmp_path / "hub")


async def test_faults_in_the_midst_lose_nothing(world: World, tmp_path: Path) -> None:
    struck = 0
    async with world.hub(tmp_path / "hub") as here:
        for agency in world.agencies:
            for kind in ("garbage", "error500", "truncate"):
                spoil = partial(world.country.fault, agency.name, kind, LASTING)
                try:
                    await pull(agency, here.pulling, Spoiling(spoil))
                except Unavailable:
                    struck += 1
                world.country.fault(agency.name, "off")
            await pull(agency, here.pulling)
    assert struck >= 3
    await world.check(tmp_path / "hub")


async def test_faults_that_pass_are_not_noticed(world: World, tmp_path: Path) -> None:
    async with world.hub(tmp_path / "hub") as here:
        for number, agency in enumerate(world.agencies):
            world.country.fault(agency.name, ("error500", "truncate", "slow")[number % 3], ATTEMPTS - 1, delay=0.05)
            await pull(agency, here.pulling)
    await world.check(tmp_path / "hub")


async def test_documents_whose_signature_is_spoilt_wait_in_quarantine(world: World, tmp_path: Path) -> None:
    async with world.hub(tmp_path / "hub") as here:
        world.country.fault("casework", "bad_signature", 1)
        summary = await pull(BY_NAME["casework"], here.pulling)
        held = await here.parts.docket.quarantined(1000)
        assert len(held) == summary.quarantined > 0
        assert summary.outcomes[Outcome.ACCEPTED] == 0
        assert {row.reason for row in held} == {Reason.BAD_SIGNATURE}
        assert all(row.sealed is not None for row in held), "kept, to be looked at"


def limit(here: Hub, store: str, pages: int) -> None:
    """Let a store's file grow no further than `pages`: its engine then says that the disk is full."""
    parts: Any = here.parts
    pragma = f"PRAGMA max_page_count = {pages}"
    if store == "graph":
        thread = here.pulling.writer._thread  # type: ignore[attr-defined]
        thread._executor.submit(lambda: thread._opened(False).execute(pragma).fetchall()).result()
    elif store == "docket":
        lane = parts.docket._lane
        lane._thread.submit(lambda: lane._writer.connection.driver_connection.execute(pragma).fetchall()).result()
    else:
        with parts.ledger._store._engine.connect() as connection:
            connection.exec_driver_sql(pragma).fetchall()


@pytest.mark.parametrize("store", ["graph", "docket", "ledger"])
async def test_a_disk_that_fills_is_told_and_the_next_pull_goes_on(world: World, tmp_path: Path, store: str) -> None:
    async with world.hub(tmp_path / "hub") as here:

        def fill() -> None:
            with closing(sqlite3.connect(tmp_path / "hub" / f"{store}.db")) as connection:
                (pages,) = connection.execute("PRAGMA page_count").fetchone()
            limit(here, store, pages)

        with pytest.raises(Unavailable):
            await pull(BY_NAME["population"], here.pulling, Spoiling(fill))
        if store == "ledger":  # the other two begin on a connection without the limit
            with pytest.raises(Unavailable):
                await pull(BY_NAME["population"], here.pulling)
            limit(here, store, 2**30)
        await here.pull(*world.names)
    await world.check(tmp_path / "hub")


async def test_a_clock_that_steps_back_moves_no_sequence_back(world: World, tmp_path: Path) -> None:
    async with world.hub(tmp_path / "hub") as here:
        for number, agency in enumerate(world.agencies):
            here.clock.instant = NOW - timedelta(days=2 * number)
            await pull(agency, here.pulling)
    with closing(sqlite3.connect(tmp_path / "hub" / "graph.db")) as connection:
        instants = [instant for (instant,) in connection.execute("SELECT instant FROM batch ORDER BY seq")]
    assert instants == sorted(instants) and len(instants) > len(world.agencies)
    await world.check(tmp_path / "hub")
