"""`kindred pull` in a process of its own that leaves marks of what it is doing, for whoever is to kill it.

The marks lie in a mapped file, so that they outlive a SIGKILL: for each place whether a transaction is open there, and
how many were begun.
"""

from __future__ import annotations

import json
import mmap
import multiprocessing
import os
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from docket.sqlite_lane import SqliteLane
from graph.opening import GraphStore, open_graph
from graph.options import GraphOptions
from graph.sqlite_store.writing import WriteThread
from kindred.cli.verbs import main
from policy.ledger.store import Store
from tests.servers.neo4j.server import Neo4jServer

PLACES = ("graph", "docket", "ledger")
_BEGUN = 8
"""Where the counters begin; the open marks stand before them."""
_SIZE = _BEGUN + 4 * len(PLACES)


class Marks:
    """The mapped file, seen from either process."""

    def __init__(self, path: Path) -> None:
        with path.open("r+b") as file:
            self._map = mmap.mmap(file.fileno(), _SIZE)

    @staticmethod
    def fresh(path: Path) -> Marks:
        """Marks of a process that has done nothing yet."""
        path.write_bytes(bytes(_SIZE))
        return Marks(path)

    def is_open(self, place: str) -> bool:
        """Whether a transaction is open at the place: begun, and its commit not yet answered."""
        return bool(self._map[PLACES.index(place)])

    def begun(self, place: str) -> int:
        """How many transactions were begun at the place."""
        (count,) = struct.unpack_from("<I", self._map, _BEGUN + 4 * PLACES.index(place))
        return int(count)

    def enter(self, place: str) -> None:
        """A transaction was begun."""
        struct.pack_into("<I", self._map, _BEGUN + 4 * PLACES.index(place), self.begun(place) + 1)
        self._map[PLACES.index(place)] = 1

    def leave(self, place: str) -> None:
        """It was committed, or not."""
        self._map[PLACES.index(place)] = 0


def _marked(marks: Marks, place: str, owner: Any, whole: str) -> None:
    """Mark a method that takes a job and runs it inside a transaction."""
    inner = getattr(owner, whole)

    def run(self: Any, job: Callable[[Any], Any], *more: Any) -> Any:
        def entered(connection: Any) -> Any:
            marks.enter(place)
            return job(connection)

        try:
            return inner(self, entered, *more)
        finally:
            marks.leave(place)

    setattr(owner, whole, run)


def _marked_ledger(marks: Marks) -> None:
    append, commit = Store._append, Store.commit

    def entered(self: Store, *given: Any) -> Any:
        marks.enter("ledger")
        return append(self, *given)

    def committed(self: Store, *given: Any) -> Any:
        try:
            return commit(self, *given)
        finally:
            marks.leave("ledger")

    vars_of: Any = Store
    vars_of._append, vars_of.commit = entered, committed


def _marked_server(marks: Marks) -> None:
    """Mark transactions on a server: open from the first statement until the commit was answered or given up."""
    # Imported here: most runs have no server and need not load its driver.
    from graph.neo4j_store.connection import Connection

    inner = Connection._in_turn

    async def run(self: Connection, work: Callable[[Any], Any], *more: Any) -> Any:
        async def entered(transaction: Any) -> Any:
            marks.enter("graph")
            return await work(transaction)

        try:
            return await inner(self, entered, *more)
        finally:
            marks.leave("graph")

    vars_of: Any = Connection
    vars_of._in_turn = run


def lay(folder: Path, server: Neo4jServer) -> None:
    """Have the hub of a folder keep its graph on a server."""
    settings = {"KINDRED_GRAPH": server.address, "KINDRED_GRAPH_CREDENTIALS": str(server.credentials)}
    (folder / "elsewhere.json").write_text(json.dumps(settings))


def elsewhere(folder: Path) -> dict[str, str]:
    """The settings of a graph that does not lie in the folder."""
    file = folder / "elsewhere.json"
    return json.loads(file.read_text()) if file.exists() else {}


def graph_of(folder: Path) -> GraphStore:
    """The graph of the hub whose files lie in the folder."""
    found = elsewhere(folder)
    if not found:
        return open_graph(f"sqlite:///{folder}/graph.db")
    return open_graph(found["KINDRED_GRAPH"], GraphOptions(credentials=Path(found["KINDRED_GRAPH_CREDENTIALS"])))


def _run(folder: Path, arguments: tuple[str, ...]) -> None:
    """What the child does: the command line of the hub whose files lie in the folder."""
    marks = Marks(folder / "marks")
    _marked(marks, "graph", WriteThread, "_transaction")
    _marked_server(marks)
    _marked(marks, "docket", SqliteLane, "_transact")
    _marked_ledger(marks)
    for name in ("graph", "docket", "ledger"):
        os.environ[f"KINDRED_{name.upper()}"] = f"sqlite:///{folder / name}.db"
    os.environ.update(elsewhere(folder))
    os.environ["KINDRED_KEYS"] = str(folder / "keys.json")
    os.environ["KINDRED_AGENCIES"] = str(folder / "agencies.json")
    log = os.open(folder / "log.txt", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(log, 1)
    os.dup2(log, 2)
    main(arguments)


_PROCESSES = multiprocessing.get_context("forkserver")
"""Children are forked from a process that has the program loaded, so that most of a run is work worth killing."""
_PROCESSES.set_forkserver_preload([__name__])


@dataclass
class Run:
    """One run of the command line in its own process."""

    process: Any
    marks: Marks
    folder: Path

    @staticmethod
    def start(folder: Path, *arguments: str) -> Run:
        """Begin a run over the stores in the folder."""
        marks = Marks.fresh(folder / "marks")
        process = _PROCESSES.Process(target=_run, args=(folder, arguments), daemon=True)
        process.start()
        return Run(process, marks, folder)

    @property
    def over(self) -> bool:
        """Whether it has ended by itself."""
        return self.process.exitcode is not None

    def wait(self, seconds: float = 120) -> None:
        """Wait for its good end; fails with what it printed."""
        self.process.join(seconds)
        if self.process.exitcode != 0:
            code = self.process.exitcode
            self.process.kill()
            raise AssertionError(f"ended with {code}: {(self.folder / 'log.txt').read_text()[-2000:]}")

    def until(self, met: Callable[[], bool], seconds: float = 60) -> bool:
        """Watch closely until something is met (True) or the run is over (False)."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if met():
                return True
            if self.over:
                return False
            time.sleep(0.000_1)
        raise AssertionError("the run neither ended nor came to the place")
