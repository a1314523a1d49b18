"""Searching by name at its bounds: 200 are answered, one more is answered as none; the best agreement comes first."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from domain.ids import PersonId, SourceKey
from domain.records.payload import Item, PersonFacts, Record, Registration, Value, encode, facts_label, record_label
from graph.shapes import Batch, NewKey, PersonWrite
from identity.search_keys import candidates
from policy.activity import Line
from tests.negatives.recording import recorded
from tests.worlds.copies import Made, made
from tests.worlds.hub import ACTIVITY, TABLE, Hub

NAME, BORN, BASE = "Тестов Тест", "1991-02-03", 10_000
FIND = """query($n:String!,$b:Date!,$f:Int,$a:String){findPerson(name:$n,birthDate:$b,first:$f,after:$a){
 totalCount pageInfo{hasNextPage endCursor} edges{cursor node{id name{surname givenName patronymic}}}}}"""


@pytest.fixture
async def here(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A hub over a copy of the country."""
    country = await made(tmp_path_factory.getbasetemp() / "made-here")
    async with country.copy(tmp_path) as hub:
        yield hub, country


async def namesakes(hub: Hub, patronymics: list[str | None], region: str, start: int = 0) -> None:
    """People of one name and birth date, registered in a region."""
    ring = hub.parts.ring
    searches = tuple(key for compound in candidates(NAME, BORN) for key in ring.hasher.search(compound))
    keys, people = [], []
    for number, patronymic in enumerate(patronymics, start):
        person, key = PersonId(BASE + number), ring.sealer.new_key()
        source = ring.hasher.source_key(SourceKey("population", f"PR-made-{number}"))
        values: dict[str, Value] = {"surname": "Тестов", "given_name": "Тест"}
        if patronymic is not None:
            values["patronymic"] = patronymic
        record = encode(Record((Item(values, dict.fromkeys(values, b"c")),)))
        facts = encode(PersonFacts(BORN, None, "M", (Registration(region, "a", "2000-01-01"),)))
        keys.append(NewKey(source, "population", ring.sealer.new_key().wrapped, person, "new"))
        people.append(
            PersonWrite(
                person,
                0,
                key.wrapped,
                ring.sealer.seal(key, facts, facts_label(person)),
                {9: ring.sealer.seal(key, record, record_label(person, 9))},
                searches=searches,
            )
        )
    await hub.pulling.writer.write(Batch("2026-11-22T08:00:00Z", tuple(keys), people=tuple(people)))


async def find(hub: Hub, country: Made, name: str = NAME, **more: Any) -> Any:
    who = hub.officer(country.country, "caseworker")
    variables = {"n": name, "b": BORN, "f": 100, **more}
    return (await hub.data(who, FIND, variables, case=country.sample["cases"]["caseworker"]))["findPerson"]


def region_of(country: Made) -> str:
    return str(country.sample["officers"]["caseworker"]["region"])


@pytest.mark.parametrize(("count", "told"), [(200, 200), (201, 0)])
async def test_one_more_than_200_is_none(here: tuple[Hub, Made], count: int, told: int) -> None:
    hub, country = here
    await namesakes(hub, [None] * count, region_of(country))
    found = await find(hub, country)
    assert (found["totalCount"], len(found["edges"])) == (told, min(told, 100))
    rest = await find(hub, country, a=found["pageInfo"]["endCursor"]) if told else found
    ids = {edge["node"]["id"] for page in (found, rest) for edge in page["edges"]}
    assert len(ids) == told


async def test_hidden_ones_count_towards_the_bound_as_nobody_sees(here: tuple[Hub, Made]) -> None:
    """201 of whom one may be known: none, as with 201 of whom none may; the answer tells no difference."""
    hub, country = here
    await namesakes(hub, [None] * 200, "KZ-elsewhere")
    await namesakes(hub, [None], region_of(country), 200)
    assert await find(hub, country) == {
        "totalCount": 0,
        "pageInfo": {"hasNextPage": False, "endCursor": None},
        "edges": [],
    }


async def test_the_best_agreement_comes_first_and_stays_there(here: tuple[Hub, Made]) -> None:
    hub, country = here
    await namesakes(hub, ["Олегович", None, "Иванович", "Ивановна", None], region_of(country))
    found = await find(hub, country, f"{NAME} Иванович")
    order = [edge["node"]["name"]["patronymic"] for edge in found["edges"]]
    assert order[0] == "Иванович" and sorted(order[1:], key=str) == [None, None, "Ивановна", "Олегович"]
    pages, after = [], None
    for _ in range(5):
        page = await find(hub, country, f"{NAME} Иванович", f=1, a=after)
        pages += [edge["node"]["id"] for edge in page["edges"]]
        after = page["pageInfo"]["endCursor"]
    assert pages == [edge["node"]["id"] for edge in found["edges"]]


async def test_who_may_not_read_names_gets_them_by_id(here: tuple[Hub, Made]) -> None:
    """The order tells of nothing that the caller may not read: without the name it is that of the ids, best or not."""
    hub, country = here
    activity = hub.parts.activities[ACTIVITY["caseworker"]]
    lines: dict[str, Line] = {k: v for k, v in activity.categories.items() if k != "name"}
    nameless = msgspec.structs.replace(activity, name="nameless", categories=lines)
    activities = {**hub.parts.activities, "nameless": nameless}
    over = hub.with_parts(activities=activities, table=type(TABLE).fill(activities))
    await namesakes(hub, ["Олегович", "Иванович", None], region_of(country))
    who = hub.principal("caseworker", country.sample["officers"]["caseworker"], activities=frozenset({"nameless"}))
    # No case names this activity: reach by region needs none but the file's own demand for one.
    free = msgspec.structs.replace(nameless, requires=msgspec.structs.replace(activity.requires, case=False))
    over = over.with_parts(activities={**activities, "nameless": free})
    found = await over.data(who, FIND, {"n": f"{NAME} Иванович", "b": BORN, "f": 10}, activity="nameless")
    outward = hub.parts.ring.outward(who.sector)
    assert [e["node"]["id"] for e in found["findPerson"]["edges"]] == [outward.encode("P", BASE + n) for n in range(3)]


async def test_hidden_and_nobody_make_the_same_calls(here: tuple[Hub, Made]) -> None:
    hub, country = here
    await namesakes(hub, ["Иванович"], "KZ-elsewhere")
    over, calls = recorded(hub)
    hidden = await find(over, country)
    mark = len(calls.made)
    nobody = await find(over, country, "Нетакой Никто")
    assert hidden == nobody and calls.since(0)[:mark] == calls.since(mark)
