"""Running the application under uvicorn, in the foreground, until it is told to stop."""

from __future__ import annotations

import resource

import uvicorn

from domain.errors import Unavailable
from kindred.app import make_app
from kindred.settings import PREFIX, Settings
from kindred.startup import calm_collector, check_rooms
from kindred.web.connections import connections
from kindred.wiring import Hub, open_hub, open_stores


def not_started() -> Unavailable:
    """The error of a server that could not start; uvicorn itself would end the process."""
    return Unavailable(field=f"{PREFIX}PORT", fix="another_port", cause="the server did not start")


class Server(uvicorn.Server):
    """uvicorn's server, which can also be run by somebody who looks after signals themselves."""

    async def run_quietly(self) -> None:
        """Serve until `should_exit`; installs no signal handlers. Raises Unavailable if it cannot start."""
        try:
            await self._serve()
        except SystemExit:
            raise not_started() from None


def connections_bound(wanted: int) -> int:
    """How many connections may be open: as wanted, but never so many that stores and ledger lack files to open."""
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return wanted if files == resource.RLIM_INFINITY else max(1, min(wanted, files // 2))


def server_of(hub: Hub) -> Server:
    """A server for the hub that is not running yet."""
    settings = hub.settings
    config = uvicorn.Config(
        make_app(hub),
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http=connections(connections_bound(settings.max_connections), settings.head_seconds),
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=settings.drain_seconds,
    )
    return Server(config)


def port_of(server: uvicorn.Server) -> int:
    """The port on which a started server listens."""
    return int(server.servers[0].sockets[0].getsockname()[1])


async def serve(settings: Settings) -> None:
    """Open the hub and serve until SIGINT or SIGTERM; requests under way are finished first. Raises KindredError."""
    check_rooms()
    stores = open_stores(settings)
    try:
        hub = open_hub(settings, stores)
        if settings.ledger_key is not None:
            stores.ledger.write_public_key(settings.ledger_key)
    except BaseException:
        await stores.close()
        raise
    calm_collector()
    try:
        await server_of(hub).serve()
    except SystemExit:
        raise not_started() from None
