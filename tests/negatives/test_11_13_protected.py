"""11, 13: a protected address is reached by no way round, and that there is something to protect is not told."""

from __future__ import annotations

import json
from typing import Any

import pytest

from domain.principals import Principal
from tests.acquaintance.questions import KIN, MEMBERS, PERSON
from tests.negatives.cast import FAMILY_CASE, family_case
from tests.worlds.copies import Made, grant_warrant, homes_of, open_case, protect
from tests.worlds.hub import Hub

ROLES = ("caseworker", "benefits_officer", "investigator", "dv_unit")
LOCATING = """residence{region locality street house flat since until} clinic{name}
  employment{employer employerBin employerRegion} civilStatus{place}"""
TWO = f"query($i:ID!,$j:ID!){{a:person(id:$i){{id {LOCATING}}} b:person(id:$j){{id {LOCATING}}}}}"


def _located(person: Any) -> list[str]:
    """Every locating value in a person's answer."""
    found = [str(v) for row in person["residence"] or [] for k, v in row.items() if k not in ("since", "until") and v]
    found += [person["clinic"]["name"]] if person["clinic"] and person["clinic"]["name"] else []
    found += [str(v) for job in person["employment"] or [] for v in job.values() if v]
    return found + [event["place"] for event in person["civilStatus"] or [] if event["place"]]


async def _everything(here: Hub, made: Made, who: Principal, case: str, records: list[str]) -> str:
    """All that a caller can be told about people, by every way to them: the bytes of all answers together."""
    outward = here.parts.ring.outward(who.sector)
    said = ""
    for record in records:
        id = await here.person_id(who, record)
        row = made.rows[record]
        asked: list[tuple[str, dict[str, Any]]] = [
            (f"query($i:ID!){{person(id:$i){{{PERSON}}}}}", {"i": id}),
            (f"query($i:ID!){{node(id:$i){{... on Person{{{PERSON}}}}}}}", {"i": id}),
            (f"query($i:ID!){{kin(of:$i,depth:2,first:20){{{KIN}}}}}", {"i": id}),
            (f"query($n:String){{findPerson(nationalId:$n,first:1){{edges{{node{{{PERSON}}}}}}}}}", {"n": row["iin"]}),
        ]
        for home in await homes_of(here, record):
            asked.append((f"query($i:ID!){{household(id:$i){{{MEMBERS}}}}}", {"i": outward.encode("H", home)}))
        for query, variables in asked:
            answer = await here.ask(who, query, variables, case=case)
            assert answer.status == 200, answer.body
            said += answer.body.decode()
    return said


def _secrets(made: Made, record: str) -> list[str]:
    """What locates a person, by street with house as the register has it, and nobody else's."""
    address = next(r for r in made.rows[record]["registrations"] if r["to"] is None)["address"]
    return [f'"street":{json.dumps(address["street"], ensure_ascii=False)},"house":"{address["house"]}"']


@pytest.mark.parametrize("role", ROLES)
async def test_a_graded_member_of_a_family_is_located_by_no_way_round(here: Hub, made: Made, role: str) -> None:
    """The wife is graded; the case is about the husband alone. Nothing about anyone in the home tells where she is."""
    family = made.sample["family"]
    head, spouse = family["head"]["recordId"], family["spouse"]["recordId"]
    who = here.officer(made.country, role)
    await open_case(here, who, FAMILY_CASE, [head])
    if role == "investigator":
        await grant_warrant(here, FAMILY_CASE, [head])
    everyone = [head, spouse, *(child["recordId"] for child in family["children"])]
    before = await _everything(here, made, who, FAMILY_CASE, everyone)
    tells = role != "benefits_officer"
    secrets = _secrets(made, spouse)
    assert any(secret in before for secret in secrets) == tells, "before the grade it is told to those who may read it"
    await protect(here, spouse)
    after = await _everything(here, made, who, FAMILY_CASE, everyone)
    if role == "dv_unit":
        # The protective role sees where the subject of its own case lives, who is the husband; of the wife, who is
        # no subject, it learns that she is there and whom to contact.
        id = await here.person_id(who, spouse)
        query = f"query($i:ID!){{person(id:$i){{contactUnit {LOCATING}}}}}"
        found = (await here.data(who, query, {"i": id}, case=FAMILY_CASE))["person"]
        assert found["contactUnit"] and _located(found) == []
        return
    assert not any(secret in after for secret in secrets)
    gone = [await here.person_id(who, record) for record in everyone if record != head]
    assert not any(id in after for id in gone), "she and those whom her grade reaches do not exist for the officer"


async def test_region_search_and_kin_do_not_show_whoever_is_graded(here: Hub, made: Made) -> None:
    """An officer of the region finds people of the region by name; a grade makes the search find nobody."""
    who = here.officer(made.country, "caseworker")
    case = made.sample["cases"]["caseworker"]
    record = made.sample["people"]["own_region"]["recordId"]
    row = made.rows[record]
    by_name = "query($m:String,$b:Date){findPerson(name:$m,birthDate:$b){totalCount edges{node{id name{surname}}}}}"
    asked = {"m": f"{row['surname']} {row['givenName']}", "b": row["birthDate"]}
    found = await here.ask(who, by_name, asked, case=case)
    nobody = await here.ask(who, by_name, {"m": "Ешкімов Ешкім", "b": row["birthDate"]}, case=case)
    assert found.body != nobody.body
    await protect(here, record)
    assert (await here.ask(who, by_name, asked, case=case)).body == nobody.body


async def test_the_graded_subject_of_ones_own_case(here: Hub, made: Made) -> None:
    """Known to the named officer, located by the protective role alone; everything that locates inherits the grade."""
    head = made.sample["family"]["head"]["recordId"]
    spouse = made.sample["family"]["spouse"]["recordId"]
    worker = await family_case(here, made, "caseworker")
    ids = {"i": await here.person_id(worker, head), "j": await here.person_id(worker, spouse)}
    before = await here.data(worker, TWO, ids, case=FAMILY_CASE)
    assert _located(before["a"]) and _located(before["b"])
    await protect(here, head)
    after = await here.data(worker, TWO, ids, case=FAMILY_CASE)
    assert after["a"]["id"] and after["b"]["id"], "both are subjects of the officer's own case"
    assert _located(after["a"]) == [] and _located(after["b"]) == [], "the grade reaches whoever lives with the graded"
    unit = here.officer(made.country, "dv_unit")
    case = "CASE-990000012"
    await open_case(here, unit, case, [head])
    id = await here.person_id(unit, head)
    street = await here.data(unit, "query($i:ID!){person(id:$i){residence{street}}}", {"i": id}, case=case)
    assert street["person"]["residence"]


async def test_a_report_withholds_both_locations_and_nothing_else(here: Hub, made: Made) -> None:
    family = made.sample["family"]
    head, spouse = family["head"]["recordId"], family["spouse"]["recordId"]
    who = await family_case(here, made, "caseworker")
    ids = {"i": await here.person_id(who, head), "j": await here.person_id(who, spouse)}
    plain = """query($i:ID!,$j:ID!){
      a:person(id:$i){name{surname} income{month amount} identity{birthDate}} b:person(id:$j){id}}"""
    before = await here.ask(who, plain, ids, case=FAMILY_CASE)
    await protect(here, spouse, against=head)
    located = await here.data(who, TWO, ids, case=FAMILY_CASE)
    assert _located(located["a"]) == [] and _located(located["b"]) == []
    assert (await here.ask(who, plain, ids, case=FAMILY_CASE)).body == before.body


async def test_a_report_withholds_the_location_of_those_who_live_with_a_side(here: Hub, made: Made) -> None:
    """A child of both, subject of a case of the family, lives with the one who reported."""
    family = made.sample["family"]
    head, spouse = family["head"]["recordId"], family["spouse"]["recordId"]
    who = await family_case(here, made, "caseworker")
    await protect(here, spouse, against=head)
    said = await _everything(here, made, who, FAMILY_CASE, [child["recordId"] for child in family["children"]])
    assert not any(secret in said for secret in _secrets(made, spouse))


async def test_an_incident_is_seen_nowhere(here: Hub, made: Made) -> None:
    """13: no answer of any officer says that there is a report: no field, no code, no count, no contact."""
    family = made.sample["family"]
    head, spouse = family["head"]["recordId"], family["spouse"]["recordId"]
    who = await family_case(here, made, "caseworker")
    elsewhere = "CASE-990000014"
    await open_case(here, who, elsewhere, [made.sample["people"]["own_region"]["recordId"]])
    strangers = [made.sample["people"]["own_region"]["recordId"]]
    before = await _everything(here, made, who, elsewhere, strangers)
    await protect(here, spouse, against=head)
    assert await _everything(here, made, who, elsewhere, strangers) == before
    here_now = await _everything(here, made, who, FAMILY_CASE, [head, spouse])
    for word in ("report", "incident", "violence", "protect", "grade", "withheld", "CONSENT"):
        assert word not in here_now
