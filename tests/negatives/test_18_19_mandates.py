"""18, 19: activities, cases, warrants: one clear refusal each for what is public, one identical one for every case."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from domain.principals import Principal
from tests.negatives.cast import FAMILY_CASE, caller, family_case
from tests.negatives.recording import recorded
from tests.worlds.copies import Made, grant_warrant, open_case, take_in
from tests.worlds.hub import ACTIVITY, Hub

PERSON = "query($i:ID!){person(id:$i){id name{surname}}}"
KIN = """query($i:ID!,$d:Int!,$f:[Family!]){kin(of:$i,depth:$d,families:$f,first:100){
  totalCount edges{node{degree relation person{id}}}}}"""


def _changed(who: Principal, **changes: Any) -> Principal:
    return Principal(**{**{name: getattr(who, name) for name in Principal.__dataclass_fields__}, **changes})


async def _refused(here: Hub, who: Principal, **headers: Any) -> tuple[int, bytes]:
    answer = await here.ask(who, PERSON, {"i": "x"}, **{"case": FAMILY_CASE, **headers})
    assert b'"data"' not in answer.body
    return answer.status, answer.body


def _code(refused: tuple[int, bytes]) -> str:
    return str(json.loads(refused[1])["errors"][0]["extensions"]["code"])


async def test_activities(here: Hub, made: Made) -> None:
    """None named; unknown, another role's, one beyond the token's, one the token lists but not for this role: alike."""
    who = await family_case(here, made, "caseworker")
    assert _code(await _refused(here, who, activity=None)) == "ACTIVITY_REQUIRED"
    greedy = _changed(who, activities=frozenset(ACTIVITY.values()))
    refusals = {
        await _refused(here, who, activity=name)
        for name in ("made-up", "", "log-review", "dv-response", "family-card-review ", "Family-Card-Review", "ф")
        if name
    }
    refusals |= {
        await _refused(here, greedy, activity=name) for name in set(ACTIVITY.values()) - {"family-card-review"}
    }
    refusals.add(await _refused(here, _changed(who, activities=frozenset())))
    refusals.add(await _refused(here, _changed(who, human=False)))
    refusals.add(await _refused(here, _changed(who, expires=here.clock.now())))
    assert len(refusals) == 1 and _code(refusals.pop()) == "ACTIVITY_REFUSED"
    assert (await here.ask(who, PERSON, {"i": "x"}, case=FAMILY_CASE)).status == 200


async def test_a_purpose_beyond_the_tokens(here: Hub, made: Made) -> None:
    """18: a token for one activity opens no other, even of the same role, whatever the request names."""
    for role in ("caseworker", "benefits_officer", "investigator", "dv_unit"):
        who = await family_case(here, made, role)
        narrow = _changed(who, activities=frozenset({"log-review"}))
        assert _code(await _refused(here, narrow)) == "ACTIVITY_REFUSED"


async def test_an_act_that_the_activity_does_not_list(here: Hub, made: Made) -> None:
    who = here.officer(made.country, "privacy_officer")
    answer = await here.ask(who, PERSON, {"i": "x"})
    assert json.loads(answer.body)["data"] == {"person": None} and b"ACTIVITY_REFUSED" in answer.body


async def test_every_case_that_is_not_theirs_is_one_refusal(here: Hub, made: Made) -> None:
    """Invented, malformed, closed, expired, not yet open, a colleague's, another agency's, another activity's."""
    who = await family_case(here, made, "caseworker")
    head = made.sample["family"]["head"]["recordId"]
    cases: dict[str, dict[str, Any]] = {
        "CASE-900000001": {"expires": "2026-11-22T09:00:00Z"},
        "CASE-900000002": {"opened": "2026-11-22T09:00:01Z"},
        "CASE-900000003": {"officers": ["a-colleague"]},
        "CASE-900000004": {"agency": "another-centre"},
        "CASE-900000005": {"unit": "another-unit"},
        "CASE-900000006": {"activity": "benefit-eligibility"},
        "CASE-900000007": {"officers": []},
        "CASE-900000008": {},
    }
    for number, changes in cases.items():
        await open_case(here, who, number, [head], **changes)
    assert (await here.ask(who, PERSON, {"i": "x"}, case="CASE-900000008")).status == 200
    await take_in(here, type="closure", case="CASE-900000008", closed="2026-11-22T09:00:00Z")
    invented = ["CASE-123456789", "CASE-1", "x", "ф" * 60, "C" * 300, "CASE-900000008 ", "0", "'; DROP TABLE case; --"]
    theirs = [number for role, number in made.sample["cases"].items() if role != "caseworker"]
    watched, calls = recorded(here)
    seen = set()
    for number in (*cases, *invented, *theirs):
        mark = len(calls.made)
        seen.add((await _refused(watched, who, case=number), calls.since(mark)))
    assert len(seen) == 1, "the same bytes after the same calls"
    assert _code(next(iter(seen))[0]) == "CASE_REFUSED"
    assert _code(await _refused(here, who, case=None)) == "CASE_REQUIRED"


async def test_a_case_opens_its_own_families_and_no_others(here: Hub, made: Made) -> None:
    who = await family_case(here, made, "benefits_officer")
    other = await here.person_id(who, made.sample["people"]["own_region"]["recordId"])
    assert (await here.data(who, PERSON, {"i": other}, case=FAMILY_CASE))["person"] is None


async def _kin(here: Hub, who: Principal, id: str, case: str | None, depth: int = 4, families: Any = None) -> Any:
    variables = {"i": id, "d": depth, "f": families}
    return (await here.data(who, KIN, variables, case=case))["kin"]


async def test_no_warrant_no_walk(here: Hub, made: Made) -> None:
    asks = await caller(here, made, "investigator")
    id = await here.person_id(asks.who, asks.sees)
    assert (await _kin(here, asks.who, id, asks.case))["totalCount"] > 0
    without = made.sample["cases"]["investigator_without_warrant"]
    answer = await here.ask(asks.who, KIN, {"i": id, "d": 4, "f": None}, case=without)
    assert answer.status == 403 and b"WARRANT_REQUIRED" in answer.body and b'"data"' not in answer.body
    assert (await here.ask(asks.who, KIN, {"i": id, "d": 4, "f": None}, case=None)).status == 403


@pytest.mark.parametrize(
    "given",
    [
        {"expires": "2026-11-22T09:00:00Z"},
        {"issued": "2026-11-22T09:00:01Z"},
        {"case": "CASE-990000077"},
    ],
    ids=["expired this second", "not yet issued", "of another case"],
)
async def test_a_warrant_not_in_force_is_none(here: Hub, made: Made, given: dict[str, str]) -> None:
    who = await family_case(here, made, "investigator")
    head = made.sample["family"]["head"]["recordId"]
    changes = dict(given)
    await grant_warrant(here, changes.pop("case", FAMILY_CASE), [head], **changes)
    answer = await here.ask(who, KIN, {"i": "x", "d": 2, "f": None}, case=FAMILY_CASE)
    assert answer.status == 403 and b"WARRANT_REQUIRED" in answer.body


async def test_a_warrant_reused_by_others(here: Hub, made: Made) -> None:
    """A warrant goes with its case, and the case with its officers: nobody else's request can use it."""
    asks = await caller(here, made, "investigator")
    id = await here.person_id(asks.who, asks.sees)
    for changes in ({"actor": "officer-2"}, {"agency": "another", "sector": asks.who.sector}, {"unit": "another"}):
        answer = await here.ask(_changed(asks.who, **changes), KIN, {"i": id, "d": 2, "f": None}, case=asks.case)
        assert answer.status == 403 and b"CASE_REFUSED" in answer.body


async def test_out_of_scope(here: Hub, made: Made) -> None:
    """A walk from somebody who is no subject, deeper than the warrant, over kinds that it does not name."""
    who = await family_case(here, made, "investigator")
    family = made.sample["family"]
    head, child = family["head"]["recordId"], family["children"][0]["recordId"]
    await grant_warrant(here, FAMILY_CASE, [head], depth=1, kinds=["parent"])
    id = await here.person_id(who, head)
    allowed = await _kin(here, who, id, FAMILY_CASE, depth=1, families=["PARENT"])
    assert allowed["totalCount"] > 0
    assert await _kin(here, who, id, FAMILY_CASE, depth=8) == allowed, "no deeper and over nothing else"
    partner = await _kin(here, who, id, FAMILY_CASE, families=["PARTNER", "GUARDIAN"])
    assert partner == {"totalCount": 0, "edges": []}
    elsewhere = await _kin(here, who, await here.person_id(who, child), FAMILY_CASE, depth=2)
    assert elsewhere == {"totalCount": 0, "edges": []}, "on the case, but no subject of the warrant"
    reached = [edge["node"]["person"]["id"] for edge in allowed["edges"]]
    for person in reached:
        direct = (await here.data(who, PERSON, {"i": person}, case=FAMILY_CASE))["person"]
        assert direct is None or person in await _on_case(here, who, made), "reached by the walk, not by asking"


async def _on_case(here: Hub, who: Principal, made: Made) -> set[str]:
    family = made.sample["family"]
    people = [family["head"], family["spouse"], *family["children"]]
    return {await here.person_id(who, person["recordId"]) for person in people}


async def test_walks_cost_the_same_calls_within_and_beyond_the_warrant(here: Hub, made: Made) -> None:
    who = await family_case(here, made, "investigator")
    head = made.sample["family"]["head"]["recordId"]
    await grant_warrant(here, FAMILY_CASE, [head], depth=1)
    watched, calls = recorded(here)
    ids = [await here.person_id(who, head), await here.person_id(who, made.sample["family"]["spouse"]["recordId"]), "x"]
    sequences = set()
    for id in ids:
        mark = len(calls.made)
        await _kin(watched, who, id, FAMILY_CASE, depth=6)
        sequences.add(calls.since(mark))
    assert len(sequences) == 1


async def test_the_token_runs_out_between_two_requests(here: Hub, made: Made) -> None:
    who = _changed(await family_case(here, made, "caseworker"), expires=here.clock.now() + timedelta(seconds=1))
    assert (await here.ask(who, PERSON, {"i": "x"}, case=FAMILY_CASE)).status == 200
    here.clock.instant += timedelta(seconds=1)
    assert _code(await _refused(here, who)) == "ACTIVITY_REFUSED"
