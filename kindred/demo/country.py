"""The synthetic country as a child process: it ends when we do, however we end."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from domain.errors import Unavailable
from kindred.agency_access import AgencyEntry

_LOOK_EVERY = 0.1
_END_WITHIN = 5.0
XROAD_CLIENT = "KZ/GOV/KINDRED/HUB"


def country_environment() -> dict[str, str]:
    """The environment of the country's process: ours, with the folder that its package lies in, without settings."""
    root = str(Path(__file__).resolve().parents[2])
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KINDRED_")}
    known = kept.get("PYTHONPATH")
    return {**kept, "PYTHONPATH": root if not known else os.pathsep.join((root, known))}


@dataclass(slots=True)
class Country:
    """A running country. Its standard input is held open: its end is the country's end."""

    process: asyncio.subprocess.Process
    folder: Path
    url: str = ""

    async def ready(self, within: float) -> None:
        """Wait until it serves. Raises Unavailable if it ends before, or takes longer than `within` seconds."""
        file = self.folder / "ready.json"
        try:
            async with asyncio.timeout(within):
                while not file.exists():
                    if self.process.returncode is not None:
                        raise Unavailable(cause="the country's process ended")
                    await asyncio.sleep(_LOOK_EVERY)
        except TimeoutError:
            raise Unavailable(cause="the country took too long") from None
        self.url = msgspec.json.decode(file.read_bytes(), type=dict[str, Any])["url"]

    async def end(self) -> None:
        """End it; a second call does nothing."""
        if self.process.returncode is None:
            self.process.terminate()
            try:
                await asyncio.wait_for(self.process.wait(), _END_WITHIN)
            except TimeoutError:
                self.process.kill()
                await self.process.wait()

    def read(self, name: str) -> Any:
        """One of the files that it wrote."""
        return msgspec.json.decode((self.folder / name).read_bytes())

    def entries(self, client_key: Path) -> Mapping[str, AgencyEntry]:
        """How its agencies are reached, as it says itself."""
        secrets = self.read("credentials.json")
        keys = str(self.folder / "keys" / "agencies.jwks.json")
        xroad = {"X-Road-Client": XROAD_CLIENT}
        return {
            "population": AgencyEntry(self.url, xroad),
            "police": AgencyEntry(self.url, xroad),
            "civil": AgencyEntry(self.url, signing_key_file=str(client_key), keys_file=keys),
            "tax": AgencyEntry(self.url, {"X-Api-Key": secrets["tax"]["api_key"]}),
            "health": AgencyEntry(self.url, {"Authorization": f"Bearer {secrets['health']['bearer']}"}),
            "casework": AgencyEntry(self.url, {"X-Api-Key": secrets["casework"]["api_key"]}, keys_file=keys),
        }


async def start(folder: Path, people: int, seed: int, clients: Path) -> Country:
    """Start making and serving a country in `folder`. `clients`: the public keys of those who may sign requests."""
    arguments = ("--people", str(people), "--seed", str(seed), "--out", str(folder), "--port", "0")
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "simulator", "serve", *arguments, "--clients", str(clients), "--with-parent"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.DEVNULL,
        env=country_environment(),
        start_new_session=True,
    )
    return Country(process, folder)
