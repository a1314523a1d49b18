"""One script of events in two worlds, the second with a report and a grade added: no account's bytes may differ.

Once the family separates first, once it goes on living together. Officers look meanwhile: the family's caseworker in
both worlds, the DV unit in the second alone. Controls: the named officer of
the DV unit sees a difference, and accounts that hear of protection are caught.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from docket.dossiers import IntakeRow, Outcome
from domain.principals import Principal
from tests.acquaintance.questions import PERSON, Acquainted, ids_in, questions
from tests.worlds.country import Country, country
from tests.worlds.hub import Hub, hub

DV_CASE = "CASE-990000001"


@dataclass
class World:
    """One of the two."""

    country: Country
    hub: Hub
    learnt: dict[str, set[str]] = field(default_factory=dict)


@asynccontextmanager
async def worlds(folder: Path) -> AsyncIterator[tuple[World, World]]:
    """Two hubs over two countries of one seed, sharing their keys."""
    async with AsyncExitStack() as stack:
        made = []
        for name in ("without", "with"):
            land = stack.enter_context(
                country(folder / name / "country", people=250, seed=11, options=("--error-rate", "0"))
            )
            made.append(
                World(
                    land, await stack.enter_async_context(hub(land, folder / name / "hub", keys=folder / "keys.json"))
                )
            )
        yield made[0], made[1]


async def _open_dv_case(world: World) -> None:
    """The DV unit has a case that names the wife, in both worlds; only in the second does anybody look."""
    sample = world.country.sample
    unit = sample["officers"]["dv_unit"]
    content = {
        "type": "case", "case": DV_CASE, "activity": "dv-response", "agency": unit["agency"], "unit": unit["unit"],
        "region": unit["region"], "officers": [unit["actor"]],
        "subjects": [{"agency": "population", "recordId": sample["family"]["spouse"]["recordId"]}],
        "opened": "2026-11-01T00:00:00Z", "expires": "2027-11-01T00:00:00Z", "event": "incident_report",
    }  # fmt: skip
    hasher = world.hub.parts.ring.hasher
    row = IntakeRow(
        source="casework",
        position=hasher.position("casework", "dv", 0),
        digest=hasher.row("casework", DV_CASE.encode()),
        record=hasher.record("casework", DV_CASE, 1),
        outcome=Outcome.ACCEPTED,
        document=content,
    )
    await world.hub.parts.docket.intake([row])


def _known(world: World) -> Acquainted:
    """What the old household knows of itself, and a stranger's id."""
    family = world.country.sample["family"]
    people = [family["head"], family["spouse"], *family["children"]]
    rows = {m["row"]["recordId"]: m["row"] for m in world.country.manifest() if m["agency"] == "population"}
    named = [rows[p["recordId"]] for p in people]
    return Acquainted(
        nationals=(*(p["iin"] for p in people), world.country.sample["people"]["nobody"]["iin"]),
        names=tuple((f"{r['surname']} {r['givenName']}", r["birthDate"]) for r in named),
    )


async def _officers_look(world: World, *, dv_unit: bool) -> None:
    """The family's caseworker opens everybody's card; the DV unit looks at the wife."""
    sample, here = world.country.sample, world.hub
    worker = here.officer(world.country, "caseworker")
    for person in (sample["family"]["head"], sample["family"]["spouse"], *sample["family"]["children"]):
        query = f"query($n:String){{findPerson(nationalId:$n,first:1){{edges{{node{{{PERSON}}}}}}}}}"
        await here.data(worker, query, {"n": person["iin"]}, case=sample["cases"]["caseworker"])
    if dv_unit:
        unit = here.officer(world.country, "dv_unit")
        spouse = await here.person_id(unit, sample["family"]["spouse"]["recordId"])
        await here.data(unit, f"query($i:ID!){{person(id:$i){{{PERSON}}}}}", {"i": spouse}, case=DV_CASE)


async def _accounts(world: World) -> list[Principal]:
    family = world.country.sample["family"]
    return [world.hub.family(person["iin"]) for person in (family["head"], family["spouse"], *family["children"])]


async def _same(without: World, with_: World, moment: str) -> int:
    """Both worlds answer every question of every account with the same bytes; returns how many were asked."""
    asked = 0
    known = _known(without)
    for left, right in zip(await _accounts(without), await _accounts(with_), strict=True):
        ids = sorted(without.learnt.setdefault(left.actor, set()))
        answers = questions(without.hub, left, known, ids)
        mirror = questions(with_.hub, right, known, ids)
        async for question, answer in answers:
            other = await anext(mirror)
            assert other == (question, answer), f"{moment}: {left.actor}: {question}\n{answer!r}\n{other[1]!r}"
            without.learnt[left.actor] |= ids_in(answer)
            asked += 1
    return asked


async def _named_officer(world: World) -> bytes:
    unit = world.hub.officer(world.country, "dv_unit")
    spouse = await world.hub.person_id(unit, world.country.sample["family"]["spouse"]["recordId"])
    query = f"query($i:ID!){{person(id:$i){{{PERSON}}}}}"
    return (await world.hub.ask(unit, query, {"i": spouse}, case=DV_CASE)).body


async def _caseworker(world: World) -> bytes:
    worker = world.hub.officer(world.country, "caseworker")
    query = "query($n:String){findPerson(nationalId:$n){edges{node{id residence{region street}}}}}"
    spouse = world.country.sample["family"]["spouse"]["iin"]
    case = world.country.sample["cases"]["caseworker"]
    return (await world.hub.ask(worker, query, {"n": spouse}, case=case)).body


Step = Callable[[World], None]


def _separate(world: World) -> None:
    family = world.country.sample["family"]
    children = [child["recordId"] for child in family["children"]]
    world.country.play(
        "separation", recordId=family["spouse"]["recordId"], children=children, at="2026-11-22T06:00:00Z"
    )


def _report(world: World) -> None:
    family = world.country.sample["family"]
    world.country.play(
        "report",
        reporter=family["spouse"]["recordId"],
        alleged=family["head"]["recordId"],
        at="2026-11-22T07:00:00Z",
    )


def _grade(world: World) -> None:
    spouse = world.country.sample["family"]["spouse"]
    world.country.play("grade", recordId=spouse["recordId"], grade="strict", at="2026-11-22T08:00:00Z")


@pytest.mark.parametrize("separated", [True, False], ids=["separated", "living-together"])
async def test_no_account_of_the_old_household_changes_by_a_byte(tmp_path: Path, separated: bool) -> None:
    script: list[tuple[str, Step | None, Step | None]] = [
        ("at first", None, None),
        ("a move" if separated else "nothing", _separate if separated else None, _separate if separated else None),
        ("a report", None, _report),
        ("a grade", None, _grade),
    ]
    async with worlds(tmp_path) as (without, with_):
        asked = 0
        for world in (without, with_):
            await world.hub.pull()
            await _open_dv_case(world)
        for moment, in_first, in_second in script:
            for world, step in ((without, in_first), (with_, in_second)):
                if step is not None:
                    step(world)
                await world.hub.pull()
                await _officers_look(world, dv_unit=world is with_)
            asked += await _same(without, with_, moment)
        assert asked > 300
        assert await _named_officer(without) != await _named_officer(with_)
        assert await _caseworker(without) != await _caseworker(with_)


async def test_control_an_account_that_hears_of_protection_is_caught(tmp_path: Path) -> None:
    """With accounts made to miss whoever is graded, the same comparison fails."""
    async with worlds(tmp_path) as (without, with_):
        for world in (without, with_):
            await world.hub.pull()
        _grade(with_)
        await with_.hub.pull("population")
        await _same(without, with_, "before the fault")
        graded = await with_.hub.internal(with_.country.sample["family"]["spouse"]["recordId"])
        leaky = with_.hub.with_parts(reader=_Forgetful(with_.hub.parts.reader, graded))
        with pytest.raises(AssertionError):
            await _same(without, World(with_.country, leaky), "with the fault")


class _Forgetful:
    """A reader that does not know one person: what an account would see if protection hid people from it."""

    def __init__(self, reader: Any, hidden: int) -> None:
        self._reader = reader
        self._hidden = hidden

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reader, name)

    async def facts(self, ids: Any) -> Any:
        """Facts of all but the hidden."""
        return await self._reader.facts([person for person in ids if person != self._hidden])
