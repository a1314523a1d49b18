"""`kindred token`: the development issuer's."""

from __future__ import annotations

import sys
from datetime import timedelta
from typing import Annotated

import typer

from domain.clock import SystemClock
from domain.errors import Invalid
from domain.principals import RoleName
from kindred.settings import read_settings
from kindred.wiring import development_issuer

_LONGEST_LINE = 1024

Role = Annotated[RoleName, typer.Option(help="Role.")]
Agency = Annotated[str, typer.Option(help="Agency; it decides the sector and with it which outward ids are seen.")]
Actor = Annotated[str | None, typer.Option(help="Who acts, as the ledger will name them; the role's name by default.")]
Region = Annotated[str | None, typer.Option(help="Region of duty, such as KZ-75.")]
Unit = Annotated[str | None, typer.Option(help="Unit within the agency.")]
Activities = Annotated[str, typer.Option(help="Activities the actor may name, separated by commas.")]
Person = Annotated[str | None, typer.Option(help="The actor's own national id; - reads it from standard input.")]
Hours = Annotated[float, typer.Option(min=0.01, max=12, help="How long it is good for.")]


def token(
    role: Role,
    agency: Agency,
    activities: Activities,
    actor: Actor = None,
    region: Region = None,
    unit: Unit = None,
    person: Person = None,
    hours: Hours = 8,
) -> None:
    """Print an access token of the development issuer. Refused unless demo or development is set.

    A national id on the command line shows in the list of processes and in the shell's history: with real people's,
    give `--person -` and the id on standard input.
    """
    settings = read_settings()
    issued = development_issuer(settings).issue(
        actor=actor or role.value,
        role=role,
        agency=agency,
        activities=[name.strip() for name in activities.split(",") if name.strip()],
        now=SystemClock(settings.zone).now(),
        lifetime=timedelta(hours=hours),
        unit=unit,
        region=region,
        person=from_input("--person") if person == "-" else person,
    )
    print(issued)


def from_input(what: str) -> str:
    """The first line of standard input: `what` is asked for. Raises Invalid if there is none; what it says is for
    others to judge."""
    line = sys.stdin.readline(_LONGEST_LINE).strip()
    if not line:
        raise Invalid(field=what, fix="one_line_on_standard_input", cause="nothing on standard input")
    return line
