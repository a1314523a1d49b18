"""Pulling agencies one after the other, with a line of progress for each and a table at the end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

import structlog
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Column, Table

from connectors.agencies.agency import Agency
from connectors.agencies.catalogue import AGENCIES, BY_NAME
from connectors.identity.carrying import Carrier
from connectors.parts import Parts
from connectors.progress import Summary
from connectors.pull import pull
from connectors.sizing import sized
from docket.dossiers import Outcome
from domain.errors import Invalid
from identity.sizing import Sized, is_far_off
from kindred.settings import PREFIX

_log = structlog.get_logger("kindred.identity")
_UNSEEN_WIDTH = 144
_COLUMNS = (
    "rows",
    "rows/s",
    "new people",
    "matched",
    "weighed",
    "quarantined",
    "under review",
    "protective",
    "flagged",
    "repeated",
    "suppressed",
    "seconds",
)


def chosen(names: Sequence[str]) -> tuple[Agency, ...]:
    """The agencies of these names in the order of a full pull; all of them for none. Raises Invalid."""
    unknown = [name for name in names if name not in BY_NAME]
    if unknown:
        raise Invalid(field="AGENCY", fix=" | ".join(BY_NAME), cause="no such agency")
    return tuple(agency for agency in AGENCIES if not names or agency.name in names)


class Watched:
    """Draws what pulls do. Called on the event loop; drawing itself happens in the display's own thread."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._tasks: dict[str, TaskID] = {}

    def moved(self, summary: Summary) -> None:
        """A page was committed."""
        task = self._tasks.get(summary.agency)
        if task is None:
            task = self._tasks[summary.agency] = self._progress.add_task(summary.agency, total=None, told="")
        self._progress.update(task, completed=summary.rows, told=_told(summary))

    def ended(self, summary: Summary) -> None:
        """The pull came to its end."""
        self.moved(summary)
        self._progress.update(self._tasks[summary.agency], total=summary.rows or 1, completed=summary.rows or 1)


def _told(summary: Summary) -> str:
    return (
        f"{summary.rows:>9,} rows  {summary.rate:>7,.0f}/s  {summary.matched:>8,} matched  "
        f"{summary.quarantined:>6,} quarantined  {summary.under_review:>6,} under review"
    )


def wide_console() -> Console:
    """Standard output; wide enough for the table where it is no terminal."""
    console = Console()
    return console if console.is_terminal else Console(width=_UNSEEN_WIDTH)


@contextmanager
def watching(console: Console) -> Iterator[Watched]:
    """A line of progress for each source while inside."""
    columns = (
        SpinnerColumn(finished_text="✓"),
        TextColumn("{task.description:<11}", table_column=Column(no_wrap=True)),
        TextColumn("{task.fields[told]}", table_column=Column(no_wrap=True)),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, refresh_per_second=4) as progress:
        yield Watched(progress)


async def pull_all(agencies: Iterable[Agency], parts: Parts, console: Console) -> list[Summary]:
    """Pull in order, drawing; then the table. Raises what a pull raises; what was committed before stays."""
    summaries = []
    with watching(console) as watched:
        for agency in agencies:
            summaries.append(await pull(agency, parts, watched))
            await Carrier(parts.keeping).carry_all()
    tell(summaries, console, await sized(parts))
    return summaries


def tell(summaries: Sequence[Summary], console: Console, size: Sized) -> None:
    """The table of what was taken in, then the warnings."""
    console.print(table_of(summaries))
    for warning in (*warnings_of(summaries), *warning_of(size)):
        console.print(warning, style="yellow")


def warning_of(size: Sized) -> tuple[str, ...]:
    """What to set where claims are weighed for a store of another size; said in the log too."""
    if not is_far_off(size):
        return ()
    _log.warning("weighed for another size", there=size.there, weighed_for=size.weighed_for)
    wrong = "matched wrongly" if size.there > size.weighed_for else "left to humans without need"
    return (
        f"About {size.there:,} people are known, and rows without a national id are weighed as if there were "
        f"{size.weighed_for:,}: too many are {wrong}. Set {PREFIX}IDENTITY_PEOPLE={size.there}.",
    )


def warnings_of(summaries: Sequence[Summary]) -> tuple[str, ...]:
    """What was taken in and yet does not do what it is for; counts alone, nobody is named."""
    unmatched = sum(summary.unmatched for summary in summaries)
    if not unmatched:
        return ()
    return (f"{unmatched:,} reports name people by number alone; nobody can tell who they are without their ids.",)


def table_of(summaries: Sequence[Summary]) -> Table:
    """What each pull did."""
    table = Table("agency", title=None, header_style="bold")
    for name in _COLUMNS:
        table.add_column(name, justify="right")
    for summary in summaries:
        table.add_row(summary.agency, *_cells(summary))
    return table


def _cells(summary: Summary) -> tuple[str, ...]:
    counts = (
        summary.rows,
        round(summary.rate),
        summary.new,
        summary.matched,
        summary.weighed,
        summary.quarantined,
        summary.under_review,
        summary.outcomes[Outcome.PROTECTIVE],
        max(0, summary.flagged - summary.cleared),
        summary.outcomes[Outcome.DUPLICATE],
        summary.outcomes[Outcome.SUPPRESSED],
    )
    return (*(f"{count:,}" for count in counts), f"{summary.seconds:.1f}")
