"""`kindred token`: the development issuer's."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer

from domain.clock import SystemClock
from domain.principals import RoleName
from kindred.settings import read_settings
from kindred.wiring import development_issuer

Role = Annotated[RoleName, typer.Option(help="Role.")]
Agency = Annotated[str, typer.Option(help="Agency; it decides the sector and with it which outward ids are seen.")]
Actor = Annotated[str | None, typer.Option(help="Who acts, as the ledger will name them; the role's name by default.")]
Region = Annotated[str | None, typer.Option(help="Region of duty, such as KZ-75.")]
Unit = Annotated[str | None, typer.Option(help="Unit within the agency.")]
Activities = Annotated[str, typer.Option(help="Activities the actor may name, separated by commas.")]
Person = Annotated[str | None, typer.Option(help="The actor's own national id.")]
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
    """Print an access token of the development issuer. Refused unless demo or development is set."""
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
        person=person,
    )
    print(issued)
