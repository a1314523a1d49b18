"""What the benchmarks run on: a synthetic country in a child process, and stores that were pulled from it."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from connectors.parts import Parts
from kindred.demo.country import Country, start
from kindred.demo.running import CLIENT, Demo
from kindred.settings import Settings
from kindred.wiring import Stores, development_issuer, migrate, open_stores, pull_parts
from signin.issuer import DevelopmentIssuer

SEED = 1
_COUNTRY_WITHIN = 300.0


@dataclass(frozen=True, slots=True)
class World:
    """A country that serves, and the folder under which stores are made. `people`: at least so many live in it."""

    country: Country
    folder: Path
    people: int

    def settings(self, name: str) -> Settings:
        """The settings of the stores in the sub-folder `name`: a demo's, on a free port."""
        return Demo(self.folder / name, self.people, 0, SEED).settings()

    def place(self, name: str, *, kept: bool = False) -> Settings:
        """Make an empty sub-folder for stores; its settings. `kept`: go on with the stores that are in it."""
        folder = self.folder / name
        if not kept:
            shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(exist_ok=kept)
        agencies = folder / "agencies.json"
        agencies.touch(mode=0o600)
        agencies.write_bytes(msgspec.json.encode(self.country.entries(self.folder / "client.key.json")))
        return self.settings(name)


@asynccontextmanager
async def world(folder: Path, people: int, within: float = _COUNTRY_WITHIN) -> AsyncIterator[World]:
    """A country of at least `people`, always the same one, there after `within` seconds at the latest; ended when the
    block is left."""
    client = DevelopmentIssuer.open(folder / "client.key.json", CLIENT, CLIENT)
    client.write_jwks(folder / "client.jwks.json")
    # Left there by one that was killed, it would name an address at which nobody is.
    (folder / "country" / "ready.json").unlink(missing_ok=True)
    country = await start(folder / "country", people, SEED, folder / "client.jwks.json")
    try:
        await country.ready(within)
        yield World(country, folder, people)
    finally:
        await country.end()


@asynccontextmanager
async def stores_of(settings: Settings) -> AsyncIterator[Stores]:
    """Open stores in their newest layout, closed when the block is left. The issuer's public keys lie beside them."""
    stores = open_stores(settings, create=True)
    try:
        await migrate(stores)
        if settings.jwks is not None:
            development_issuer(settings).write_jwks(settings.jwks)
        yield stores
    finally:
        await stores.close()


@asynccontextmanager
async def parts_of(settings: Settings, stores: Stores) -> AsyncIterator[Parts]:
    """What a pull into the stores is handed; its network session is closed when the block is left."""
    parts = pull_parts(settings, stores)
    async with parts.session:
        yield parts
