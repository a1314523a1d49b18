"""`kindred serve`."""

from __future__ import annotations

import asyncio

import uvloop

from kindred.serving import serve as serve_hub
from kindred.settings import read_settings


def serve() -> None:
    """Serve the hub in the foreground, as the settings in KINDRED_* say."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve_hub(read_settings()))
