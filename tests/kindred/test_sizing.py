"""A pull says loudly that the model weighs for another number of people, through the settings that mend it."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.console import Console

from connectors.sizing import sized
from identity.sizing import Sized
from kindred.pulling import tell
from kindred.wiring import migrate, open_stores, pull_parts
from tests.connectors.rows import person
from tests.kindred.hubs import settings_in
from tests.oracle.listed import Lists, listed


@pytest.mark.parametrize(("people", "weighed_for"), [(None, 20_000), (1_000_000, 1_000_000)])
async def test_the_setting_reaches_those_who_weigh(people: int | None, weighed_for: int, tmp_path: Path) -> None:
    stores = open_stores(settings_in(tmp_path, identity_people=people), create=True)
    try:
        await migrate(stores)
        parts = pull_parts(settings_in(tmp_path), stores)
        await parts.session.close()
        assert await sized(parts) == Sized(0, weighed_for) and parts.keeping.model.people == weighed_for
    finally:
        await stores.close()


async def test_people_are_counted_in_the_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lists = Lists(100)
    async with listed(lists, tmp_path, monkeypatch) as hub:
        await lists.pull(hub, "population", [person(n) for n in range(30)])
        assert (await sized(hub.pulling)).there == 30


@pytest.mark.parametrize(("there", "words"), [(900_000, "matched wrongly"), (2_000, "left to humans"), (30_000, "")])
def test_a_pull_warns(there: int, words: str) -> None:
    console = Console(width=200, record=True, quiet=False, file=None, force_terminal=False)
    with console.capture() as told:
        tell([], console, Sized(there, 20_000))
    assert (words in told.get()) and (f"KINDRED_IDENTITY_PEOPLE={there}" in told.get()) is bool(words)
