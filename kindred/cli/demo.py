"""`kindred demo`."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer
import uvloop

from kindred.demo.running import Demo, run
from kindred.pulling import wide_console

People = Annotated[int, typer.Option(min=1, help="Living people of the country, at least.")]
Port = Annotated[int, typer.Option(min=0, max=65535, help="Port to serve on; 0 takes a free one.")]
Seed = Annotated[int, typer.Option(help="Seed of the country.")]
Folder = Annotated[Path, typer.Option("--dir", help="Where all of the demo's files go. It is emptied first.")]


def demo(people: People = 20_000, port: Port = 8000, seed: Seed = 1, folder: Folder = Path("var/demo")) -> None:
    """Make a synthetic country, pull it in and serve it with tokens for every role, until stopped."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(run(Demo(folder.resolve(), people, port, seed), wide_console()))
