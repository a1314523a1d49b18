"""The demo from an empty folder to a serving hub, top to bottom."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shlex
import signal
import socket
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import uvicorn
from rich.console import Console

from domain.errors import KindredError, Unavailable
from kindred.demo.announcing import announce
from kindred.demo.country import Country, start
from kindred.demo.folder import DemoFolder
from kindred.demo.roles import Readers, Sample
from kindred.pulling import chosen, pull_all
from kindred.serving import not_started, port_of, server_of
from kindred.settings import PREFIX, Settings, read_settings
from kindred.startup import calm_collector, check_rooms
from kindred.wiring import Hub, Stores, development_issuer, migrate, open_hub, open_stores, pull_parts
from signin.issuer import DevelopmentIssuer

ISSUER = "https://demo.kindred.invalid"
CLIENT = "kindred"
_COUNTRY_WITHIN = 600.0
_LEAST_PEOPLE = 1000
"""A country is made of whole districts: there are about as many people in one, whatever was asked for."""
_READY_WITHIN = 30.0
"""Seconds that the first look at readiness may take."""
_BIND_WITHIN = 20.0


@dataclass(frozen=True, slots=True)
class Demo:
    """What was asked for. `folder` is absolute."""

    folder: Path
    people: int
    port: int
    seed: int

    def environment(self) -> dict[str, str]:
        """The settings of the demo's hub, as other verbs may be given them."""
        given = {
            "graph": f"sqlite:///{self.folder / 'graph.db'}",
            "docket": f"sqlite:///{self.folder / 'docket.db'}",
            "ledger": f"sqlite:///{self.folder / 'ledger.db'}",
            "keys": str(self.folder / "keys.json"),
            "ledger_key": str(self.folder / "ledger.pub"),
            "issuer": ISSUER,
            "jwks": str(self.folder / "issuer.jwks.json"),
            "development_key": str(self.folder / "issuer.key.json"),
            "agencies": str(self.folder / "agencies.json"),
            "identity_people": str(max(self.people, _LEAST_PEOPLE)),
            "port": str(self.port),
            "demo": "true",
        }
        return {f"{PREFIX}{name.upper()}": value for name, value in given.items()}

    def settings(self) -> Settings:
        """The same as settings. What stands in the surrounding environment does not count."""
        names = Settings.model_fields
        given = {name.removeprefix(PREFIX).lower(): value for name, value in self.environment().items()}
        defaults = {n: field.get_default(call_default_factory=True, validated_data=given) for n, field in names.items()}
        return read_settings(**{**defaults, **given})


async def run(demo: Demo, console: Console) -> None:
    """Run until SIGINT or SIGTERM, which end all that was started. Raises KindredError."""
    check_rooms()
    _check_port(demo.port)
    folder = DemoFolder(demo.folder)
    folder.take()
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, ended.set)
    try:
        await _until(ended, _run(demo, console, ended))
    finally:
        folder.release()


def _check_port(port: int) -> None:
    """Look at the start whether the port can be had, not after minutes of pulling. Raises Unavailable."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise not_started() from None


async def _until(ended: asyncio.Event, work: Any) -> None:
    """Let `work` run to its end or until told to end; what it started is ended by its own clean-up either way."""
    task, stop = asyncio.ensure_future(work), asyncio.ensure_future(ended.wait())
    await asyncio.wait({task, stop}, return_when=asyncio.FIRST_COMPLETED)
    stop.cancel()
    if not task.done():
        task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def _run(demo: Demo, console: Console, ended: asyncio.Event) -> None:
    settings = demo.settings()
    country: Country | None = None
    stores: Stores | None = None
    try:
        stores = open_stores(settings, create=True)
        await migrate(stores)
        issuer = development_issuer(settings)
        issuer.write_jwks(demo.folder / "issuer.jwks.json")
        with console.status(f"Making a country of {demo.people:,} people …"):
            country = await _country(demo)
        hub = open_hub(settings, stores)
        await _pull(settings, hub, console)
        hub.stores.ledger.write_public_key(demo.folder / "ledger.pub")
        await _serve(demo, hub, country, issuer, console)
    finally:
        if country is not None:
            await country.end()
        if stores is not None:
            await stores.close()


async def _country(demo: Demo) -> Country:
    key = demo.folder / "client.key.json"
    client = DevelopmentIssuer.open(key, CLIENT, CLIENT)
    client.write_jwks(demo.folder / "client.jwks.json")
    country = await start(demo.folder / "country", demo.people, demo.seed, demo.folder / "client.jwks.json")
    try:
        await country.ready(_COUNTRY_WITHIN)
    except BaseException:
        await country.end()
        raise
    _write(demo.folder / "agencies.json", msgspec.json.encode(country.entries(key)))
    return country


async def _pull(settings: Settings, hub: Hub, console: Console) -> None:
    parts = pull_parts(settings, hub.stores, hub.table.policy_hash)
    async with parts.session:
        calm_collector()
        await pull_all(chosen(()), parts, console)


async def _serve(demo: Demo, hub: Hub, country: Country, issuer: DevelopmentIssuer, console: Console) -> None:
    server = server_of(hub)
    serving = asyncio.create_task(server.run_quietly())
    try:
        url = await _listening(server, serving)
        content = _content(demo, hub, country, issuer, url)
        _write(demo.folder / "env", _exports(content["env"]))
        file = demo.folder / "demo.json"
        _write(file, msgspec.json.format(msgspec.json.encode(content), indent=2))
        announce(console, f"{url}/graphql", str(file), content)
        await asyncio.shield(serving)
    finally:
        server.should_exit = True
        await asyncio.gather(serving, return_exceptions=True)


async def _listening(server: uvicorn.Server, serving: asyncio.Task[None]) -> str:
    """The server's address, once it says that it is ready. Raises Unavailable."""
    async with asyncio.timeout(_BIND_WITHIN):
        while not server.started:
            if serving.done():
                raise not_started()
            await asyncio.sleep(0.05)
    url = f"http://127.0.0.1:{port_of(server)}"
    if not await asyncio.to_thread(_is_ready, f"{url}/readyz"):
        raise Unavailable(cause="the hub does not say that it is ready")
    return url


def _is_ready(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=_READY_WITHIN) as answer:  # noqa: S310 - our own address on loopback
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _content(demo: Demo, hub: Hub, country: Country, issuer: DevelopmentIssuer, url: str) -> Mapping[str, Any]:
    sample = country.read("sample.json")
    readers = Readers(hub.stores.ring, issuer, Sample(sample, _benefits(country, sample)))
    port = url.rpartition(":")[2]
    return {
        "url": f"{url}/graphql",
        "env": {**demo.environment(), f"{PREFIX}PORT": port},
        "roles": readers.roles(hub.stores.clock.now()),
        "case_without_warrant": sample["cases"]["investigator_without_warrant"],
        "people": readers.people(),
    }


def _exports(environment: Mapping[str, str]) -> bytes:
    """The environment as a shell reads it: `. var/demo/env` makes the hub's verbs speak of this demo."""
    return "".join(f"export {name}={shlex.quote(value)}\n" for name, value in environment.items()).encode()


def _benefits(country: Country, sample: Mapping[str, Any]) -> str:
    """Whom the benefits case is about: the country's list of what it served tells, its sample does not."""
    case = sample["cases"]["benefits_officer"].encode()
    with (country.folder / "manifest.ndjson").open("rb") as lines:
        for line in lines:
            if case in line:
                subject: str = msgspec.json.decode(line)["document"]["subjects"][0]["recordId"]
                return subject
    raise KindredError(cause="the sample's benefits case is not among what was served")


def _write(path: Path, content: bytes) -> None:
    """Write whole or not at all, for the owner alone."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    draft.replace(path)
