"""Families that nobody here wrote are walked: by an investigator under a warrant, by nobody else."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from domain.ids import PersonId, SourceKey
from domain.principals import Principal
from kindred.importing import import_gedcom
from tests.connectors.protocols.gedcom.files import Tree, chain, royals
from tests.worlds.copies import take_in
from tests.worlds.country import Country
from tests.worlds.hub import Hub, hub

CASE = "CASE-990000001"
KIN = """query($i:ID!,$d:Int!,$f:[Family!]){kin(of:$i,depth:$d,families:$f,first:100){
  totalCount edges{node{degree relation person{id name{surname givenName} identity{birthDate}}}}}}"""
PERSON = "query($i:ID!){person(id:$i){id name{surname} identity{birthDate birthYear} residence{region}}}"


OPEN = {"opened": "2026-11-01T00:00:00Z", "expires": "2027-11-01T00:00:00Z"}


async def case(here: Hub, who: Principal, record: str) -> None:
    """A case of an officer about an individual of a file."""
    subjects = [{"agency": "gedcom", "recordId": record}]
    activity, region = next(iter(who.activities)), who.region
    content = {"type": "case", "case": CASE, "activity": activity, "agency": who.agency, "unit": who.unit, **OPEN}
    await take_in(here, **content, region=region, officers=[who.actor], subjects=subjects, event="test")


async def warrant(here: Hub, record: str, depth: int) -> None:
    """A court's warrant on the case."""
    content = {"type": "warrant", "warrant": "W-1", "case": CASE, "court": "court", "depth": depth}
    terms = {"kinds": ["parent"], "issued": OPEN["opened"], "expires": OPEN["expires"]}
    await take_in(here, **content, **terms, subjects=[{"agency": "gedcom", "recordId": record}])


class Nowhere(Country):
    """A country that serves nothing."""

    def read(self, name: str) -> Any:
        return {"keys": []} if "jwks" in name else defaultdict(lambda: defaultdict(str))


@dataclass
class World:
    """A hub that knows one imported tree."""

    here: Hub
    tree: str

    def outward(self, who: Principal, person: PersonId) -> str:
        """An id as the caller's sector has it."""
        return self.here.parts.ring.outward(who.sector).encode("P", person)

    async def id(self, who: Principal, xref: str) -> str:
        """The outward id of an individual."""
        key = self.here.parts.ring.hasher.source_key(SourceKey("gedcom", f"{self.tree}/{xref}"))
        return self.outward(who, (await self.here.parts.reader.owners([key]))[key])

    def officer(self, role: str, **more: Any) -> Principal:
        """An officer of a role."""
        person = {"actor": f"{role}-1", "agency": role, "unit": "unit-1", "region": "KZ-75"}
        return self.here.principal(role, person, **more)

    async def warranted(self, start: str, depth: int = 8) -> Principal:
        """An investigator with a case and a warrant about an individual."""
        who = self.officer("investigator")
        await case(self.here, who, f"{self.tree}/{start}")
        await warrant(self.here, f"{self.tree}/{start}", depth)
        return who

    async def kin(self, who: Principal, start: str, depth: int, number: str | None = CASE) -> list[dict[str, Any]]:
        """Who is found by a walk."""
        variables = {"i": await self.id(who, start), "d": depth, "f": ["PARENT"]}
        data = await self.here.data(who, KIN, variables, case=number)
        return [edge["node"] for edge in data["kin"]["edges"]]


async def world(folder: Path, tree: Tree) -> AsyncIterator[World]:
    """A hub over nothing but a tree."""
    async with hub(Nowhere("http://127.0.0.1:1", folder, {}), folder / "hub") as here:
        path = folder / "tree.ged"
        path.write_text(tree.text(), "utf-8")
        done = await import_gedcom(path, here.pulling)
        yield World(here, done.edition.tree)


@pytest.fixture
async def court(tmp_path: Path) -> AsyncIterator[World]:
    async for one in world(tmp_path, royals()):
        yield one


@pytest.fixture
async def line(tmp_path: Path) -> AsyncIterator[World]:
    async for one in world(tmp_path, chain(172)):
        yield one


async def test_an_investigator_walks_an_imported_family(court: World) -> None:
    who = await court.warranted("I11")
    found = {(one["person"]["name"]["givenName"], one["degree"]) for one in await court.kin(who, "I11", 3)}
    assert {("Николай", 1), ("Alix", 1), ("Alice", 2), ("Мария", 2), ("Victoria", 3), ("Christian", 3)} <= found
    dates = {one["person"]["identity"]["birthDate"] for one in await court.kin(who, "I11", 1)}
    assert dates == {"1868-05-18", "1872-06-06"}  # one of them written in the Julian calendar


async def test_a_walk_along_172_generations_goes_as_far_as_walks_go(line: World) -> None:
    who = await line.warranted("I100")
    found = await line.kin(who, "I100", 8)
    assert sorted(one["degree"] for one in found) == sorted([*range(1, 9), *range(1, 9)])


@pytest.mark.parametrize("role", ["caseworker", "benefits_officer", "investigator", "dv_unit"])
async def test_nobody_else_knows_that_imported_people_are_here(court: World, role: str) -> None:
    """No region is known of them, so nobody's region is theirs: hidden, as if they were not there."""
    who = court.officer(role)
    await case(court.here, who, "another/I1")
    await warrant(court.here, "another/I1", 8)
    asked = {"i": await court.id(who, "I1")}
    nobody = {"i": court.outward(who, PersonId(12345))}
    answers = [await court.here.ask(who, PERSON, variables, case=CASE) for variables in (asked, nobody)]
    assert answers[0].body == answers[1].body
    assert json.loads(answers[0].body)["data"] == {"person": None}


async def test_without_case_or_warrant_there_is_no_walk(court: World) -> None:
    who = court.officer("investigator")
    answer = await court.here.ask(who, KIN, {"i": await court.id(who, "I1"), "d": 1})
    assert b'"data"' not in answer.body and b"CASE_REQUIRED" in answer.body
    await case(court.here, who, f"{court.tree}/I1")
    answer = await court.here.ask(who, KIN, {"i": await court.id(who, "I1"), "d": 1}, case=CASE)
    assert b"WARRANT_REQUIRED" in answer.body
