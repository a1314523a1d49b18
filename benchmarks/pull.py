"""The way in: a pull of the whole country against bare inserts of the very rows it wrote, and its CPU by stage."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from statistics import median
from typing import Any, cast
from unittest import mock

import connectors.pull as pulling
from benchmarks.bare import Inserted, Recorder, insert
from benchmarks.stages import Stages
from benchmarks.world import World, parts_of, stores_of
from connectors.agencies.catalogue import AGENCIES
from connectors.parts import Parts
from connectors.pipeline import commit, entries
from connectors.pipeline.deciding import Deciding
from connectors.pipeline.folding import Folding
from connectors.protocols.opening import source_of
from connectors.pull import pull
from docket.port import Docket
from docket.sqlite_lane import SqliteLane
from graph.port import Writer
from graph.sqlite_store.writing import WriteThread
from policy.ledger.committer import Committer

STAGES = (
    "fetch and decode",
    "validate and claims",
    "candidates",
    "deciding",
    "docket",
    "folding and sealing",
    "graph write",
    "ledger",
    "network, loop, rest",
)


@dataclass(frozen=True, slots=True)
class Pulled:
    """What one pull of all agencies took: seconds by the clock, CPU seconds of the hub's process, rows and claims."""

    seconds: float
    cpu: float
    rows: int
    claims: int


@dataclass(frozen=True, slots=True)
class PullFigures:
    """Pulls and bare inserts of the same rows, taken in turn, and CPU microseconds a claim by stage."""

    pulls: tuple[Pulled, ...]
    inserts: tuple[Inserted, ...]
    stages: dict[str, float]

    @property
    def ratio(self) -> float:
        """Speed of the pull as a part of that of bare inserts, by the clock: the median over the repeats."""
        return median(bare.seconds / whole.seconds for whole, bare in zip(self.pulls, self.inserts, strict=True))

    @property
    def cpu_ratio(self) -> float:
        """The same by CPU time of the hub's process (the country's process is another)."""
        return median(bare.cpu / whole.cpu for whole, bare in zip(self.pulls, self.inserts, strict=True))

    @property
    def cpu_per_claim(self) -> float:
        """CPU microseconds a claim, the median over the repeats."""
        return median(whole.cpu / whole.claims for whole in self.pulls) * 1e6


async def measure(world: World, repeats: int) -> PullFigures:
    """Pull and insert `repeats` times in turn, then pull once more with clocks at every stage."""
    pulls, inserts = [], []
    for number in range(repeats):
        name = f"pull-{number}"
        whole, recorder = await _pulled(world, name)
        pulls.append(whole)
        inserts.append(await insert(recorder.batches, world.folder / name / "bare.db"))
    return PullFigures(tuple(pulls), tuple(inserts), await by_stage(world))


async def _pulled(world: World, name: str) -> tuple[Pulled, Recorder]:
    settings = world.place(name)
    async with stores_of(settings) as stores, parts_of(settings, stores) as parts:
        recorder = Recorder(parts.writer)
        return await run(replace(parts, writer=cast(Writer, recorder))), recorder


async def run(parts: Parts) -> Pulled:
    """Pull all agencies."""
    clock, cpu = time.perf_counter(), time.process_time()
    summaries = [await pull(agency, parts) for agency in AGENCIES]
    return Pulled(
        time.perf_counter() - clock,
        time.process_time() - cpu,
        sum(summary.rows for summary in summaries),
        sum(summary.claims for summary in summaries),
    )


async def by_stage(world: World, name: str = "stages") -> dict[str, float]:
    """CPU microseconds a claim by stage, of one pull."""
    settings, stages = world.place(name), Stages()
    async with stores_of(settings) as stores, parts_of(settings, stores) as parts:
        with _clocks(stages):
            whole = await run(replace(parts, docket=_timed_docket(stages, parts)))
    known = sum(stages.spent.values())
    stages.spent[STAGES[-1]] = max(0, round(whole.cpu * 1e9) - known)
    return {stage: stages.spent[stage] / whole.claims / 1e3 for stage in STAGES}


@contextmanager
def _clocks(stages: Stages) -> Iterator[None]:
    """Clocks at every stage that `connectors/pull.py` names, and on the writing threads of the stores."""
    loop: tuple[tuple[Any, str, str], ...] = (
        (pulling, "validate", "validate and claims"),
        (pulling, "candidates", "candidates"),
        (pulling, "guarded", "candidates"),
        (Deciding, "judge", "deciding"),
        (Folding, "fold", "folding and sealing"),
        (commit, "to_docket", "docket"),
        (commit, "to_graph", "graph write"),
        (entries, "outbox", "ledger"),
        (pulling, "settle", "ledger"),
    )
    threads: tuple[tuple[type, str, str], ...] = (
        (WriteThread, "_transaction", "graph write"),
        (SqliteLane, "_transact", "docket"),
        (Committer, "_write", "ledger"),
    )

    def sources(*given: Any) -> _TimedSource:
        return _TimedSource(stages, source_of(*given))

    with ExitStack() as patched:
        for owner, name, stage in loop:
            _replace(patched, owner, name, _method(stages.timed(stage, getattr(owner, name))))
        for owner, name, stage in threads:
            _replace(patched, owner, name, _method(stages.on_thread(stage, getattr(owner, name))))
        _replace(patched, pulling, "source_of", sources)
        yield


def _replace(patched: ExitStack, owner: Any, name: str, by: Any) -> None:
    patched.enter_context(mock.patch.object(owner, name, by))


def _method(call: Any) -> Any:
    """A plain function, so that it binds like a method where it stands in a class."""

    def run(*given: Any, **named: Any) -> Any:
        return call(*given, **named)

    return run


class _TimedSource:
    def __init__(self, stages: Stages, source: Any) -> None:
        self._stages = stages
        self._source = source

    def pages(self, cursor: str) -> Any:
        return self._stages.pages("fetch and decode", self._source.pages(cursor))


class _TimedDocket:
    """The docket, with every call of it counted."""

    def __init__(self, stages: Stages, docket: Docket) -> None:
        self._stages = stages
        self._docket = docket

    def __getattr__(self, name: str) -> Any:
        return self._stages.timed("docket", getattr(self._docket, name))


def _timed_docket(stages: Stages, parts: Parts) -> Any:
    return _TimedDocket(stages, parts.docket)


def filled(figures: PullFigures) -> str:
    """The sub-folder with the stores that the last of the measured pulls filled."""
    return f"pull-{len(figures.pulls) - 1}"
