"""`make bench`: everything, in a few minutes, one after the other."""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from benchmarks import card, ledger, pull, report, vault
from benchmarks.linkage import measuring as linkage
from benchmarks.linkage.sizes import sizes_section
from benchmarks.world import world


async def _measure(console: Console, people: int, repeats: int) -> list[report.Section]:
    with tempfile.TemporaryDirectory(prefix="kindred-bench-") as made:
        folder = Path(made)
        console.print(f"A country of {people:,} people …")
        async with world(folder, people) as one:
            console.print("The way in …")
            pulled = await pull.measure(one, repeats)
            console.print("The way out …")
            cards = await card.measure(one, pull.filled(pulled), repeats + 2)
        console.print("Linkage …")
        claims, sizes = await linkage.country_section(folder), sizes_section(folder)
        console.print("Ledger and vault …")
        entries = await ledger.measure(folder, repeats)
        prices = vault.measure(folder, repeats)
    return [
        report.pull_section(pulled),
        report.stages_section(pulled),
        report.card_section(cards),
        report.ledger_section(entries),
        report.vault_section(prices),
        claims,
        sizes,
        linkage.febrl_section(),
    ]


async def _linkage(console: Console) -> list[report.Section]:
    with tempfile.TemporaryDirectory(prefix="kindred-bench-") as made:
        console.print("Linkage …")
        folder = Path(made)
        return [await linkage.country_section(folder), sizes_section(folder), linkage.febrl_section()]


def main() -> None:
    """Measure, show, and write docs/benchmarks.md."""
    told = argparse.ArgumentParser(prog="python -m benchmarks")
    told.add_argument("--people", type=int, default=2000, help="how many people live in the country")
    told.add_argument("--repeats", type=int, default=3, help="how often each side is measured, in turn")
    told.add_argument("--no-page", action="store_true", help="leave docs/benchmarks.md as it is")
    told.add_argument("--linkage", action="store_true", help="measure linkage alone and write its part of the page")
    given = told.parse_args()
    console = Console()
    if not console.is_terminal:
        console = Console(width=120)
    measured = _linkage(console) if given.linkage else _measure(console, given.people, given.repeats)
    sections = asyncio.run(measured)
    report.show(console, sections)
    today = datetime.now(UTC).date()
    if given.linkage and not given.no_page:
        report.rewrite(sections, today)
    elif not given.no_page:
        report.write(sections, today, given.people)


if __name__ == "__main__":
    main()
