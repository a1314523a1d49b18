"""`make bench-scale`: by hand; an hour and more for a million people."""

from __future__ import annotations

import argparse
import asyncio
import sys
from dataclasses import asdict
from pathlib import Path

import msgspec

from benchmarks.scale import pulling, reading
from benchmarks.world import stores_of, world
from simulator.numbering import PEOPLE_A_BLOCK, number

_ALIVE_A_BLOCK = 265
_SOME_OF_A_BLOCK = 60
_FAMILIES = 300


def _tell(line: str) -> None:
    sys.stderr.write(line + "\n")


def _records(people: int) -> list[str]:
    """Numbers that the population register gave in a country of this size, all over it."""
    blocks = people // _ALIVE_A_BLOCK
    return [
        number("PR", block * PEOPLE_A_BLOCK + place) for block in range(blocks) for place in range(_SOME_OF_A_BLOCK)
    ]


async def _measure(folder: Path, people: int) -> dict[str, object]:
    async with world(folder, people, within=people / 100 + 300) as one:
        settings = one.place("stores")
        pulled = await pulling.measure(one, settings, folder / "bare.db", _tell)
        async with stores_of(settings) as stores:
            read = await reading.measure(settings, stores, _records(people), _FAMILIES)
    return {
        "people": people,
        "ratio": pulled.ratio,
        "cpu_ratio": pulled.cpu_ratio,
        "agencies": [asdict(agency) for agency in pulled.agencies],
        "reading": {what: asdict(waited) for what, waited in read.items()},
    }


def main() -> None:
    """Measure one size into a folder, which keeps the stores; figures as JSON beside them."""
    told = argparse.ArgumentParser(prog="python -m benchmarks.scale")
    told.add_argument("--people", type=int, default=1_000_000)
    told.add_argument("--out", type=Path, required=True, help="an empty folder with room (17 GB for a million people)")
    given = told.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    figures = asyncio.run(_measure(given.out.absolute(), given.people))
    (given.out / "figures.json").write_bytes(msgspec.json.format(msgspec.json.encode(figures)))
    sys.stdout.write(msgspec.json.format(msgspec.json.encode(figures)).decode() + "\n")


if __name__ == "__main__":
    main()
