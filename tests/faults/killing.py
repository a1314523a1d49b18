"""Killing a pull at chosen and at arbitrary moments, again and again, until it is done."""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from kindred.agency_access import AgencyEntry
from tests.faults.pulled import PLACES, Run, lay
from tests.servers.neo4j.server import Neo4jServer
from tests.worlds.country import Country
from tests.worlds.hub import access_to

ANYWHERE = "anywhere"
_TRANSACTIONS_AHEAD = 4
"""A kill strikes at most so many transactions after its run began, so that many kills fit into one pull."""
_SECONDS_AHEAD = 0.6
_STOP_SECONDS = 0.002
_END_SECONDS = 120


@dataclass
class Kills:
    """What was struck. `inside`: kills that found a transaction open, by place."""

    struck: int = 0
    inside: Counter[str] = field(default_factory=Counter)


def killed_pull(folder: Path, agencies: Sequence[str], targets: Sequence[str], seed: int) -> Kills:
    """Pull with one SIGKILL for each target, each in a run of its own, then once more to the end.

    A target is a place (graph, docket, ledger: the kill waits for an open transaction there) or `anywhere`. Ends early,
    with fewer kills than targets, only if the pull was done before.
    """
    chance, kills = random.Random(seed), Kills()
    for target in targets:
        run = Run.start(folder, "pull", *agencies)
        met = _anywhere(run, chance) if target == ANYWHERE else _inside(run, target, chance)
        os.kill(run.process.pid, signal.SIGKILL)
        run.process.join()
        if not met or run.process.exitcode != -signal.SIGKILL:
            break
        kills.struck += 1
        kills.inside.update(place for place in PLACES if run.marks.is_open(place))
    Run.start(folder, "pull", *agencies).wait()
    return kills


def pull_from_killed_server(
    folder: Path, agencies: Sequence[str], server: Neo4jServer, targets: Sequence[str], seed: int
) -> Kills:
    """Pull with one SIGKILL of the graph's server for each target, starting it again each time; then once to the end.

    A run may outlive its server, trying again what may pass, or end with an error, and then another one begins. The run
    is stopped while the server dies. Counted as inside are kills at whose moment the server itself said that a
    transaction held locks. Targets and the early end are as in `killed_pull`.
    """
    chance, kills, run = random.Random(seed), Kills(), Run.start(folder, "pull", *agencies)
    while kills.struck < len(targets):
        target = targets[kills.struck]
        if run.over and run.process.exitcode == 0:
            break
        if run.over:
            run = Run.start(folder, "pull", *agencies)
        if not (_anywhere(run, chance) if target == ANYWHERE else _inside(run, target, chance)):
            continue
        os.kill(run.process.pid, signal.SIGSTOP)
        kills.inside["graph"] += server.writing() > 0
        server.kill()
        os.kill(run.process.pid, signal.SIGCONT)
        kills.struck += 1
        server.start()
    run.process.join(_END_SECONDS)
    Run.start(folder, "pull", *agencies).wait()
    return kills


def _anywhere(run: Run, chance: random.Random) -> bool:
    end = time.monotonic() + chance.uniform(0.0, _SECONDS_AHEAD)
    return run.until(lambda: time.monotonic() >= end)


def _inside(run: Run, place: str, chance: random.Random) -> bool:
    """Stop the process within a transaction and look: if it had left it meanwhile, let it go on to the next one."""
    marks, pid = run.marks, run.process.pid
    number = marks.begun(place) + chance.randint(2, _TRANSACTIONS_AHEAD)
    while run.until(lambda: marks.begun(place) >= number and marks.is_open(place)):
        time.sleep(chance.uniform(0.0, 0.001))
        os.kill(pid, signal.SIGSTOP)
        time.sleep(_STOP_SECONDS)
        if marks.is_open(place):
            return True
        os.kill(pid, signal.SIGCONT)
    return False


def prepare(folder: Path, country: Country, keys: Path, page_size: int, *, server: Neo4jServer | None = None) -> None:
    """Lay the files of a hub that has pulled nothing yet into a new folder, and make its stores; hubs that share keys
    can be compared. `server`: where its graph lies, instead of in the folder.
    """
    folder.mkdir()
    if server is not None:
        lay(folder, server)
    shutil.copy(keys, folder / "keys.json")
    signing, published = folder / "client.key.json", folder / "agencies.jwks.json"
    secrets = {signing: country.signing_key, published: country.read("keys/agencies.jwks.json")}
    entries = {
        name: AgencyEntry(
            access.base_url,
            dict(access.headers),
            signing_key_file=str(signing),
            keys_file=str(published),
            page_size=page_size,
        )
        for name, access in access_to(country).items()
    }
    secrets[folder / "agencies.json"] = msgspec.to_builtins(entries)
    for path, content in secrets.items():
        path.touch(mode=0o600)
        path.write_bytes(msgspec.json.encode(content))
    Run.start(folder, "migrate").wait()
