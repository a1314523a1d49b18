"""A hub, or its baseline, in a process of its own: `python -m benchmarks.serving FOLDER KIND`.

Writes its address as one JSON line; each line on standard input is answered by the CPU seconds used so far, and the
end of standard input is its end.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from dataclasses import replace
from pathlib import Path

import msgspec
import uvloop

from benchmarks.baseline import Memberships, open_answering
from benchmarks.world import SEED
from kindred.demo.running import Demo
from kindred.logs import set_up
from kindred.serving import port_of, server_of
from kindred.wiring import Hub, open_hub, open_stores

HUB = "hub"
BASELINE = "baseline"
SAME_READS = "same reads"
KINDS = (HUB, BASELINE, SAME_READS)


def answering(hub: Hub, kind: str, folder: Path) -> Hub:
    """The hub with the way out of this kind."""
    if kind == HUB:
        return hub
    parts = hub.answering._parts
    memberships = Memberships(folder / "graph.db", hub.stores.unsealer) if kind == BASELINE else None
    return replace(hub, answering=open_answering(parts, memberships))


async def _serve(folder: Path, kind: str) -> None:
    settings = Demo(folder, 0, 0, SEED).settings()
    hub = answering(open_hub(settings, open_stores(settings)), kind, folder)
    server = server_of(hub)
    serving = asyncio.create_task(server.run_quietly())
    while not server.started and not serving.done():  # noqa: ASYNC110 - the server tells by a flag alone
        await asyncio.sleep(0.02)
    _tell({"port": port_of(server)})
    await asyncio.to_thread(_answer_questions)
    server.should_exit = True
    await serving


def _answer_questions() -> None:
    for _ in sys.stdin:
        _tell({"cpu": time.process_time()})


def _tell(what: dict[str, float]) -> None:
    sys.stdout.write(msgspec.json.encode(what).decode() + "\n")
    sys.stdout.flush()


def main() -> None:
    """Serve until standard input ends. What it logs costs what it costs a hub, and goes nowhere."""
    folder, kind = Path(sys.argv[1]), sys.argv[2]
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())
    set_up()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(folder, kind))


if __name__ == "__main__":
    main()
