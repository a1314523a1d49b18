"""The way out: family cards a second at 32 clients over HTTP, against the same answers without a decision."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import msgspec

from benchmarks.load import Job, Result, request
from benchmarks.serving import BASELINE, HUB, KINDS
from benchmarks.world import World, stores_of
from kindred.demo.country import country_environment
from kindred.demo.roles import Readers, Sample
from kindred.wiring import development_issuer

CLIENTS = 32
_MOST = 4_000
_SECONDS = 3.0
_START_WITHIN = 60.0


@dataclass(frozen=True, slots=True)
class Served:
    """One round at one server: cards a second by the clock, milliseconds of the server's CPU a card, latencies."""

    rate: float
    cpu: float
    p50: float
    p99: float


@dataclass(frozen=True, slots=True)
class CardFigures:
    """Rounds by kind of server, taken in turn; the card's size in bytes and in people."""

    rounds: Mapping[str, tuple[Served, ...]]
    size: int
    members: int

    def ratio(self, kind: str = BASELINE) -> float:
        """Cards a second of the hub as a part of those of `kind`: the median over the rounds."""
        return median(hub.rate / other.rate for hub, other in zip(self.rounds[HUB], self.rounds[kind], strict=True))

    def cpu_ratio(self, kind: str = BASELINE) -> float:
        """The same by CPU time a card."""
        return median(other.cpu / hub.cpu for hub, other in zip(self.rounds[HUB], self.rounds[kind], strict=True))

    def typical(self, kind: str) -> Served:
        """The medians of a kind's rounds."""
        rounds = self.rounds[kind]
        return Served(*(median(getattr(one, name) for one in rounds) for name in ("rate", "cpu", "p50", "p99")))


class Server:
    """A server in a child process."""

    def __init__(self, process: asyncio.subprocess.Process, port: int) -> None:
        self._process = process
        self.port = port

    async def cpu(self) -> float:
        """CPU seconds used so far, all threads."""
        assert self._process.stdin is not None
        self._process.stdin.write(b"\n")
        return (await _line(self._process))["cpu"]


async def _line(process: asyncio.subprocess.Process) -> dict[str, float]:
    assert process.stdout is not None
    return msgspec.json.decode(await process.stdout.readline(), type=dict[str, float])


@asynccontextmanager
async def server(folder: Path, kind: str) -> AsyncIterator[Server]:
    """A server of this kind over the stores in `folder`; ended when the block is left."""
    process = await _child("benchmarks.serving", str(folder), kind)
    try:
        async with asyncio.timeout(_START_WITHIN):
            port = int((await _line(process))["port"])
        yield Server(process, port)
    finally:
        assert process.stdin is not None
        process.stdin.close()
        await process.wait()


async def _child(module: str, *arguments: str) -> asyncio.subprocess.Process:
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, *arguments, stdin=pipe, stdout=pipe, env=country_environment()
    )


async def measure(world: World, name: str, rounds: int) -> CardFigures:
    """Ask the servers in turn for the card of the caseworker's family, over the stores in the sub-folder `name`."""
    role = await caseworker(world, name)
    served: dict[str, list[Served]] = {kind: [] for kind in KINDS}
    bodies: dict[str, bytes] = {}
    async with AsyncExitStack() as stack:
        servers = {kind: await stack.enter_async_context(server(world.folder / name, kind)) for kind in KINDS}
        for number in range(rounds + 1):
            for kind, one in servers.items():
                figures, body = await _round(one, role, warming=number == 0)
                bodies[kind] = body
                if number:
                    served[kind].append(figures)
    assert len(set(bodies.values())) == 1, "hub and baseline answer differently"
    card = msgspec.json.decode(bodies[HUB])["data"]["person"]
    members = card["households"][0]["members"]["totalCount"]
    return CardFigures({kind: tuple(rows) for kind, rows in served.items()}, len(bodies[HUB]), members)


async def caseworker(world: World, name: str) -> Mapping[str, Any]:
    """Token, activity, case, query and variables of the caseworker, for the stores in the sub-folder `name`."""
    settings = world.settings(name)
    async with stores_of(settings) as stores:
        sample = Sample(world.country.read("sample.json"), "")
        readers = Readers(stores.ring, development_issuer(settings), sample)
        return readers.roles(stores.clock.now())["caseworker"]


async def _round(one: Server, role: Mapping[str, Any], *, warming: bool) -> tuple[Served, bytes]:
    body = msgspec.json.encode({"query": role["query"], "variables": role["variables"]})
    headers = {"Kindred-Activity": role["activity"], "Kindred-Case": role["case"]}
    content = request(one.port, role["token"], headers, body)
    before = await one.cpu()
    result = await _load(Job(one.port, content, CLIENTS, _MOST, 0.5 if warming else _SECONDS))
    cpu = await one.cpu() - before
    assert result.wrong == 0, f"{result.wrong} of {result.answers} answers were wrong"
    rate = result.answers / result.seconds
    return Served(rate, cpu / result.answers * 1e3, result.p50, result.p99), result.body


async def _load(job: Job) -> Result:
    process = await _child("benchmarks.load")
    told, _ = await process.communicate(msgspec.json.encode(job))
    return msgspec.json.decode(told, type=Result)
