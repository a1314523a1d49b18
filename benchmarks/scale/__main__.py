"""`make bench-scale`: by hand; hours for a million people in both stores."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import msgspec
from neo4j import AsyncGraphDatabase

from benchmarks.scale import pulling, reading, walking
from benchmarks.scale.bare_neo4j import BareNeo4j
from benchmarks.scale.beside import Bare, BareSqlite
from benchmarks.scale.families import families
from benchmarks.world import World, stores_of, world
from kindred.settings import Settings
from simulator.numbering import PEOPLE_A_BLOCK, number
from tests.servers.neo4j.fetching import class_path
from tests.servers.neo4j.server import USER, Neo4jServer

_ALIVE_A_BLOCK = 265
_SOME_OF_A_BLOCK = 60
_FAMILIES = 300
_WALKS = 40
_HEAP_MB, _PAGE_CACHE_MB = 2048, 4096


@dataclass(frozen=True, slots=True)
class Place:
    """Where a pull goes: the hub's settings, the bare side, and the server where there is one."""

    settings: Settings
    bare: Bare
    server: Neo4jServer | None = None


@asynccontextmanager
async def sqlite(one: World) -> AsyncIterator[Place]:
    """Two files."""
    settings = one.place("sqlite")
    bare = await BareSqlite.made(one.folder / "bare.db")
    try:
        yield Place(settings, bare)
    finally:
        await bare.close()


@asynccontextmanager
async def neo4j(one: World) -> AsyncIterator[Place]:
    """A server of its own, on which the bare side has labels of its own."""
    settings = one.place("neo4j")
    server = Neo4jServer(one.folder / "server", class_path(), heap_mb=_HEAP_MB, page_cache_mb=_PAGE_CACHE_MB)
    try:
        server.start()
        bare = await BareNeo4j.made(server.address, USER, server.password)
        given = {"graph": server.address, "graph_credentials": server.credentials, "graph_write_seconds": 300.0}
        try:
            yield Place(settings.model_copy(update=given), bare, server)
        finally:
            await bare.close()
    finally:
        server.stop()


STORES = {"sqlite": sqlite, "neo4j": neo4j}


def _tell(line: str) -> None:
    sys.stderr.write(line + "\n")


def _records(people: int) -> list[str]:
    """Numbers that the population register gave in a country of this size, all over it."""
    blocks = people // _ALIVE_A_BLOCK
    keys = (block * PEOPLE_A_BLOCK + place for block in range(blocks) for place in range(_SOME_OF_A_BLOCK))
    return [number("PR", key) for key in keys]


async def _measure(folder: Path, people: int, store: str) -> dict[str, object]:
    async with world(folder, people, within=people / 100 + 300) as one, STORES[store](one) as place:
        pulled = await pulling.measure(one, place.settings, place.bare, _tell)
        async with stores_of(place.settings) as stores:
            read = await reading.measure(place.settings, stores, _records(people), _FAMILIES)
            found: dict[str, object] = {
                "store": store,
                "people": people,
                "ratio": pulled.ratio,
                "cpu_ratio": pulled.cpu_ratio,
                "agencies": [asdict(agency) for agency in pulled.agencies],
                "reading": {what: asdict(waited) for what, waited in read.items()},
            }
            if place.server is not None:
                chosen = [one.person for one in await families(stores, _records(people), _WALKS, seed=11)]
                async with AsyncGraphDatabase.driver(
                    place.server.address, auth=(USER, place.server.password)
                ) as driver:
                    found["depth 6"] = asdict(await walking.measure(stores.graph.reader, driver, chosen))
    return found


def main() -> None:
    """Measure one size in one store into a folder, which keeps the stores; figures as JSON beside them."""
    told = argparse.ArgumentParser(prog="python -m benchmarks.scale")
    told.add_argument("--people", type=int, default=1_000_000)
    told.add_argument("--store", choices=sorted(STORES), default="sqlite")
    told.add_argument("--out", type=Path, required=True, help="an empty folder with room (30 GB for a million people)")
    given = told.parse_args()
    given.out.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.umask(0o077)
    figures = asyncio.run(_measure(given.out.absolute(), given.people, given.store))
    shown = msgspec.json.format(msgspec.json.encode(figures))
    (given.out / f"figures-{given.store}.json").write_bytes(shown)
    sys.stdout.write(shown.decode() + "\n")


if __name__ == "__main__":
    main()
