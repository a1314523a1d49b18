"""3, 4: a denied field reads as a true null, a denied list as none, and no count is taken before authorisation."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.acquaintance.questions import RECORDS
from tests.negatives.cast import FAMILY_CASE, READERS, Caller, caller, family_case
from tests.negatives.married import Married
from tests.worlds.copies import Made, grant_warrant, homes_of, open_case, protect
from tests.worlds.hub import Hub

BY_CATEGORY = {
    "name": "name{surname}",
    "identity": "identity{birthDate}",
    "residence": "residence{street}",
    "civil_status": "civilStatus{event}",
    "employment": "employment{employer}",
    "income": "income{amount}",
    "health_cover": "healthCover{insured}",
    "clinic": "clinic{name}",
    "disability": "disability{group}",
    "conditions": "conditions{condition}",
}
FIELD = {name: selection.split("{")[0] for name, selection in BY_CATEGORY.items()}


async def _person(here: Hub, asks: Caller, record: str, selection: str) -> Any:
    id = await here.person_id(asks.who, record)
    query = f"query($i:ID!){{person(id:$i){{{selection}}}}}"
    return (await here.data(asks.who, query, {"i": id}, case=asks.case))["person"]


async def _with_condition(here: Hub, made: Made) -> str:
    """Somebody of whom the secret category holds something, and somebody's plain records too."""
    for record in made.rows:
        account = here.principal("family_member", {"iin": made.rows[record]["iin"], "actor": f"person-{record}"})
        if not made.rows[record]["iin"] or made.rows[record]["deathDate"]:
            continue
        found = await here.data(account, "{me{person{conditions{condition} income{amount}}}}")
        person = found["me"]["person"]
        if person and person["conditions"] and person["income"]:
            return record
    raise AssertionError("nobody has both")


@pytest.mark.parametrize("role", [role for role in READERS if role != "family_member"])
async def test_denied_is_null_whether_there_is_data_or_not(here: Hub, made: Made, role: str) -> None:
    """Of one who has data in every category and one who has none: what the role may not read is the same null."""
    rich = await _with_condition(here, made)
    poor = made.sample["family"]["children"][1]["recordId"]
    who = here.officer(made.country, role)
    await open_case(here, who, "CASE-990000003", [rich, poor])
    listed = here.parts.activities[next(iter(who.activities))].categories
    denied = [name for name in BY_CATEGORY if name not in listed]
    assert denied, role
    if role == "investigator":
        await grant_warrant(here, "CASE-990000003", [rich, poor])
    asks = Caller(who, "CASE-990000003", rich, ())
    selection = " ".join(BY_CATEGORY[name] for name in denied)
    answers = [await _person(here, asks, record, selection) for record in (rich, poor)]
    assert answers[0] == answers[1] == dict.fromkeys(FIELD[name] for name in denied)
    typenames = " ".join(f"{FIELD[name]}{{__typename}}" for name in denied)
    counted = [await _person(here, asks, record, typenames) for record in (rich, poor)]
    assert counted[0] == counted[1] == answers[0], "not even how many there are"


async def test_typename_alone_tells_no_count_of_what_may_be_read(here: Hub, made: Made) -> None:
    """A selection of `__typename` alone asks for no field, is in no entry, and therefore tells nothing."""
    asks = await caller(here, made, "caseworker")
    selection = " ".join(f"{FIELD[name]}{{__typename}}" for name in BY_CATEGORY)
    found = await _person(here, asks, asks.sees, selection)
    assert set(found.values()) == {None}
    assert any((await _person(here, asks, asks.sees, RECORDS)).values()), "there is something to count"


async def test_nothing_that_is_null_is_an_error(here: Hub, made: Made) -> None:
    """No bubbling: every field behind the gate is nullable, so a withheld one never takes its parent along."""
    for role in READERS:
        asks = await caller(here, made, role)
        found = await _person(here, asks, asks.sees, f"id {RECORDS} households{{id members{{totalCount}}}}")
        assert found is not None and found["id"]


async def test_coarse_detail_withholds_the_full_value(here: Hub, made: Made) -> None:
    asks = await caller(here, made, "benefits_officer")
    found = await _person(here, asks, asks.sees, "identity{birthDate birthYear nationalId} income{amount incomeBand}")
    assert found["identity"]["birthYear"] and not found["identity"]["birthDate"]
    assert not found["identity"]["nationalId"]
    assert all(item["amount"] is None for item in found["income"] or [])


MEMBERS = """query($i:ID!,$n:Int!,$a:String){household(id:$i){members(first:$n,after:$a){totalCount
  pageInfo{hasNextPage hasPreviousPage startCursor endCursor} edges{cursor node{person{id}}}}}}"""


async def test_counts_and_pages_hold_the_visible_alone(here: Hub, made: Made) -> None:
    """With a member hidden, count, pages and flags are those of a household that never had that member."""
    family = made.sample["family"]
    who = await family_case(here, made, "caseworker")
    outward = here.parts.ring.outward(who.sector)
    id = outward.encode("H", (await homes_of(here, family["head"]["recordId"]))[0])

    async def page(first: int, after: str | None = None) -> Any:
        answer = await here.data(who, MEMBERS, {"i": id, "n": first, "a": after}, case=FAMILY_CASE)
        return answer["household"]["members"]

    whole = await page(20)
    everyone = [edge["node"]["person"]["id"] for edge in whole["edges"]]
    assert whole["totalCount"] == len(everyone) >= 4 and not whole["pageInfo"]["hasNextPage"]

    hidden = made.sample["officers"]["caseworker"]["recordId"]
    spouse = family["spouse"]["recordId"]
    near = here.with_parts(reader=Married(here.parts.reader, await here.internal(hidden), await here.internal(spouse)))

    async def masked(first: int, after: str | None = None) -> Any:
        answer = await near.data(who, MEMBERS, {"i": id, "n": first, "a": after}, case=FAMILY_CASE)
        return answer["household"]["members"]

    gone = outward.encode("P", await here.internal(spouse))
    left = [person for person in everyone if person != gone]
    seen = await masked(20)
    assert [edge["node"]["person"]["id"] for edge in seen["edges"]] == left
    assert seen["totalCount"] == len(left) == len(everyone) - 1
    exact = await masked(len(left))
    assert not exact["pageInfo"]["hasNextPage"], "a hidden next item is no next item"
    collected, after = [], None
    while True:
        one = await masked(1, after)
        collected += [edge["node"]["person"]["id"] for edge in one["edges"]]
        assert one["totalCount"] == len(left)
        after = one["pageInfo"]["endCursor"]
        if not one["pageInfo"]["hasNextPage"]:
            break
    assert collected == left
    before_gone = whole["edges"][everyone.index(gone)]["cursor"]
    empty = await masked(20, before_gone)
    assert empty["edges"] == [] and empty["pageInfo"] == dict.fromkeys(empty["pageInfo"]) | {
        "hasNextPage": False,
        "hasPreviousPage": False,
    }, "a cursor at somebody hidden by now is no place"


async def test_a_household_of_which_nobody_is_visible_is_none(here: Hub, made: Made) -> None:
    """And one of which somebody is, shows no more than that one."""
    asks = await caller(here, made, "caseworker")
    outward = here.parts.ring.outward(asks.who.sector)
    home = outward.encode("H", (await homes_of(here, made.sample["people"]["other_region"]["recordId"]))[0])
    answer = await here.ask(asks.who, MEMBERS, {"i": home, "n": 5}, case=asks.case)
    assert json.loads(answer.body) == {"data": {"household": None}}


async def test_kin_are_counted_after_authorisation(here: Hub, made: Made) -> None:
    """A grade over one of the kin takes that one (and whom it reaches) from list and count alike."""
    asks = await caller(here, made, "investigator")
    id = await here.person_id(asks.who, asks.sees)
    query = "query($i:ID!){kin(of:$i,depth:2,first:100){totalCount pageInfo{hasNextPage} edges{node{person{id}}}}}"

    async def kin() -> tuple[int, list[str]]:
        found = (await here.data(asks.who, query, {"i": id}, case=asks.case))["kin"]
        assert not found["pageInfo"]["hasNextPage"]
        return found["totalCount"], [edge["node"]["person"]["id"] for edge in found["edges"]]

    total, before = await kin()
    assert total == len(before) > 2
    records = {await here.person_id(asks.who, record): record for record in made.rows}
    chosen = before[-1]
    await protect(here, records[chosen])
    total, after = await kin()
    assert chosen not in after and total == len(after) < len(before)
    assert after == [person for person in before if person in after]
