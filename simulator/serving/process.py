"""The serving process: binds, says that it is ready, and ends by signal or with its parent."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from pathlib import Path

from aiohttp import web

from simulator.country.keys import credentials, write
from simulator.country.options import Options
from simulator.country.store import Store
from simulator.events.play import Player
from simulator.serving.app import application
from simulator.serving.state import Clients, Running


async def serve(options: Options, port: int, clients: Path | None, with_parent: bool) -> None:
    """Serve a generated country on loopback until SIGTERM, SIGINT, or (with `with_parent`) the end of stdin."""
    files = options.files()
    store = Store(options)
    running = Running(store, credentials(files), Clients(clients), Player(store))
    runner = web.AppRunner(application(running), access_log=None, shutdown_timeout=2)
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    if with_parent:
        threading.Thread(target=_await_parent, args=(loop, ended), daemon=True).start()
    try:
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", port)
        await site.start()
        bound = runner.addresses[0][1]
        write(files.ready, {"url": f"http://127.0.0.1:{bound}", "pid": os.getpid()})
        await ended.wait()
    finally:
        files.ready.unlink(missing_ok=True)
        await runner.cleanup()
        store.close()


def _await_parent(loop: asyncio.AbstractEventLoop, ended: asyncio.Event) -> None:
    """The parent holds the other end of stdin: its end is the parent's end."""
    while os.read(sys.stdin.fileno(), 4096):
        pass
    loop.call_soon_threadsafe(ended.set)
