"""The way in at scale: every agency pulled into one store, the same rows written barely beside it, and the memory."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

import msgspec

from benchmarks.scale.beside import Bare, Beside
from benchmarks.world import World, parts_of, stores_of
from connectors.agencies.catalogue import AGENCIES
from connectors.progress import Summary
from connectors.pull import pull
from graph.port import Writer
from kindred.settings import Settings
from kindred.startup import calm_collector

_TELL_EVERY = 15.0


@dataclass(frozen=True, slots=True)
class AgencyPulled:
    """One agency's part, added up: rows, claims, seconds and CPU seconds of the hub alone, and of the bare side."""

    agency: str
    rows: int
    claims: int
    seconds: float
    cpu: float
    bare_rows: int
    bare_seconds: float
    bare_cpu: float
    peak_mib: int


@dataclass(frozen=True, slots=True)
class ScalePulled:
    """The pull of a whole country."""

    people: int
    agencies: tuple[AgencyPulled, ...]

    @property
    def ratio(self) -> float:
        """Speed as a part of that of bare writes of the same rows, by the clock."""
        return sum(a.bare_seconds for a in self.agencies) / sum(a.seconds for a in self.agencies)

    @property
    def cpu_ratio(self) -> float:
        """The same by CPU of this process."""
        return sum(a.bare_cpu for a in self.agencies) / sum(a.cpu for a in self.agencies)


class _Watch:
    """Tells the pace every quarter of a minute, as one JSON line each."""

    def __init__(self, beside: Beside, tell: Callable[[str], None]) -> None:
        self._beside, self._tell, self._told = beside, tell, 0.0
        self._began = time.perf_counter()

    def moved(self, summary: Summary) -> None:
        if time.perf_counter() - self._told > _TELL_EVERY:
            self._told = time.perf_counter()
            self.ended(summary)

    def ended(self, summary: Summary) -> None:
        line = {
            "agency": summary.agency,
            "rows": summary.rows,
            "seconds": round(time.perf_counter() - self._began),
            "bare_seconds": round(self._beside.state()[1]),
            "peak_mib": peak_mib(),
        }
        self._tell(msgspec.json.encode(line).decode())


async def measure(world: World, settings: Settings, bare: Bare, tell: Callable[[str], None]) -> ScalePulled:
    """Pull all agencies into the stores of `settings`, with bare writes beside."""
    done = []
    async with stores_of(settings) as stores, parts_of(settings, stores) as parts:
        beside = Beside(parts.writer, bare)
        watch = _Watch(beside, tell)
        calm_collector()
        parts = replace(parts, writer=cast(Writer, beside))
        for agency in AGENCIES:
            before, clock, cpu = beside.state(), time.perf_counter(), time.process_time()
            summary = await pull(agency, parts, watch)
            rows, seconds, used, apart, apart_cpu = (
                now - then for now, then in zip(beside.state(), before, strict=True)
            )
            whole, whole_cpu = time.perf_counter() - clock, time.process_time() - cpu
            done.append(
                AgencyPulled(
                    agency.name, summary.rows, summary.claims, whole - seconds - apart, whole_cpu - used - apart_cpu,
                    int(rows), seconds, used, peak_mib(),
                )
            )  # fmt: skip
    return ScalePulled(world.people, tuple(done))


def peak_mib() -> int:
    """The most memory this process has held, MiB."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) // 1024
    return 0
