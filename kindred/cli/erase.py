"""`kindred erase`."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from connectors.pipeline.erasing import Erased, Order
from connectors.pipeline.erasing import erase as erase_person
from docket.erasure import strike
from docket.striking import Gone, Names
from domain.errors import Invalid
from domain.ids import PersonId
from domain.iin import is_valid
from kindred.cli.token import from_input
from kindred.settings import read_settings
from kindred.wiring import migrate, open_stores, pull_parts
from policy.activity import load_activities
from policy.decision.table import DecisionTable

By = Annotated[str, typer.Option(help="Who orders it, by name or number; the ledger keeps it for reviewers.")]
Ground = Annotated[str, typer.Option(help="Legal ground of the order; the ledger keeps it for reviewers.")]
Id = Annotated[str | None, typer.Option("--id", help="Outward id; the national id is then not asked for.")]
Sector = Annotated[str | None, typer.Option(help="Sector (or agency) whose outward id it is.")]


def erase(by: By, ground: Ground, id: Id = None, sector: Sector = None) -> None:
    """Erase one person for good: reads the national id from standard input, or takes an outward id.

    Their keys are destroyed; marks stay, so that no pull brings them back. Protective matters stay in force. No second
    person is asked for here: the order is the authority, and the ledger says whose it was.
    """
    if not by.strip() or not ground.strip():
        raise Invalid(field="--by", fix="name_both", cause="who orders it and on which ground")
    if (id is None) != (sector is None):
        raise Invalid(field="--id", fix="--id with --sector", cause="an outward id belongs to a sector")
    done = asyncio.run(_erase(by, ground, id, sector or ""))
    if done.people:
        print(f"erased; {done.rows} held rows struck, {done.linked} linked people derived anew")
    else:
        print(f"was erased before; {done.rows} held rows struck")


async def _erase(by: str, ground: str, id: str | None, sector: str) -> Erased:
    settings = read_settings()
    iin = None if id is not None else from_input("national id")
    if iin is not None and not is_valid(iin):
        raise Invalid(field="national id", fix="twelve_digits_with_check_digit", cause="not a national id")
    stores = open_stores(settings)
    try:
        await migrate(stores)
        now = stores.clock.now()
        national = None if iin is None else stores.ring.hasher.national(iin)
        number = None if id is None else stores.ring.outward(sector, now).decode("P", id)
        if national is None and number is None:
            raise Invalid(field="--id", fix="erase.nobody", cause="nobody is known by this")
        parts = pull_parts(settings, stores, DecisionTable.fill(load_activities()).policy_hash)

        async def struck(gone: Gone, names: Names) -> int:
            rows = await strike(stores.docket, gone, names)
            await stores.docket.emptied(gone.record())
            return rows

        async with parts.session:
            person = None if number is None else PersonId(number)
            order = Order(by.strip(), ground.strip(), now.isoformat())
            return await erase_person(parts, stores.graph.upkeep, struck, order, national=national, person=person)
    finally:
        await stores.close()
