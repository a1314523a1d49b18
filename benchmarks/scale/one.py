"""One size in one store: the pull, what a reader waits for afterwards, walks; in a folder that keeps all of it."""

from __future__ import annotations

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
from benchmarks.scale.sittings import Sittings
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
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a pull goes: the hub's settings, the bare side, and the server where there is one."""

    settings: Settings
    bare: Bare
    server: Neo4jServer | None = None

    def server_cpu(self) -> float:
        """CPU seconds that the server has used; 0 where there is none."""
        if self.server is None:
            return 0.0
        stat = Path(f"/proc/{self.server.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(stat[11]) + int(stat[12])) / _TICKS


@asynccontextmanager
async def sqlite(one: World) -> AsyncIterator[Place]:
    """Two files."""
    settings = one.place("stores", kept=True)
    bare = await BareSqlite.made(one.folder / "bare.db")
    try:
        yield Place(settings, bare)
    finally:
        await bare.close()


@asynccontextmanager
async def neo4j(one: World) -> AsyncIterator[Place]:
    """A server of its own, on which the bare side has labels of its own."""
    settings = one.place("stores", kept=True)
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


async def measure(folder: Path, people: int, store: str) -> dict[str, object]:
    """The figures of one size in one store; a run that was stopped goes on with what is in the folder."""
    async with world(folder, people, within=people / 100 + 300) as one, STORES[store](one) as place:
        sittings = Sittings(folder / "sittings.json")
        pulled = await pulling.measure(place.settings, place.bare, place.server_cpu, sittings, _tell)
        async with stores_of(place.settings) as stores:
            read = await reading.measure(place.settings, stores, _records(people), _FAMILIES)
            found: dict[str, object] = {
                "store": store,
                "people": people,
                "sittings": pulled.sittings,
                "ratio": pulled.ratio,
                "cpu_ratio": pulled.cpu_ratio,
                "whole_cpu_ratio": pulled.whole_cpu_ratio,
                "agencies": msgspec.to_builtins(pulled.agencies),
                "mib": _sizes(folder),
                "reading": {what: asdict(waited) for what, waited in read.items()},
            }
            if place.server is not None:
                chosen = [one.person for one in await families(stores, _records(people), _WALKS, seed=11)]
                async with AsyncGraphDatabase.driver(
                    place.server.address, auth=(USER, place.server.password)
                ) as driver:
                    found["depth 6"] = asdict(await walking.measure(stores.graph.reader, driver, chosen))
    return found


def _tell(line: str) -> None:
    sys.stderr.write(line + "\n")


def _sizes(folder: Path) -> dict[str, int]:
    """MiB on disk of each file and folder; a server's holds the bare side's rows too."""
    entries = [*(folder / "stores").glob("*.db*"), folder / "bare.db", folder / "server", folder / "country"]
    sizes = {}
    for entry in sorted(entry for entry in entries if entry.exists()):
        files = entry.rglob("*") if entry.is_dir() else [entry]
        sizes[entry.name] = sum(file.stat().st_size for file in files if file.is_file()) >> 20
    return {name: size for name, size in sizes.items() if size}


def _records(people: int) -> list[str]:
    """Numbers that the population register gave in a country of this size, all over it."""
    blocks = people // _ALIVE_A_BLOCK
    keys = (block * PEOPLE_A_BLOCK + place for block in range(blocks) for place in range(_SOME_OF_A_BLOCK))
    return [number("PR", key) for key in keys]
