"""29: the family's own log tells every look on their case, by whatever list officers found them, and no more for it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from domain.principals import Principal
from tests.negatives.cast import FAMILY_CASE, family_case
from tests.worlds.copies import Made, open_case, protect
from tests.worlds.hub import Hub

LOG = "{myAccessLog(first:100){edges{node{at actor agency activity}}}}"
RECORDS = "id identity{nationalId} income{month amount} residence{street}"
KIN = f"query($i:ID!){{kin(of:$i,depth:2){{edges{{node{{person{{{RECORDS}}}}}}}}}}}"
FIND = f"query($n:String,$b:Date){{findPerson(name:$n,birthDate:$b){{edges{{node{{{RECORDS}}}}}}}}}"
FIRST_MEMBER = (
    f"query($i:ID!){{person(id:$i){{households{{members(first:1){{edges{{node{{person{{{RECORDS}}}}}}}}}}}}}}}"
)


async def _looks(here: Hub, made: Made, who: str) -> list[Any]:
    person = made.sample["family"][who]
    account = here.principal("family_member", {**person, "actor": f"person-{who}"})
    return [edge["node"] for edge in (await here.data(account, LOG))["myAccessLog"]["edges"]]


async def _by_name(here: Hub, made: Made, officer: Principal, who: str) -> Any:
    row = made.rows[made.sample["family"][who]["recordId"]]
    name = f"{row['surname']} {row['givenName']}"
    return await here.data(officer, FIND, {"n": name, "b": row["birthDate"]}, case=FAMILY_CASE)


async def test_kin_and_names_leave_the_trace_that_ids_do(here: Hub, made: Made) -> None:
    officer = await family_case(here, made, "caseworker")
    head = await here.person_id(officer, made.sample["family"]["head"]["recordId"])
    assert await _looks(here, made, "spouse") == [], "nobody looked yet"
    kin = await here.data(officer, KIN, {"i": head}, case=FAMILY_CASE)
    spouse = made.sample["family"]["spouse"]["iin"]
    read = [edge["node"]["person"] for edge in kin["kin"]["edges"]]
    assert any(one["identity"] and one["identity"]["nationalId"] == spouse for one in read), "full records were read"
    assert len(await _looks(here, made, "spouse")) == 1
    found = await _by_name(here, made, officer, "spouse")
    assert found["findPerson"]["edges"][0]["node"]["identity"]["nationalId"] == spouse
    assert len(await _looks(here, made, "spouse")) == 2
    assert len(await _looks(here, made, "head")) == 1, "the start of the walk, and nobody's name search"


async def _officer_looks(here: Hub, made: Made) -> list[str]:
    """Every way to the family on a case that names the head alone; the answers."""
    officer = here.officer(made.country, "caseworker")
    family = made.sample["family"]
    await open_case(here, officer, FAMILY_CASE, [family["head"]["recordId"]])
    answers = []
    for who in ("head", "spouse"):
        start = {"i": await here.person_id(officer, family[who]["recordId"])}
        for query in (KIN, FIRST_MEMBER):
            answers.append(str(await here.data(officer, query, start, case=FAMILY_CASE)))
        answers.append(str(await _by_name(here, made, officer, who)))
    return answers


async def test_a_grade_changes_nobodys_own_log(made: Made, tmp_path: Path) -> None:
    """Who is on the case is reached for alike, whoever of them is hidden: neither less of it is told, nor more."""
    answers, logs = [], []
    for name in ("without", "with"):
        async with made.copy(tmp_path / name) as here:
            if name == "with":
                await protect(here, made.sample["family"]["spouse"]["recordId"])
            answers.append(await _officer_looks(here, made))
            logs.append({who: await _looks(here, made, who) for who in ("head", "spouse")})
    assert answers[0] != answers[1], "the officer sees less"
    assert logs[0]["spouse"] and logs[0] == logs[1]
