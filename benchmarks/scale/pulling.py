"""The way in at scale: every agency pulled into one store, the same rows written barely beside it, and the memory."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

import msgspec

from benchmarks.scale.beside import Bare, Beside, ServerCpu, clocked
from benchmarks.scale.sittings import AgencyPulled, Sittings
from benchmarks.world import parts_of, stores_of
from connectors.agencies.agency import Agency
from connectors.agencies.catalogue import AGENCIES
from connectors.parts import Parts
from connectors.progress import Summary
from connectors.pull import pull
from graph.port import Writer
from kindred.settings import Settings
from kindred.startup import calm_collector

_TELL_EVERY = 15.0


@dataclass(frozen=True, slots=True)
class ScalePulled:
    """The pull of a whole country, in however many sittings."""

    sittings: int
    agencies: tuple[AgencyPulled, ...]

    @property
    def ratio(self) -> float:
        """Speed as a part of that of bare writes of the same rows, by the clock."""
        return sum(a.bare.seconds for a in self.agencies) / sum(a.hub.seconds for a in self.agencies)

    @property
    def cpu_ratio(self) -> float:
        """The same by CPU of the hub's process."""
        return sum(a.bare.cpu for a in self.agencies) / sum(a.hub.cpu for a in self.agencies)

    @property
    def whole_cpu_ratio(self) -> float:
        """The same by CPU of the hub's process and of the store's server together: does not hang on who waits."""
        return sum(a.bare.cpu + a.bare.server_cpu for a in self.agencies) / sum(
            a.hub.cpu + a.hub.server_cpu for a in self.agencies
        )


class _Sitting:
    """One agency's part of this sitting: clocks it, and tells and keeps how far it is every quarter of a minute."""

    def __init__(
        self, agency: str, sittings: Sittings, beside: Beside, server: ServerCpu, tell: Callable[[str], None]
    ) -> None:
        self._before = sittings.of(agency)
        self._sittings, self._beside, self._server, self._tell = sittings, beside, server, tell
        self._bare, self._apart, self._began = beside.bare, beside.apart, clocked(server)
        self._kept = time.perf_counter()
        self._summary = Summary(agency)

    def moved(self, summary: Summary) -> None:
        """As the port of a pull's progress says."""
        self._summary = summary
        if time.perf_counter() - self._kept > _TELL_EVERY:
            self.keep(whole=False)

    def ended(self, summary: Summary) -> None:
        """As the port of a pull's progress says."""
        self._summary = summary

    def keep(self, *, whole: bool) -> None:
        """Add this sitting to those before."""
        self._kept = time.perf_counter()
        bare = self._beside.bare - self._bare
        hub = clocked(self._server) - self._began - (self._beside.apart - self._apart) - replace(bare, rows=0)
        done, summary = self._before, self._summary
        this = AgencyPulled(
            summary.agency, summary.rows, summary.claims, summary.refolded, replace(hub, rows=bare.rows), bare,
            peak_mib(), whole,
        )  # fmt: skip
        done = self._before.and_then(this)
        self._sittings.put(done)
        line = {
            "agency": done.agency,
            "rows": done.rows,
            "seconds": round(done.hub.seconds),
            "bare_seconds": round(done.bare.seconds),
            "cpu": round(done.hub.cpu),
            "peak_mib": done.peak_mib,
            "sitting": self._sittings.count,
        }
        self._tell(msgspec.json.encode(line).decode())


async def measure(
    settings: Settings, bare: Bare, server: ServerCpu, sittings: Sittings, tell: Callable[[str], None]
) -> ScalePulled:
    """Pull all agencies into the stores of `settings`, with bare writes beside; those that are not pulled whole yet.

    Stopped and called again with the same stores and sittings, it goes on from the last page that was committed.
    """
    left = [agency for agency in AGENCIES if not sittings.of(agency.name).whole]
    if left:
        sittings.sit_down()
        async with stores_of(settings) as stores, parts_of(settings, stores) as parts:
            beside = Beside(parts.writer, bare, server)
            calm_collector()
            parts = replace(parts, writer=cast(Writer, beside))
            for agency in left:
                await _pulled(agency, parts, _Sitting(agency.name, sittings, beside, server, tell))
    return ScalePulled(sittings.count, sittings.agencies)


async def _pulled(agency: Agency, parts: Parts, sitting: _Sitting) -> None:
    whole = False
    try:
        await pull(agency, parts, sitting)
        whole = True
    finally:
        sitting.keep(whole=whole)


def peak_mib() -> int:
    """The most memory this process has held, MiB."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) // 1024
    return 0
