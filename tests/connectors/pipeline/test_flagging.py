"""What agencies state that can hardly be so is accepted and flagged, and the flag goes when it is put right."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from connectors.progress import Summary
from docket.dossiers import Outcome
from domain.flags import LEAST_AGE, Doubt
from domain.ids import SourceKey
from tests.connectors.hubs import Hub, Killed, hub, killed
from tests.connectors.listed import Sending
from tests.connectors.rows import iin
from tests.connectors.rows import person as registered

_PLACE = {"region": "KZ-75", "locality": "Алматы"}


class Registry:
    """A civil registry: acts by number, each with as many versions as a test needs."""

    def __init__(self, one: Hub) -> None:
        self.one = one
        self._civil, self._population = Sending("civil"), Sending("population")
        self._seq = itertools.count(1)
        self._version: dict[str, int] = {}

    def person(self, n: int, born: str = "1980-01-01", sex: str = "female", **more: Any) -> dict[str, Any]:
        """The n-th person as acts name them."""
        given = {"identifier_type": "IIN", "identifier_value": iin(n)}
        return {
            "person_no": f"P{n}", "surname": f"Фамилия{n}", "given_name": "Имя", "birth_date": born, "sex": sex,
            "identifier": [given], **more,
        }  # fmt: skip

    def act(self, number: str, event: str, on: str, **persons: dict[str, Any]) -> dict[str, Any]:
        """The next version of an act."""
        version = self._version[number] = self._version.get(number, 0) + 1
        return {
            "change_seq": next(self._seq), "act_no": number, "version": version,
            "changed_at": f"2026-01-{version:02d}T10:00:00Z", "event_type": event, "event_date": on,
            "place": _PLACE, "persons": persons,
        }  # fmt: skip

    def birth(self, number: str, child: dict[str, Any], *parents: dict[str, Any]) -> dict[str, Any]:
        """An act of birth."""
        named = {f"parent{n}_identifier": parent for n, parent in enumerate(parents, 1)}
        return self.act(number, "live_birth", child["birth_date"], child=child, **named)

    async def send(self, *rows: dict[str, Any]) -> Summary:
        """Take acts in; all of them are accepted."""
        summary = await self._civil.send(self.one.parts, *rows)
        assert summary.outcomes[Outcome.ACCEPTED] == len(rows)
        return summary

    async def register(self, *rows: dict[str, Any]) -> Summary:
        """Take rows of the population register in."""
        return await self._population.send(self.one.parts, *rows)

    async def flags(self) -> dict[str, set[str]]:
        """Doubt → the records it rests on."""
        found: dict[str, set[str]] = {}
        for flagged in await self.one.docket.flagged(1000):
            for flag in flagged.flags:
                found.setdefault(str(flag.doubt), set()).add(flag.record_id)
        return found


@pytest.fixture
async def registry(tmp_path: Path) -> AsyncIterator[Registry]:
    async with hub(tmp_path, "a", "http://127.0.0.1:1") as one:
        yield Registry(one)


async def test_what_can_be_so_is_not_flagged(registry: Registry) -> None:
    mother, child = registry.person(0), registry.person(1, "1992-01-01")
    summary = await registry.send(
        registry.birth("B1", child, mother, registry.person(2, sex="male")),
        registry.act("M1", "marriage", "2000-01-01", spouse1=mother, spouse2=registry.person(2, sex="male")),
        registry.act("D1", "death", "2020-01-01", deceased=mother),
    )
    assert (summary.flagged, summary.cleared, await registry.flags()) == (0, 0, {})


def cases() -> Iterator[tuple[str, str, str, Doubt | None]]:
    """Birth dates of mother and child, the mother's death, what is flagged."""
    yield "mother is younger", "1990-01-01", "1980-01-01", Doubt.PARENT_YOUNGER
    yield "mother is as old", "1990-01-01", "1990-01-01", Doubt.PARENT_YOUNGER
    yield "mother is too young", "1980-01-01", f"{1980 + LEAST_AGE - 1}-12-31", Doubt.PARENT_TOO_CLOSE
    yield "mother is just old enough", "1980-01-01", f"{1980 + LEAST_AGE}-01-01", None


@pytest.mark.parametrize(("what", "mother", "child", "doubt"), list(cases()))
@pytest.mark.parametrize("together", [True, False])
async def test_a_parents_age(
    registry: Registry, what: str, mother: str, child: str, doubt: Doubt | None, together: bool
) -> None:
    """Whether parent and child come with one page or the parent was known long before."""
    if not together:
        await registry.send(registry.act("D0", "death", "2020-01-01", deceased=registry.person(0, mother)))
    await registry.send(registry.birth("B1", registry.person(1, child), registry.person(0, mother)))
    assert await registry.flags() == ({str(doubt): {"B1"}} if doubt else {}), what


@pytest.mark.parametrize("healed_by", ["child", "mother", "link"])
async def test_a_flag_goes_when_a_later_version_puts_it_right(registry: Registry, healed_by: str) -> None:
    mother, child = registry.person(0, "1990-01-01"), registry.person(1, "1985-01-01")
    other = registry.person(2, "1950-01-01")
    await registry.send(
        registry.birth("B0", mother, registry.person(3, "1960-01-01")), registry.birth("B1", child, mother)
    )
    assert await registry.flags() == {"PARENT_YOUNGER": {"B1"}}
    if healed_by == "child":
        summary = await registry.send(registry.birth("B1", registry.person(1, "2010-01-01"), mother))
    elif healed_by == "mother":
        right = registry.person(0, "1965-01-01")
        summary = await registry.send(
            registry.birth("B0", right, registry.person(3, "1940-01-01")), registry.birth("B1", child, right)
        )
    else:
        summary = await registry.send(registry.birth("B1", child, other))
    assert (summary.flagged, summary.cleared) == (0, 1)
    assert await registry.flags() == {}


async def test_a_parents_corrected_date_heals_and_raises_flags_of_children_whom_no_row_names(
    registry: Registry,
) -> None:
    """The child's own record comes once; only the mother's is corrected, there and back."""
    mother = registry.person(0, "1990-01-01")
    child = registry.person(1, "2010-01-01")
    await registry.send(registry.birth("B1", child, mother))
    assert await registry.flags() == {}
    wrong = {**mother, "birth_date": "2015-01-01"}
    await registry.send(registry.act("D1", "death", "2020-01-01", deceased=wrong))
    assert await registry.flags() == {"PARENT_YOUNGER": {"B1"}}
    await registry.send(registry.act("D1", "death", "2020-01-01", deceased=mother))
    assert await registry.flags() == {}


async def test_a_child_born_after_its_mothers_death(registry: Registry) -> None:
    mother, father = registry.person(0), registry.person(2, sex="male")
    child = registry.person(1, "2010-01-01")
    await registry.send(registry.birth("B1", child, mother, father))
    await registry.send(registry.act("D2", "death", "2009-12-31", deceased=father))
    assert await registry.flags() == {}  # a father may die before
    await registry.send(registry.act("D1", "death", "2009-12-31", deceased=mother))
    assert await registry.flags() == {"BORN_AFTER_MOTHERS_DEATH": {"B1"}}
    await registry.send(registry.act("D1", "death", "2010-01-01", deceased=mother))
    assert await registry.flags() == {}


async def test_two_deaths(registry: Registry) -> None:
    await registry.register(registered(0, birthDate="1980-01-01", deathDate="2020-02-02"))
    base = registered(0)
    deceased = registry.person(0, surname=base["surname"], given_name=base["givenName"])
    await registry.send(registry.act("D1", "death", "2020-02-03", deceased=deceased))
    assert await registry.flags() == {"TWO_DEATHS": {"D1", "PR-000000"}}
    await registry.send(registry.act("D1", "death", "2020-02-02", deceased=deceased))
    assert await registry.flags() == {}


async def test_days_that_are_still_to_come(registry: Registry) -> None:
    """The rows say that they were changed later still, so that nothing is wrong with them by themselves."""
    later = {"changed_at": "2099-01-01T00:00:00Z"}
    child = registry.person(1, "2050-01-01")
    await registry.send({**registry.birth("B1", child, registry.person(0)), **later})
    await registry.send({**registry.act("D1", "death", "2060-01-01", deceased=registry.person(2)), **later})
    assert await registry.flags() == {"BORN_IN_FUTURE": {"B1"}, "DIED_IN_FUTURE": {"D1"}}


async def test_a_death_before_birth(registry: Registry) -> None:
    await registry.send(registry.act("D1", "death", "1970-01-01", deceased=registry.person(0)))
    assert await registry.flags() == {"DIED_BEFORE_BIRTH": {"D1"}}


async def test_three_parents_by_birth(registry: Registry) -> None:
    child = registry.person(3, "2010-01-01")
    await registry.send(
        registry.birth("B1", child, registry.person(0), registry.person(1)),
        registry.birth("B2", child, registry.person(0), registry.person(2)),
    )
    assert await registry.flags() == {"TOO_MANY_PARENTS": {"B1", "B2"}}
    adoption = registry.act("B2", "adoption", "2012-01-01", child=child, parent1_identifier=registry.person(2))
    await registry.send(adoption)
    assert await registry.flags() == {}


def circle(registry: Registry, size: int) -> list[dict[str, Any]]:
    """Acts by which everyone is the next one's child, all born on days that hide nothing."""
    people = [registry.person(n, "1980-01-01") for n in range(size)]
    return [registry.birth(f"B{n}", people[n], people[(n + 1) % size]) for n in range(size)]


@pytest.mark.parametrize("size", [2, 3, 40])
@pytest.mark.parametrize("pages", [1, 2, 5])
async def test_ones_own_ancestor(registry: Registry, size: int, pages: int) -> None:
    """However the circle is cut into pages, everyone in it is flagged once it is closed, and nobody before."""
    acts = circle(registry, size)
    cuts = [acts[n::pages] for n in range(pages) if acts[n::pages]]
    for cut in cuts[:-1]:
        await registry.send(*cut)
        assert "OWN_ANCESTOR" not in await registry.flags()
    await registry.send(*cuts[-1])
    assert (await registry.flags())["OWN_ANCESTOR"] == {f"B{n}" for n in range(size)}
    one = registry.person(size // 2, "1980-01-01")
    await registry.send(registry.birth(f"B{size // 2}", one, registry.person(size + 1, "1950-01-01")))
    assert "OWN_ANCESTOR" not in await registry.flags()


async def test_only_those_in_the_circle_are_flagged(registry: Registry) -> None:
    child, eldest = registry.person(10, "2005-01-01"), registry.person(11, "1940-01-01")
    await registry.send(
        registry.birth("C", child, registry.person(0)),
        *circle(registry, 3),
        registry.birth("E", registry.person(1), eldest),
    )
    assert (await registry.flags())["OWN_ANCESTOR"] == {"B0", "B1", "B2"}


async def test_ones_own_parent(registry: Registry) -> None:
    """One number in two roles is one person."""
    await registry.send(registry.birth("B1", registry.person(0), registry.person(0)))
    assert await registry.flags() == {"LINK_TO_SELF": {"B1"}}
    await registry.send(registry.birth("B1", registry.person(0), registry.person(1, "1950-01-01")))
    assert await registry.flags() == {}


@pytest.mark.parametrize("where", ["docket", "graph", "append", "settle"])
@pytest.mark.parametrize("persisted", [False, True])
async def test_a_flag_is_neither_lost_nor_stale_whenever_the_pull_is_killed(
    tmp_path: Path, where: str, persisted: bool
) -> None:
    """Raised by one page, struck off by the next; killed at the first, second … call of each place."""
    for call in itertools.count(1):
        async with hub(tmp_path, f"{where}{persisted}{call}", "http://127.0.0.1:1") as one:
            registry, left = Registry(one), True
            mother = registry.person(0, "1990-01-01")
            wrong = registry.birth("B1", registry.person(1, "1985-01-01"), mother)
            right = registry.birth("B1", registry.person(1, "2015-01-01"), mother)
            sending = Sending("civil")
            parts = one.breaking(where, call, persisted=persisted, error=killed)
            for expected, act in (({"PARENT_YOUNGER": {"B1"}}, wrong), ({}, right)):
                try:
                    await sending.send(parts, act)
                except Killed:
                    left = False
                    sending.sent.pop()
                    await sending.send(one.parts, act)
                assert await registry.flags() == expected, (where, call, persisted)
            if left:
                break
    assert call > 1


async def test_a_flag_changes_no_record(registry: Registry) -> None:
    """What sources say stays as it is: the fold of flagged claims is the fold of the claims."""
    mother, child = registry.person(0, "1990-01-01"), registry.person(1, "1985-01-01")
    await registry.send(registry.birth("B1", child, mother))
    key = registry.one.ring.hasher.source_key(SourceKey("civil", "P1"))
    person = (await registry.one.graph.reader.owners([key]))[key]
    known = await registry.one.person(person)
    assert known["facts"].birth_date == "1985-01-01"
    assert len(known["links"]) == 1
