"""Provenance: which agency, which of its records, recorded when; what was overruled; and who is told how much of it."""

from __future__ import annotations

from typing import Any

from domain.clock import instant_text
from domain.principals import Principal
from tests.acquaintance.questions import SOURCED
from tests.markers.entries import newest
from tests.moments.past import Past
from tests.worlds.copies import open_case
from tests.worlds.hub import Hub

CASE = "CASE-990000041"
NAMED = """query($i:ID!){person(id:$i){id name{surname patronymic provenance{field source sourceId retrievedAt claim
 overruled{value agrees source sourceId retrievedAt claim}}}}}"""
BARE = "query($i:ID!){person(id:$i){id name{provenance{field source}} income{provenance{field}}}}"


async def _sourced(here: Hub, before: Past) -> tuple[Principal, str, str]:
    """A caseworker with a case on somebody whose surname was corrected; the outward id, the register's number."""
    record: str = before.sample["investigated"]["recordId"]
    who = here.officer(before.country, "caseworker")
    await open_case(here, who, CASE, [record])
    return who, await here.person_id(who, record), record


def rows_of(before: Past) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """(agency, its record's number) → rows served for it."""
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for line in before.country.manifest():
        row = line["row"]
        number = str(row.get("recordId") or row.get("act_no") or row.get("id"))
        found.setdefault((line["agency"], number), []).append(row)
    return found


async def test_every_value_says_where_it_came_from(here: Hub, before: Past) -> None:
    who, id, record = await _sourced(here, before)
    name = (await here.data(who, NAMED, {"i": id}, case=CASE))["person"]["name"]
    lines = {line["field"]: line for line in name["provenance"]}
    assert lines.keys() == {field for field in ("surname", "patronymic") if name[field] is not None}
    corrected = next(one for one in before.moments if one.what == "correction of investigated")
    assert lines["surname"]["source"] == "population"
    assert lines["surname"]["sourceId"] == record
    assert lines["surname"]["retrievedAt"] == instant_text(corrected.instant)
    rows = rows_of(before)
    for line in lines.values():
        for other in line["overruled"]:
            assert (other["source"], other["sourceId"]) in rows
            assert other["agrees"] == (other["value"] == name[line["field"]])
            assert other["claim"] != line["claim"]
    said = [other for line in lines.values() for other in line["overruled"]]
    assert any(not other["agrees"] for other in said), "the surname before its correction, as others still state it"
    entry = newest(here.folder / "ledger.db", here.parts.ring)
    person = await here.internal(record)
    assert {field for who_, category, field in entry.places if (who_, category) == (person, "name")} == {
        "surname",
        "patronymic",
        "provenance",
    }


async def test_only_of_fields_selected_beside_it(here: Hub, before: Past) -> None:
    who, id, _ = await _sourced(here, before)
    found = (await here.data(who, BARE, {"i": id}, case=CASE))["person"]
    assert found["name"]["provenance"] == []


async def test_claims_have_other_ids_in_another_sector(here: Hub, before: Past) -> None:
    who, id, record = await _sourced(here, before)
    one = (await here.data(who, NAMED, {"i": id}, case=CASE))["person"]["name"]["provenance"]
    officer = before.sample["officers"]["caseworker"]
    other = here.principal("caseworker", {**officer, "agency": "another-centre"})
    await open_case(here, other, "CASE-990000042", [record])
    theirs = await here.data(other, NAMED, {"i": await here.person_id(other, record)}, case="CASE-990000042")
    two = theirs["person"]["name"]["provenance"]
    assert [line["sourceId"] for line in one] == [line["sourceId"] for line in two]
    assert not {line["claim"] for line in one} & {line["claim"] for line in two}


async def test_a_report_withholds_it_with_the_location(here: Hub, before: Past) -> None:
    """Of the sample family's head, against whom a report stands: on the case are both."""
    family = before.sample["family"]
    who = here.officer(before.country, "caseworker")
    id = await here.person_id(who, family["head"]["recordId"])
    case = before.sample["cases"]["caseworker"]
    found = (await here.data(who, f"query($i:ID!){{person(id:$i){{{SOURCED}}}}}", {"i": id}, case=case))["person"]
    assert found["name"]["surname"] and found["name"]["provenance"] is None
    assert found["residence"] is None


async def test_an_account_is_told_the_agency_alone(here: Hub, before: Past) -> None:
    who = here.family(before.sample["family"]["spouse"]["iin"])
    found = (await here.data(who, f"{{me{{person{{{SOURCED}}}}}}}"))["me"]["person"]
    lines = [line for name in ("name", "identity") for line in found[name]["provenance"]]
    assert {line["source"] for line in lines} <= {"population", "civil", "health", "tax"} and lines
    every = [*lines, *(other for line in lines for other in line["overruled"])]
    assert len(every) > len(lines)
    assert {line[name] for line in every for name in ("sourceId", "retrievedAt", "claim")} == {None}
    others = "{me{person{households{members{edges{node{person{id name{surname provenance{source}}}}}}}}}}"
    homes = (await here.data(who, others))["me"]["person"]["households"]
    members = [edge["node"]["person"] for home in homes for edge in home["members"]["edges"]]
    grown = [one for one in members if one["id"] != found["id"]]
    assert all(one["name"]["surname"] for one in grown)


async def test_coarse_detail_has_none(here: Hub, before: Past) -> None:
    who = here.officer(before.country, "benefits_officer")
    record = before.sample["investigated"]["recordId"]
    await open_case(here, who, CASE, [record])
    id = await here.person_id(who, record)
    found = (await here.data(who, f"query($i:ID!){{person(id:$i){{{SOURCED}}}}}", {"i": id}, case=CASE))["person"]
    assert found["name"]["surname"] and found["name"]["provenance"] is None
    assert found["identity"]["provenance"] is None
