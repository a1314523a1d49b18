"""The command line: `python -m simulator generate|serve|event|linkage`."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import resource
import sys
import time
from datetime import date
from pathlib import Path

import aiohttp
import orjson

from simulator.country.generating import Made, generate
from simulator.country.options import Layout, Options
from simulator.linkage import writing as linkage
from simulator.serving.process import serve

_DESCRIPTION = "A small synthetic country that serves its agencies over HTTP on loopback."


def main(arguments: list[str] | None = None) -> int:
    """Run a command; 0 when all went well."""
    parsed = _parser().parse_args(arguments)
    if parsed.command == "event":
        return asyncio.run(_event(parsed.dir, parsed.type, parsed.pairs))
    if parsed.command == "linkage":
        written = linkage.write(parsed.out, parsed.people, parsed.seed, parsed.today)
        sys.stderr.write(f"{written.register} rows of the register, {written.claims} claims\n")
        return 0
    options = Options(parsed.people, parsed.seed, parsed.out, parsed.today, parsed.error_rate, parsed.markers)
    _generate(options)
    if parsed.command == "serve":
        asyncio.run(serve(options, parsed.port, parsed.clients, parsed.with_parent))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m simulator", description=_DESCRIPTION)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, text in (("generate", "write a country to a folder"), ("serve", "write a country and serve it")):
        command = commands.add_parser(name, help=text)
        command.add_argument("--people", type=int, default=20_000, help="living people, at least; in whole blocks")
        command.add_argument("--seed", type=int, default=1)
        command.add_argument("--out", type=Path, required=True, help="the folder of the country")
        command.add_argument("--today", type=date.fromisoformat, default=date(2026, 11, 22))
        command.add_argument("--error-rate", type=_rate, default=None, help="scale of all error rates; 0 is clean")
        command.add_argument("--markers", action="store_true", help="unique names, texts and amounts; clean by default")
        if name == "serve":
            command.add_argument("--port", type=int, default=0)
            command.add_argument("--clients", type=Path, help="JWKS of those who may sign DCI requests")
            command.add_argument("--with-parent", action="store_true", help="end when stdin ends")
    claims = commands.add_parser("linkage", help="write a register and claims without national ids, with the truth")
    claims.add_argument("--people", type=int, default=2_000, help="living people, at least; in whole blocks")
    claims.add_argument("--seed", type=int, default=1)
    claims.add_argument("--out", type=Path, required=True, help="the folder to write to")
    claims.add_argument("--today", type=date.fromisoformat, default=date(2026, 11, 22))
    event = commands.add_parser("event", help="play an event into a running country")
    event.add_argument("--dir", type=Path, required=True)
    event.add_argument("type")
    event.add_argument("pairs", nargs="*", metavar="key=value", help="a value is JSON, else text; a,b is a list")
    return parser


def _rate(text: str) -> float:
    rate = float(text)
    if not 0 <= rate <= 10:
        raise argparse.ArgumentTypeError("between 0 and 10")
    return rate


def _generate(options: Options) -> Made:
    """Generate, with the pace on standard error."""
    began = time.monotonic()
    made = generate(options)
    took = time.monotonic() - began
    peak = _peak() // 1024
    rows = sum(made.rows.values())
    sys.stderr.write(
        f"{made.living} living people in {made.blocks} blocks, {rows} rows, {took:.1f} s"
        f" ({made.living / took:.0f} people/s), peak {peak} MB\n"
    )
    return made


def _peak() -> int:
    """The most memory this process has had, kB; where the system tells it, without what it was forked from."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


async def _event(folder: Path, kind: str, pairs: list[str]) -> int:
    """Post an event to the country that serves from `folder`; print the answer."""
    files = Layout(folder)
    url = orjson.loads(files.ready.read_bytes())["url"]
    key = orjson.loads(files.credentials.read_bytes())["control"]["key"]
    body = orjson.dumps({"type": kind, **dict(_pair(pair) for pair in pairs)})
    headers = {"X-Control-Key": key, "Content-Type": "application/json"}
    async with (
        aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60)) as session,
        session.post(f"{url}/_control/events", data=body, headers=headers) as answer,
    ):
        text = await answer.text()
        (sys.stdout if answer.ok else sys.stderr).write(text + "\n")
        return 0 if answer.ok else 1


def _pair(pair: str) -> tuple[str, object]:
    name, _, text = pair.partition("=")
    try:
        return name, orjson.loads(text)
    except orjson.JSONDecodeError:
        return name, text.split(",") if "," in text or name in ("recordIds", "children") else text
