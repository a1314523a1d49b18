"""`make bench-scale`: by hand; hours for a million people in both stores. Stopped, it goes on when it is called again
with the same folder."""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
from pathlib import Path

import msgspec

from benchmarks.scale.growing import grown
from benchmarks.scale.one import STORES, measure

SIZES = (100_000, 1_000_000)


def main() -> None:
    """Measure each size in each store, below one folder, which keeps countries and stores; figures as JSON in it."""
    told = argparse.ArgumentParser(prog="python -m benchmarks.scale")
    told.add_argument("--people", type=int, nargs="+", default=SIZES, help="sizes; the last is held against the first")
    told.add_argument("--store", nargs="+", choices=sorted(STORES), default=sorted(STORES))
    told.add_argument(
        "--out",
        type=Path,
        required=True,
        help="a folder with room (40 GB for a million people in a store); the one of a run that was stopped goes on",
    )
    given = told.parse_args()
    os.umask(0o077)
    # Ended by SIGTERM it keeps its figures too, as by SIGINT.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    for store in given.store:
        figures = []
        for people in sorted(given.people):
            folder = given.out.absolute() / f"{store}-{people}"
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            figures.append(asyncio.run(measure(folder, people, store)))
            _written(folder / "figures.json", figures[-1])
        if len(figures) > 1:
            _written(given.out / f"growth-{store}.json", grown(figures[0], figures[-1]))


def _written(file: Path, figures: dict[str, object]) -> None:
    shown = msgspec.json.format(msgspec.json.encode(figures))
    file.write_bytes(shown)
    sys.stdout.write(f"{shown.decode()}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
