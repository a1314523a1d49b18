"""One hub over each store, with one key file, over one country: the same bytes to every question, the same graph.

Both hubs pull for themselves. Officers and families ask: the sample's people, every root field that leads to people,
ids that name no one. The logical forms of the two graphs are held against each other too.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from tests.acquaintance.questions import KIN, MEMBERS, PERSON, Acquainted, ids_in, questions
from tests.conformance.graph.factories import at
from tests.faults.comparing import clear_dump
from tests.servers.neo4j.shared import empty_neo4j
from tests.worlds.country import Country, country
from tests.worlds.hub import Hub, hub

_FIND = f"query($n:String){{findPerson(nationalId:$n,first:5){{totalCount edges{{node{{{PERSON}}}}}}}}}"
_PERSON = f"query($i:ID!){{person(id:$i){{{PERSON}}} node(id:$i){{id}}}}"
_HOUSEHOLD = f"query($i:ID!){{household(id:$i){{id {MEMBERS}}}}}"
_WALK = f"query($i:ID!){{kin(of:$i,depth:6,first:100){{{KIN}}}}}"
_NAME = "query($n:String,$b:Date){findPerson(name:$n,birthDate:$b){totalCount edges{node{id}}}}"
_OFFICERS = ("caseworker", "benefits_officer", "investigator", "dv_unit")


@asynccontextmanager
async def two(land: Country, folder: Path) -> AsyncIterator[tuple[Hub, Hub]]:
    """A hub over each store, both having pulled everything."""
    on_server = at(empty_neo4j())
    await on_server.upkeep.migrate()
    async with AsyncExitStack() as stack:
        keys = folder / "keys.json"
        one = await stack.enter_async_context(hub(land, folder / "embedded", keys=keys))
        other = await stack.enter_async_context(hub(land, folder / "server", keys=keys, graph=on_server))
        await one.pull()
        await other.pull()
        yield one, other


async def _officer(here: Hub, land: Country, role: str) -> list[bytes]:
    """What an officer of the sample hears, on their case and off it."""
    who, case = here.officer(land, role), land.sample["cases"].get(role)
    rows = [m["row"] for m in land.manifest() if m["agency"] == "population"]
    sample = land.sample
    people = [sample["people"][name] for name in ("own_region", "other_region", "protected", "nobody")]
    people += [sample["family"]["head"], sample["family"]["spouse"], *sample["family"]["children"]]
    heard: list[bytes] = []

    async def ask(query: str, **variables: Any) -> None:
        answer = await here.ask(who, query, variables, case=case)
        heard.append(b"%d " % answer.status + answer.body)

    for person in people:
        await ask(_FIND, n=person["iin"])
    for row in rows[:6]:
        await ask(_NAME, n=f"{row['surname']} {row['givenName']}", b=row["birthDate"])
    ids = sorted({*ids_in(b"".join(heard)), "A" * 32})[:6]
    for id in ids:
        await ask(_PERSON, i=id)
        await ask(_HOUSEHOLD, i=id)
        await ask(_WALK, i=id)
    return heard


async def _family(here: Hub, land: Country) -> list[bytes]:
    """What the sample's account hears to everything that an account can ask."""
    own = land.sample["family_member"]
    who = here.principal("family_member", {"iin": own["iin"], "actor": "account-1"})
    me = await here.ask(who, f"{{me{{person{{{PERSON}}}}}}}")
    known = Acquainted((own["iin"], land.sample["people"]["nobody"]["iin"]), (("Nobody Atall", "1990-01-01"),))
    ids = sorted(ids_in(me.body))[:3]
    return [me.body, *[body async for _, body in questions(here, who, known, [*ids, "A" * 32])]]


async def test_every_reader_hears_the_same_from_both_stores(tmp_path: Path) -> None:
    with country(tmp_path / "country", people=60, seed=3) as land:
        async with two(land, tmp_path) as (one, other):
            assert await clear_dump(one.graph) == await clear_dump(other.graph)
            told: dict[str, int] = {}
            for role in _OFFICERS:
                heard = await _officer(one, land, role)
                assert heard == await _officer(other, land, role), role
                told[role] = sum(body.count(b'"surname":"') for body in heard)
            assert told["caseworker"] > 20, f"hearing of nobody, nothing was compared: {told}"
            family = await _family(one, land)
            assert family == await _family(other, land)
            assert sum(body.count(b'"surname":"') for body in family) > 10
