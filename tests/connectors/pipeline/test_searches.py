"""Search keys after a rotation: everyone found under the new version, a page at a time, whatever was cut off."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from connectors.agencies.catalogue import BY_NAME
from connectors.pipeline.searches import renew_searches
from connectors.pull import pull
from domain.entries import Act
from graph.port import Reader
from identity.search_keys import candidates
from tests.connectors.hubs import Hub, Killed, hub, killed
from tests.connectors.identity.orders import merged
from tests.connectors.rows import person
from tests.connectors.serving import Agencies, serving
from vault.provider import FileProvider, Root
from vault.rotation import settled, with_new, without

PEOPLE = 12


@pytest.fixture
async def one(tmp_path: Path) -> AsyncIterator[Hub]:
    async with (
        serving(Agencies([person(n) for n in range(PEOPLE)])) as agencies,
        hub(tmp_path, "a", agencies.url) as made,
    ):
        await pull(BY_NAME["population"], made.parts)
        yield made


async def _found(one: Hub, versions: slice) -> int:
    """How many are found by name and birth date, under some of the versions kept."""
    found: set[int] = set()
    for n in range(PEOPLE):
        row = person(n)
        compounds = candidates(f"{row['givenName']} {row['surname']}", row["birthDate"])
        keys = [hashed for compound in compounds for hashed in one.ring.hasher.search(compound)[versions]]
        found.update(await one.graph.reader.search(keys, 200))
    return len(found)


async def test_everyone_is_found_throughout_and_then_under_the_new_version(one: Hub, tmp_path: Path) -> None:
    provider, before = FileProvider(tmp_path / "keys.json"), await one.known()
    now = one.parts.clock.now()
    provider.change(lambda roots: with_new(roots, [Root.SEARCH], [secrets.token_bytes(32)], now))
    assert await _found(one, slice(None)) == PEOPLE, "a ring that has not looked yet"
    one.ring.refresh()
    assert (await _found(one, slice(0, 1)), await _found(one, slice(None))) == (0, PEOPLE)
    for call in (1, 2):
        broken = one.breaking("graph", call, persisted=call == 2, error=killed)
        with pytest.raises(Killed):
            await renew_searches(broken, "search 1+2", size=5)
    done: list[int] = []
    assert await renew_searches(one.parts, "search 1+2", size=5, moved=done.append) == PEOPLE
    assert done == [10, 12], "it went on where it was cut off"
    assert (await _found(one, slice(0, 1)), await _found(one, slice(1, 2))) == (PEOPLE, PEOPLE)
    entries = [entry for entry in one.ledger.values() if entry.act is Act.UPKEEP]
    assert [entry.sealed["people"] for entry in entries] == [5, 5, 2], "one for each batch, however often it was tried"
    assert await renew_searches(one.parts, "search 1+2", size=5) == PEOPLE
    assert len([entry for entry in one.ledger.values() if entry.act is Act.UPKEEP]) == 3, "a second call does nothing"
    assert (await one.known())["people"] == before["people"], "nothing else is changed"
    old = one.ring.hasher.search("x")[1]
    provider.change(lambda roots: without(settled(roots, Root.SEARCH), Root.SEARCH, now.replace(year=2027)))
    one.ring.refresh()
    assert old not in one.ring.hasher.search("x")
    await renew_searches(one.parts, "search 2", size=5)
    assert await _found(one, slice(None)) == PEOPLE


class _Racing:
    """A reader before whose first call of `method` others do something."""

    def __init__(self, inner: Any, method: str, first: Callable[[], Awaitable[object]]) -> None:
        self._inner, self._method, self._first = inner, method, first
        self.raced = 0

    def __getattr__(self, name: str) -> Any:
        called = getattr(self._inner, name)
        if name != self._method:
            return called

        async def raced(*args: Any) -> Any:
            if not self.raced:
                self.raced += 1
                await self._first()
            return await called(*args)

        return raced


@pytest.mark.parametrize("how", ["joined", "erased"])
async def test_who_goes_while_it_runs_is_left_out(one: Hub, tmp_path: Path, how: str) -> None:
    """Joined with another, or erased, after their page was listed: the rotation goes on with everyone else."""
    (page,) = [page async for page in one.graph.reader.scan(None, 100)]
    kept, gone = page[3], page[1]

    async def change() -> object:
        if how == "joined":
            return await merged(one, kept, gone)
        return await one.graph.upkeep.forget([gone], [])

    now = one.parts.clock.now()
    FileProvider(tmp_path / "keys.json").change(lambda r: with_new(r, [Root.SEARCH], [secrets.token_bytes(32)], now))
    one.ring.refresh()
    racing = _Racing(one.graph.reader, "sequence", change)
    await renew_searches(replace(one.parts, reader=cast("Reader", racing)), "search 1+2", size=5)
    assert racing.raced == 1
    assert await _found(one, slice(1, 2)) == PEOPLE - 1
