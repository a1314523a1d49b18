"""One script of events in two worlds, the second with a report and a grade added: no account's bytes may differ.

Once the family separates first, once it goes on living together. Officers look meanwhile: the family's caseworker in
both worlds, so does a colleague without a case on it; the DV unit looks in the second alone. Controls: the named
officer of the DV unit sees a difference, and accounts that hear of protection are caught.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from docket.dossiers import IntakeRow, Outcome
from domain.clock import instant_text
from domain.principals import Principal
from tests.acquaintance.questions import PERSON, Acquainted, ids_in, questions
from tests.worlds.country import Country, country
from tests.worlds.hub import Hub, hub

DV_CASE = "CASE-990000001"
OTHER_CASE = "CASE-990000002"


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


async def _open_cases(world: World) -> None:
    """In both worlds the DV unit has a case that names the wife, and a colleague of the caseworker one on others."""
    sample = world.country.sample
    family, other = sample["family"]["spouse"], sample["people"]["own_region"]
    await _open_case(world, DV_CASE, "dv-response", sample["officers"]["dv_unit"], family["recordId"])
    await _open_case(world, OTHER_CASE, "family-card-review", _colleague(world), other["recordId"])


def _colleague(world: World) -> dict[str, Any]:
    """Another caseworker of the region, whose case is another family's."""
    worker = world.country.sample["officers"]["caseworker"]
    return {**{name: worker[name] for name in ("agency", "unit", "region")}, "actor": "officer-colleague"}


async def _open_case(world: World, case: str, activity: str, officer: dict[str, Any], subject: str) -> None:
    content = {
        "type": "case", "case": case, "activity": activity, "agency": officer["agency"], "unit": officer["unit"],
        "region": officer["region"], "officers": [officer["actor"]],
        "subjects": [{"agency": "population", "recordId": subject}],
        "opened": "2026-11-01T00:00:00Z", "expires": "2027-11-01T00:00:00Z", "event": "incident_report",
    }  # fmt: skip
    hasher = world.hub.parts.ring.hasher
    row = IntakeRow(
        source="casework",
        position=hasher.position("casework", case, 0),
        digest=hasher.row("casework", case.encode()),
        record=hasher.record("casework", case, 1),
        outcome=Outcome.ACCEPTED,
        document=content,
    )
    await world.hub.parts.docket.intake([row])


def _known(world: World) -> Acquainted:
    """What the old household knows of itself, and a stranger's id; and the moments just passed."""
    now = world.hub.clock.now()
    ago = instant_text(now - timedelta(minutes=90))
    moments = ((ago, None), (ago, (now.date() - timedelta(days=400)).isoformat()))
    family = world.country.sample["family"]
    people = [family["head"], family["spouse"], *family["children"]]
    rows = {m["row"]["recordId"]: m["row"] for m in world.country.manifest() if m["agency"] == "population"}
    named = [rows[p["recordId"]] for p in people]
    return Acquainted(
        nationals=(*(p["iin"] for p in people), world.country.sample["people"]["nobody"]["iin"]),
        names=tuple((f"{r['surname']} {r['givenName']}", r["birthDate"]) for r in named),
        moments=moments,
    )


async def _officers_look(world: World, *, dv_unit: bool) -> None:
    """The family's caseworker opens everybody's card, a colleague looks everybody up, the DV unit looks at the wife.

    From the grade on the colleague finds nobody: they live or lived with somebody who is protected. Their own logs must
    not tell.
    """
    sample, here = world.country.sample, world.hub
    worker = here.officer(world.country, "caseworker")
    colleague = here.principal("caseworker", _colleague(world))
    for person in (sample["family"]["head"], sample["family"]["spouse"], *sample["family"]["children"]):
        query = f"query($n:String){{findPerson(nationalId:$n,first:1){{edges{{node{{{PERSON}}}}}}}}}"
        await here.data(worker, query, {"n": person["iin"]}, case=sample["cases"]["caseworker"])
        await here.data(colleague, query, {"n": person["iin"]}, case=OTHER_CASE)
    if dv_unit:
        unit = here.officer(world.country, "dv_unit")
        spouse = await here.person_id(unit, sample["family"]["spouse"]["recordId"])
        await here.data(unit, f"query($i:ID!){{person(id:$i){{{PERSON}}}}}", {"i": spouse}, case=DV_CASE)


async def _accounts(world: World) -> list[Principal]:
    family = world.country.sample["family"]
    return [world.hub.family(person["iin"]) for person in (family["head"], family["spouse"], *family["children"])]


async def _same(without: World, with_: World, moment: str) -> int:
    """Both worlds answer every question of every account with the same bytes; returns how many were asked."""
    known = _known(without)
    pairs = zip(await _accounts(without), await _accounts(with_), strict=True)
    return sum(await asyncio.gather(*(_same_for(without, with_, left, right, known, moment) for left, right in pairs)))


async def _same_for(
    without: World, with_: World, left: Principal, right: Principal, known: Acquainted, moment: str
) -> int:
    asked, learnt = 0, without.learnt.setdefault(left.actor, set())
    answers = questions(without.hub, left, known, sorted(learnt))
    mirror = questions(with_.hub, right, known, sorted(learnt))
    while True:
        one, other = await asyncio.gather(anext(answers, None), anext(mirror, None))
        assert other == one, f"{moment}: {left.actor}: {one!r}\n{other!r}"
        if one is None:
            return asked
        learnt |= ids_in(one[1])
        asked += 1


async def _named_officer(world: World) -> bytes:
    unit = world.hub.officer(world.country, "dv_unit")
    spouse = await world.hub.person_id(unit, world.country.sample["family"]["spouse"]["recordId"])
    query = f"query($i:ID!){{person(id:$i){{{PERSON}}}}}"
    return (await world.hub.ask(unit, query, {"i": spouse}, case=DV_CASE)).body


async def _caseworkers(world: World) -> tuple[bytes, bytes]:
    """What the family's caseworker and the colleague are told of the wife."""
    query = "query($n:String){findPerson(nationalId:$n){edges{node{id residence{region street}}}}}"
    spouse = {"n": world.country.sample["family"]["spouse"]["iin"]}
    worker = world.hub.officer(world.country, "caseworker")
    colleague = world.hub.principal("caseworker", _colleague(world))
    theirs = await world.hub.ask(worker, query, spouse, case=world.country.sample["cases"]["caseworker"])
    return theirs.body, (await world.hub.ask(colleague, query, spouse, case=OTHER_CASE)).body


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
            await _open_cases(world)
        for moment, in_first, in_second in script:
            for world, step in ((without, in_first), (with_, in_second)):
                world.hub.clock.instant += timedelta(hours=1)
                if step is not None:
                    step(world)
                await world.hub.pull()
                await _officers_look(world, dv_unit=world is with_)
            asked += await _same(without, with_, moment)
        assert asked > 300
        assert await _named_officer(without) != await _named_officer(with_)
        for seen, withheld in zip(await _caseworkers(without), await _caseworkers(with_), strict=True):
            assert seen != withheld


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
