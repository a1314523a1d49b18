"""1, 2, 14: hidden, absent, nonexistent, malformed, foreign, flipped: same bytes, same status, same store calls."""

from __future__ import annotations

from typing import Any

import pytest

from domain.entries import Entry
from resolvers.gate.gate import Gate
from resolvers.reads import roots
from resolvers.reads.people import person_views
from tests.acquaintance.questions import KIN, LOG, MEMBERS, PERSON, SOURCED
from tests.negatives.cast import READERS, Caller, caller, flipped, household_ids, person_ids
from tests.negatives.recording import Call, Calls, recorded
from tests.worlds.copies import Made
from tests.worlds.hub import Hub

_THEN = 'asOf:"2026-11-22T09:00:00Z",on:"2026-01-01"'
PERSON_QUESTIONS = {
    "person": f"query($i:ID!){{person(id:$i){{{PERSON}}}}}",
    "node": f"query($i:ID!){{node(id:$i){{__typename id ... on Person{{{PERSON}}} ... on Household{{{MEMBERS}}}}}}}",
    "household": f"query($i:ID!){{household(id:$i){{id {MEMBERS}}}}}",
    "kin": f"query($i:ID!){{kin(of:$i,depth:4,first:50){{{KIN}}}}}",
    "sourced": f"query($i:ID!){{person(id:$i){{{SOURCED}}}}}",
    "then": f"query($i:ID!){{person(id:$i,{_THEN}){{{PERSON}}}}}",
    "then sourced": f"query($i:ID!){{person(id:$i,{_THEN}){{{SOURCED}}}}}",
    "household then": f"query($i:ID!){{household(id:$i,{_THEN}){{id {MEMBERS}}}}}",
    "kin then": f"query($i:ID!){{kin(of:$i,depth:4,first:50,{_THEN}){{{KIN}}}}}",
    "name alone": "query($i:ID!){person(id:$i){__typename}}",
}
ENTITY = (
    "query($r:[_Any!]!){_entities(representations:$r){__typename "
    f"... on Person{{{PERSON}}} ... on Household{{id {MEMBERS}}}}}}}"
)
FOUND = f"totalCount pageInfo{{hasNextPage hasPreviousPage startCursor endCursor}} edges{{cursor node{{{PERSON}}}}}"
FIND = f"query($n:String,$m:String,$b:Date){{findPerson(nationalId:$n,name:$m,birthDate:$b,first:2){{{FOUND}}}}}"

Seen = tuple[int, bytes, tuple[Call, ...]]


async def look(here: Hub, calls: Calls, asks: Caller, query: str, variables: dict[str, Any]) -> Seen:
    """Status, bytes and store calls of one request."""
    mark = len(calls.made)
    answer = await here.ask(asks.who, query, variables, case=asks.case)
    return answer.status, answer.body, calls.since(mark)


async def differing(here: Hub, made: Made, role: str) -> list[str]:
    """Every question with an id in it, over every id that must read as nobody: those that differ, by name."""
    asks = await caller(here, made, role)
    watched, calls = recorded(here)
    ids, homes = await person_ids(here, asks), await household_ids(here, asks)
    found = []
    for name, query in PERSON_QUESTIONS.items():
        chosen = homes if name.startswith("household") else ids
        expected = await look(watched, calls, asks, query, {"i": chosen.nobody})
        refused = role == "benefits_officer" and name.startswith("kin")  # not an act of theirs, whoever is named
        assert (b'"errors"' in expected[1]) == refused and expected[2], (name, expected)
        for what, other in chosen.others.items():
            if await look(watched, calls, asks, query, {"i": other}) != expected:
                found.append(f"{name}: {what}")
    for kind, chosen in (("Person", ids), ("Household", homes)):
        expected = await look(watched, calls, asks, ENTITY, {"r": [{"__typename": kind, "id": chosen.nobody}]})
        assert expected[1] == b'{"data":{"_entities":[null]}}'
        for what, other in chosen.others.items():
            if await look(watched, calls, asks, ENTITY, {"r": [{"__typename": kind, "id": other}]}) != expected:
                found.append(f"_entities {kind}: {what}")
    return found


@pytest.mark.parametrize("role", READERS)
async def test_whoever_is_not_shown_does_not_exist(here: Hub, made: Made, role: str) -> None:
    assert await differing(here, made, role) == []


@pytest.mark.parametrize("role", READERS)
async def test_control_whoever_is_shown_differs(here: Hub, made: Made, role: str) -> None:
    """The comparison sees a difference where there is one: the same questions about somebody the caller may see."""
    asks = await caller(here, made, role)
    watched, calls = recorded(here)
    nobody = (await person_ids(here, asks)).nobody
    seen = await here.person_id(asks.who, asks.sees)
    for name in ("person", "node"):
        query = PERSON_QUESTIONS[name]
        first = await look(watched, calls, asks, query, {"i": nobody})
        second = await look(watched, calls, asks, query, {"i": seen})
        assert first[1] != second[1], name


async def test_control_a_gate_that_returns_early_is_caught(
    here: Hub, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A gate that asks nothing about nobody answers with the same bytes, and is told apart by its calls."""
    know = Gate.know

    async def early(gate: Gate, ids: Any, **named: Any) -> Any:
        asked = list(ids)
        return await know(gate, asked, **named) if asked else {}

    monkeypatch.setattr(Gate, "know", early)
    assert "person: no id" in await differing(here, made, "caseworker")


async def test_control_a_read_that_returns_early_is_caught(
    here: Hub, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A read that stops at somebody hidden, before looking for their records, is told apart by its calls."""
    views = person_views

    async def early(gate: Any, people: Any, *more: Any) -> Any:
        return await views(gate, people, *more) if people else {}

    monkeypatch.setattr(roots, "person_views", early)
    watched, calls = recorded(here)
    asks = await caller(here, made, "caseworker")
    query = PERSON_QUESTIONS["person"]
    nobody = await look(watched, calls, asks, query, {"i": (await person_ids(here, asks)).nobody})
    seen = await look(watched, calls, asks, query, {"i": await here.person_id(asks.who, asks.sees)})
    assert len(nobody[2]) < len(seen[2])


@pytest.mark.parametrize("role", READERS)
async def test_shown_and_not_shown_cost_the_same_calls(here: Hub, made: Made, role: str) -> None:
    """Even somebody who is shown makes the same calls: what is asked of the stores follows from the document alone."""
    asks = await caller(here, made, role)
    watched, calls = recorded(here)
    nobody = (await person_ids(here, asks)).nobody
    seen = await here.person_id(asks.who, asks.sees)
    for name in ("person", "node", "kin", "sourced", "then", "then sourced", "kin then"):
        first = await look(watched, calls, asks, PERSON_QUESTIONS[name], {"i": nobody})
        second = await look(watched, calls, asks, PERSON_QUESTIONS[name], {"i": seen})
        assert first[2] == second[2], name


@pytest.mark.parametrize("role", READERS[:-1])
async def test_searches_find_nobody_hidden(here: Hub, made: Made, role: str) -> None:
    """By national id and by name with birth date; a family account may not search at all."""
    asks = await caller(here, made, role)
    watched, calls = recorded(here)
    nobody = made.sample["people"]["nobody"]["iin"]
    by_id = await look(watched, calls, asks, FIND, {"n": nobody})
    by_name = await look(watched, calls, asks, FIND, {"m": "Ешкімов Ешкім", "b": "1990-01-01"})
    assert b'"edges":[]' in by_id[1] and by_id[1] == by_name[1]
    for record in asks.hidden:
        row = made.rows[record]
        assert await look(watched, calls, asks, FIND, {"n": row["iin"]}) == by_id
        named = {"m": f"{row['surname']} {row['givenName']}", "b": row["birthDate"]}
        assert await look(watched, calls, asks, FIND, named) == by_name
    if role != "benefits_officer":
        row = made.rows[asks.sees]
        named = {"m": f"{row['surname']} {row['givenName']}", "b": row["birthDate"]}
        assert (await look(watched, calls, asks, FIND, named))[1] != by_name[1], "the search finds whom it may"
    assert (await look(watched, calls, asks, FIND, {"n": made.rows[asks.sees]["iin"]}))[1] != by_id[1]


async def test_an_account_may_not_search_whoever_it_names(here: Hub, made: Made) -> None:
    asks = await caller(here, made, "family_member")
    watched, calls = recorded(here)
    nationals = [made.rows[record]["iin"] for record in (*asks.hidden, asks.sees)]
    nationals.append(made.sample["people"]["nobody"]["iin"])
    assert len({await look(watched, calls, asks, FIND, {"n": national}) for national in nationals}) == 1


async def test_the_log_of_others_is_the_log_of_nobody(here: Hub, made: Made) -> None:
    """myAccessLog(about:) of a hidden person, of the caller's spouse, of nobody: one empty page."""
    asks = await caller(here, made, "family_member")
    watched, calls = recorded(here)
    query = f"query($i:ID!){{myAccessLog(about:$i,first:100){LOG}}}"
    ids = await person_ids(here, asks)
    expected = await look(watched, calls, asks, query, {"i": ids.nobody})
    spouse = await here.person_id(asks.who, made.sample["family"]["head"]["recordId"])
    for what, other in {**ids.others, "spouse": spouse}.items():
        assert await look(watched, calls, asks, query, {"i": other}) == expected, what


async def test_one_bad_id_spoils_no_other(here: Hub, made: Made) -> None:
    asks = await caller(here, made, "caseworker")
    ids = await person_ids(here, asks)
    seen = await here.person_id(asks.who, asks.sees)
    mixed: list[Any] = [{"__typename": "Person", "id": i} for i in (*ids.others.values(), seen, ids.nobody)]
    mixed += [{"__typename": "Person"}, {"id": seen}, {"__typename": "Nothing", "id": seen}, 7, "x"]
    query = "query($r:[_Any!]!){_entities(representations:$r){... on Person{id}}}"
    for entry in mixed:
        found = (await here.data(asks.who, query, {"r": [entry, mixed[len(ids.others)]]}, case=asks.case))["_entities"]
        assert found[1] == {"id": seen}
        assert found[0] is None or entry == {"__typename": "Person", "id": seen}


@pytest.mark.parametrize("role", READERS)
async def test_the_ledger_grows_alike(here: Hub, made: Made, role: str) -> None:
    """Entries about hidden and nonexistent differ in nothing but what is sealed."""
    asks = await caller(here, made, role)
    entries: list[Entry] = []
    append = here.parts.ledger.append

    class Kept:
        def __getattr__(self, name: str) -> Any:
            return getattr(here.parts.ledger, name)

        async def append(self, entry: Entry) -> Any:
            entries.append(entry)
            return await append(entry)

    kept = here.with_parts(ledger=Kept())
    ids = await person_ids(here, asks)
    for id in (ids.nobody, ids.others["hidden 0"], ids.others["no id"], flipped(ids.nobody)):
        await kept.ask(asks.who, PERSON_QUESTIONS["person"], {"i": id}, case=asks.case)
    headers = [(e.act, e.decision, e.reason, e.activity, e.case, e.warrant, e.quiet, e.document_hash) for e in entries]
    assert len(set(headers)) == 1 and len(headers) == 4
    assert all(entry.shown == () for entry in entries)
    assert entries[0].attempted == () and len(entries[1].attempted) == 1, "who was reached for is kept"
