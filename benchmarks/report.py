"""What was measured, as tables on the terminal and as docs/benchmarks.md."""

from __future__ import annotations

import os
import platform
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

from benchmarks.card import CLIENTS, CardFigures
from benchmarks.ledger import SUBJECTS, WRITERS, LedgerFigures
from benchmarks.pull import PullFigures
from benchmarks.serving import BASELINE, HUB, KINDS, SAME_READS

PAGE = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"

_HEAD = """# Benchmarks

`make bench` measures all of this in a few minutes and writes this page anew. Trust the ratios: both sides of each run
in turn in the same minutes on the same machine. The times depend on the machine and on what else it does.

"""


@dataclass(frozen=True, slots=True)
class Section:
    """One table with what has to be known to read it."""

    title: str
    text: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def pull_section(pull: PullFigures) -> Section:
    """The way in against bare inserts."""
    whole, bare = pull.pulls, pull.inserts
    rows = (
        ("speed as a part of bare inserts, by the clock (aim 0.15)", f"{pull.ratio:.3f}"),
        ("the same by CPU of the hub's process", f"{pull.cpu_ratio:.3f}"),
        ("claims taken in a second", f"{median(p.claims / p.seconds for p in whole):,.0f}"),
        ("CPU a claim, µs", f"{pull.cpu_per_claim:.0f}"),
        ("bare inserts, rows a second", f"{median(b.rows / b.seconds for b in bare):,.0f}"),
    )
    text = (
        f"All agencies over HTTP into empty stores: {whole[0].rows:,} rows, {whole[0].claims:,} claims, "
        f"{bare[0].rows:,} rows of the graph's tables. Against it: exactly those rows, prepared, in the same batches "
        f"and durable commits, by the store's own thread into a file of the same layout. Medians of {len(whole)}."
    )
    return Section("The way in", text, ("", "figure"), rows)


def stages_section(pull: PullFigures) -> Section:
    """Where the CPU of a pull goes."""
    total = sum(pull.stages.values())
    rows = tuple((stage, f"{spent:.1f}", f"{spent / total:.0%}") for stage, spent in pull.stages.items())
    text = "CPU of the hub's process in one pull with a clock at every stage, writing threads included."
    return Section("The way in by stage", text, ("stage", "µs a claim", "share"), (*rows, _total(total)))


def _total(total: float) -> tuple[str, ...]:
    return ("all", f"{total:.1f}", "100%")


def card_section(card: CardFigures) -> Section:
    """Family cards against the baselines."""
    shown = {HUB: "hub", BASELINE: "baseline, no facts read", SAME_READS: "baseline that reads the hub's facts too"}
    rows = []
    for kind in KINDS:
        one = card.typical(kind)
        ratios = ("", "") if kind == HUB else (f"{card.ratio(kind):.2f}", f"{card.cpu_ratio(kind):.2f}")
        rows.append((shown[kind], f"{one.rate:,.0f}", f"{one.cpu:.2f}", f"{one.p50:.1f}", f"{one.p99:.1f}", *ratios))
    text = (
        f"The caseworker's family card ({card.members} members, {card.size:,} bytes) at {CLIENTS} clients over HTTP on "
        "loopback, the servers and the load in processes of their own. The baseline makes the same answer, byte for "
        "byte, from the same payloads, unsealed the same way, and lets everything through: no facts, no grants, no "
        f"protection, no entry (aim 0.7). Medians of {len(card.rounds[HUB])} rounds, taken in turn."
    )
    columns = ("server", "cards/s", "CPU a card, ms", "p50, ms", "p99, ms", "hub's part of it", "by CPU")
    return Section("The way out", text, columns, tuple(rows))


def ledger_section(ledger: LedgerFigures) -> Section:
    """Durable entries."""
    rows = (
        ("entries a second", f"{median(ledger.rates):,.0f}"),
        ("CPU an entry, µs", f"{median(ledger.cpu):.0f}"),
        ("bare rows a second", f"{median(ledger.bare):,.0f}"),
        ("speed as a part of bare rows", f"{ledger.ratio:.3f}"),
    )
    text = (
        f"{WRITERS} writers, entries with {SUBJECTS} subjects, each durable before the next. Against it: one row of "
        f"4 KiB an entry in durable commits of {WRITERS}, from one thread that waits for nobody."
    )
    return Section("The ledger", text, ("", "figure"), rows)


def vault_section(vault: dict[str, float]) -> Section:
    """The price of each key and payload."""
    rows = tuple((what, f"{spent:.2f}") for what, spent in vault.items())
    return Section("The vault", "One thread.", ("call", "CPU, µs"), rows)


def show(console: Console, sections: Sequence[Section]) -> None:
    """All tables on the terminal."""
    for section in sections:
        table = Table(title=section.title, title_justify="left", caption=section.text, caption_justify="left")
        for number, column in enumerate(section.columns):
            table.add_column(column, justify="right" if number else "left", no_wrap=not number)
        for row in section.rows:
            table.add_row(*row)
        console.print(table)


def write(sections: Sequence[Section], today: date, people: int) -> None:
    """The page, with the day and the machine."""
    python, cores = platform.python_version(), os.cpu_count()
    about = (
        f"Measured on {today.isoformat()}: {cores} cores ({platform.machine()}), Python {python}, "
        f"SQLite {sqlite3.sqlite_version}, a country of {people:,} people, all stores embedded.\n"
    )
    PAGE.write_text(_HEAD + about + "".join(_markdown(section) for section in sections), "utf-8")


def rewrite(sections: Sequence[Section], today: date) -> None:
    """These sections of the page alone, each with the day on which it was measured; those that are not there yet go
    to its end."""
    head, *old = PAGE.read_text("utf-8").split("\n## ")
    blocks = {block.partition("\n")[0]: block for block in old}
    for section in sections:
        told = replace(section, text=f"{section.text} Measured on {today.isoformat()}.")
        blocks[section.title] = _markdown(told).removeprefix("\n## ")
    PAGE.write_text("\n## ".join((head, *(block.rstrip() + "\n" for block in blocks.values()))), "utf-8")


def _markdown(section: Section) -> str:
    lines = [f"\n## {section.title}", "", section.text, ""]
    lines.append("| " + " | ".join(section.columns) + " |")
    lines.append("|---" + "|---:" * (len(section.columns) - 1) + "|")
    lines += ["| " + " | ".join(row) + " |" for row in section.rows]
    return "\n".join(lines) + "\n"
