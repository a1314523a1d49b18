"""Families planted in a hub, walked by an investigator with a warrant on their first member."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from hypothesis import HealthCheck, settings

from domain.clock import instant_text
from domain.ids import PersonId
from tests.negatives.cast import caller
from tests.resolvers.kin.families import Family
from tests.worlds.copies import Made, grant_warrant, open_case, protect
from tests.worlds.hub import Hub
from tests.worlds.planted import plant, record_of, replant

DEPTH = 5
SETTINGS = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
KIN = """query($i:ID!,$d:Int!,$t:DateTime,$o:Date){kin(of:$i,depth:$d,first:100,asOf:$t,on:$o){
 totalCount edges{node{degree relation kk:term(language:KK) person{id}}}}}"""
PATH = """query($a:ID!,$b:ID!,$d:Int!,$t:DateTime,$o:Date){kinPath(from:$a,to:$b,depth:$d,asOf:$t,on:$o){
 degree kind steps{relation kk:term(language:KK) person{id}}}}"""


class Planted:
    """A family in a hub, and an investigator with a warrant on its first member. What is asked of it may be asked of an
    instant."""

    def __init__(self, here: Hub, name: str, family: Family) -> None:
        self.here, self.name, self.family = here, name, family

    async def make(self, made: Made) -> None:
        """Plant it, with its grades and a warrant."""
        family, here = self.family, self.here
        self.ids = await plant(here, self.name, family.people, family.ties)
        for person in sorted(family.graded):
            await protect(here, record_of(self.name, person))
        self.who = (await caller(here, made, "investigator")).who
        self.case, first = f"CASE-{self.name}", record_of(self.name, 0)
        await open_case(here, self.who, self.case, [first])
        await grant_warrant(here, self.case, [first], warrant=f"WARRANT-{self.name}", depth=8)
        outward = here.parts.ring.outward(self.who.sector)
        self.outward = [outward.encode("P", PersonId(i)) for i in self.ids]
        self.place = {id: place for place, id in enumerate(self.outward)}

    async def correct(self, family: Family) -> None:
        """The same people, known otherwise from now on."""
        self.family = family
        await replant(self.here, self.name, family.people, family.ties)

    async def kin(self, hub: Hub, at: datetime | None = None) -> dict[int, int]:
        """Place of everyone whom the walk reaches → degree."""
        found = await self._edges(hub, at)
        assert all(len(node["relation"]) == node["degree"] for node in found)
        return {self.place[node["person"]["id"]]: node["degree"] for node in found}

    async def terms(self, hub: Hub, at: datetime | None = None) -> dict[int, str]:
        """Place of everyone whom the walk reaches → their term in Kazakh."""
        return {self.place[node["person"]["id"]]: node["kk"] for node in await self._edges(hub, at)}

    async def _edges(self, hub: Hub, at: datetime | None) -> list[dict[str, Any]]:
        asked = {"i": self.outward[0], "d": DEPTH, "t": _text(at), "o": None}
        found = (await hub.data(self.who, KIN, asked, case=self.case))["kin"]
        assert found["totalCount"] == len(found["edges"])
        return [edge["node"] for edge in found["edges"]]

    async def ways(self, hub: Hub, goal: int, at: datetime | None = None) -> set[tuple[int, ...]]:
        """All ways to a member that are told, as places after the start."""
        found = await self.told(hub, goal, at)
        ways = [tuple(self.place[step["person"]["id"]] for step in way["steps"]) for way in found]
        assert len(set(ways)) == len(ways)
        assert all(way["degree"] == len(way["steps"]) for way in found)
        return set(ways)

    async def told(self, hub: Hub, goal: int, at: datetime | None = None) -> Sequence[dict[str, Any]]:
        """The ways as the answer has them."""
        asked = {"a": self.outward[0], "b": self.outward[goal], "d": DEPTH, "t": _text(at), "o": None}
        ways: list[dict[str, Any]] = (await hub.data(self.who, PATH, asked, case=self.case))["kinPath"]
        return ways


def _text(at: datetime | None) -> str | None:
    return None if at is None else instant_text(at)
