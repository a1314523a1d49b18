"""Those around everyone in hand are read in small calls, so that nobody waits for a page; together they are as one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from connectors.parts import Parts
from connectors.pipeline.candidates import surroundings
from connectors.pipeline.guarded import graded_keys, guarded
from connectors.pipeline.hidden import Hidden
from domain.ids import PersonId
from graph.port import Reader
from graph.shapes import Facts
from tests.connectors.pipeline.test_guarded import stay
from tests.connectors.pipeline.test_weighing import judged, patient, register
from tests.connectors.rows import iin
from tests.oracle.listed import Lists, listed
from tests.worlds.hub import Hub

PEOPLE = 75
AT_ONCE = 32
WHO = {"surname": "Тілеубаев", "givenName": "Мейіржан", "patronymic": None, "birthDate": "1975-06-21"}


class Counting:
    """A Reader that writes down how many people's facts are asked for at a time."""

    def __init__(self, inner: Reader) -> None:
        self._inner = inner
        self.asked: list[int] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    async def facts(self, ids: Sequence[PersonId]) -> Facts:
        self.asked.append(len(ids))
        return await self._inner.facts(ids)


@pytest.fixture(autouse=True)
def _small_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.pipeline.candidates._AROUND_AT_ONCE", AT_ONCE)


def counted(parts: Parts) -> tuple[Parts, Counting]:
    reader = Counting(parts.reader)
    return replace(parts, reader=cast("Reader", reader)), reader


async def filled(hub: Hub, lists: Lists, grade: str | None) -> list[PersonId]:
    """In the order of their numbers. Every third person is of one household with the first, who may be under a grade;
    the others are of households of two, the numbers of the two far apart."""
    rows = [
        register(n, WHO | {"birthDate": f"19{n + 10}-06-21"}, grade=grade if n == 1 else None)
        | {"registrations": [stay("H" if n % 3 == 1 else f"H-{n % 38}")]}
        for n in range(1, PEOPLE + 1)
    ]
    await lists.pull(hub, "population", rows)
    found = await hub.graph.reader.find([hub.parts.ring.hasher.national(iin(n)) for n in range(1, PEOPLE + 1)])
    return [found[hub.parts.ring.hasher.national(iin(n))][0] for n in range(1, PEOPLE + 1)]


async def hidden_in(hub: Hub) -> tuple[Hidden, list[int]]:
    """Whom a page of a patient for everyone there guards, and how it asked."""
    _, known = await judged(hub, "health", [patient(n, WHO | {"birthDate": f"19{n + 10}-06-21"}) for n in range(1, 76)])
    assert len(known.people) == PEOPLE and known.weighed
    parts, reader = counted(hub.pulling)
    return await guarded(parts, (), known), reader.asked


async def test_facts_are_asked_in_small_calls_and_are_as_of_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lists = Lists(100)
    async with listed(lists, tmp_path, monkeypatch) as hub:
        people = await filled(hub, lists, "strict")
        parts, reader = counted(hub.pulling)
        some = await surroundings(parts, people[:40])
        assert reader.asked == [32, 8] and some.facts == await hub.graph.reader.facts(people[:40])
        assert not some.facts.around.keys() <= some.facts.people.keys()
        reader.asked.clear()
        around = await surroundings(parts, people)
        assert reader.asked == [32, 32, 11]
        assert around.facts == await hub.graph.reader.facts(people)
        asked = sorted(around.keys())
        graded = graded_keys(await parts.docket.protection(asked))
        reached = around.reached(graded, "2026-11-22")
        shapes = around.facts.people.values()
        beside = {one.person for one in shapes if not reached.isdisjoint(one.keys)}
        first = await hub.internal("PR-1")
        homes = {row.household for row in around.facts.people[first].memberships}
        assert beside == {m for home in homes for m in around.facts.households[home]} - {first}
        assert len(beside) == PEOPLE // 3 - 1, "some of them in another call than the one under the grade"
        assert (await surroundings(parts, ())).facts.people == {} and reader.asked[3:] == [0]


async def test_as_many_calls_whether_anybody_is_hidden_or_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = []
    for grade in (None, "strict"):
        (folder := tmp_path / str(grade)).mkdir()
        lists = Lists(100)
        async with listed(lists, folder, monkeypatch) as hub:
            await filled(hub, lists, grade)
            found.append(await hidden_in(hub))
    (nobody, asked), (some, asked_too) = found
    assert asked == asked_too == [32, 32, 11]
    assert not nobody.own and not nobody.by_others and some.own and some.by_others
