"""The sample's promises, from world and manifest."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from simulator import iin
from simulator.country import plan, sample
from simulator.country.options import Options
from tests.simulator.countries import by_stream, lines, options

REGION = "KZ-75"


class Seen:
    """A country as others can see it."""

    def __init__(self, country: Options) -> None:
        self.sample: dict[str, Any] = json.loads(country.files().sample.read_bytes())
        self.world = {p["recordId"]: p for p in lines(country.files().world) if p["kind"] == "person"}
        self.by_id = {p["id"]: p for p in self.world.values()}
        self.unions = [u for u in lines(country.files().world) if u["kind"] == "union"]
        self._steps = self._links()
        self.manifest = lines(country.files().manifest)
        casework = by_stream(self.manifest)["casework"]
        self.documents = [line["document"] for line in casework]

    def _links(self) -> dict[str, set[str]]:
        steps: dict[str, set[str]] = {}
        pairs = [(p["id"], parent) for p in self.by_id.values() for parent in (p["mother"], p["father"]) if parent]
        for one, other in (*pairs, *((u["wife"], u["husband"]) for u in self.unions)):
            steps.setdefault(one, set()).add(other)
            steps.setdefault(other, set()).add(one)
        return steps

    def case(self, name: str) -> dict[str, Any]:
        """A case of the sample."""
        [case] = [d for d in self.documents if d["type"] == "case" and d["case"] == self.sample["cases"][name]]
        return case

    def subjects(self, name: str) -> list[str]:
        """Whom it names."""
        return [s["recordId"] for s in self.case(name)["subjects"]]

    def errors(self, record: str) -> list[dict[str, Any]]:
        """Every error of every row that names a person."""
        me = self.world[record]["id"]
        return [e for line in self.manifest if me in line["truth"].values() for e in line["errors"]]

    def open(self, record: str) -> list[dict[str, Any]]:
        """Registrations in force."""
        return [s for s in self.world[record]["stays"] if s["to"] is None]

    def age(self, record: str) -> float:
        """Years, roughly."""
        return 2026.9 - int(self.world[record]["birthDate"][:4])

    def kin(self, record: str, depth: int) -> set[str]:
        """Everyone within `depth` steps over parents, children, partners."""
        steps = self._steps
        seen = frontier = {self.world[record]["id"]}
        for _ in range(depth):
            frontier = {n for f in frontier for n in steps.get(f, set())} - seen
            seen = seen | frontier
        return seen - {self.world[record]["id"]}


@pytest.fixture(scope="module")
def seen(wrong: Options) -> Seen:
    return Seen(wrong)


def test_officers_work_in_the_region_and_are_nobodys_kin(seen: Seen) -> None:
    officers = seen.sample["officers"]
    assert set(officers) == set(sample.OFFICERS)
    named = {seen.sample["people"][p]["recordId"] for p in ("own_region", "other_region", "protected")}
    named |= {r for case in seen.sample["cases"] for r in seen.subjects(case)}
    ids = {seen.world[r]["id"] for r in named}
    homes = {s["household"] for r in named for s in seen.world[r]["stays"]}
    for officer in officers.values():
        record = officer["recordId"]
        assert set(officer) >= {"actor", "agency", "unit", "region", "iin"}
        assert officer["region"] == REGION
        assert officer["iin"] == seen.world[record]["iin"]
        assert seen.age(record) > 25
        assert seen.world[record]["deathDate"] is None
        assert not seen.kin(record, 12) & ids
        assert not {s["household"] for s in seen.world[record]["stays"]} & homes
    assert len({o["iin"] for o in officers.values()}) == len(officers)


def test_the_caseworkers_case_is_a_clean_couple_with_children(seen: Seen) -> None:
    family = seen.sample["family"]
    couple = [family["head"]["recordId"], family["spouse"]["recordId"]]
    children = [child["recordId"] for child in family["children"]]
    assert len(children) >= 2
    assert set(couple + children) <= set(seen.subjects("caseworker"))
    ids = {seen.world[r]["id"] for r in couple}
    [marriage] = [u for u in seen.unions if {u["wife"], u["husband"]} == ids]
    assert marriage["of"] == "marriage"
    assert marriage["to"] is None
    households = {s["household"] for r in couple + children for s in seen.open(r)}
    assert len(households) == 1
    for record in couple + children:
        assert [s["address"]["region"] for s in seen.open(record)] == [REGION]
        assert seen.world[record]["deathDate"] is None
        assert seen.errors(record) == []
    for child in children:
        assert seen.age(child) < 18.95
        assert {seen.world[child]["mother"], seen.world[child]["father"]} == ids
    wife = seen.sample["family_member"]
    assert wife["recordId"] in couple
    assert seen.world[wife["recordId"]]["sex"] == "F"
    assert seen.world[wife["recordId"]]["iin"] == wife["iin"]


def test_people_of_the_sample(seen: Seen) -> None:
    people = seen.sample["people"]
    own, other, protected = (people[n]["recordId"] for n in ("own_region", "other_region", "protected"))
    assert own not in seen.subjects("caseworker")
    assert seen.open(own)[0]["address"]["region"] == REGION
    near = {own} | {seen.by_id[n]["recordId"] for n in seen.kin(own, 1)}
    households = {s["household"] for s in seen.open(own)}
    near |= {r for r in seen.world if any(s["household"] in households for s in seen.open(r))}
    assert all(seen.world[r]["protection"] is None for r in near)
    assert seen.open(other)[0]["address"]["region"] != REGION
    assert seen.open(protected)[0]["address"]["region"] == REGION
    assert seen.world[protected]["protection"] == "strict"
    assert seen.errors(protected) == []
    assert protected in seen.subjects("dv_unit")
    assert iin.valid(people["nobody"]["iin"])
    assert people["nobody"]["iin"] not in {p["iin"] for p in seen.world.values()}
    for name in ("own_region", "other_region", "protected"):
        assert seen.world[people[name]["recordId"]]["iin"] == people[name]["iin"]


def test_cases_name_their_officers_and_one_has_a_warrant(seen: Seen) -> None:
    activities = {
        "caseworker": "family-card-review", "benefits_officer": "benefit-eligibility",
        "investigator": "child-protection", "investigator_without_warrant": "child-protection",
        "dv_unit": "dv-response",
    }  # fmt: skip
    for name, activity in activities.items():
        case = seen.case(name)
        officer = seen.sample["officers"][name.removesuffix("_without_warrant")]
        assert case["activity"] == activity
        assert case["officers"] == [officer["actor"]]
        assert (case["agency"], case["unit"], case["region"]) == (officer["agency"], officer["unit"], REGION)
        assert case["opened"] < "2026-11-22" < case["expires"]
        assert case["subjects"]
    warrants = {d["case"]: d for d in seen.documents if d["type"] == "warrant"}
    assert seen.sample["cases"]["investigator_without_warrant"] not in warrants
    warrant = warrants[seen.sample["cases"]["investigator"]]
    assert warrant["subjects"] == seen.case("investigator")["subjects"]
    assert warrant["depth"] == 4
    assert not any(d["type"] == "closure" and d["case"] in seen.sample["cases"].values() for d in seen.documents)


def test_the_investigated_has_distant_kin_in_the_register(seen: Seen) -> None:
    [record] = seen.subjects("investigator")
    far = seen.kin(record, 4) - seen.kin(record, 3)
    registered = set()
    for line in by_stream(seen.manifest)["population"]:
        registered |= set(line["truth"].values())
    assert len(far) >= 5
    assert len(far & registered) / len(far) > 0.7


@pytest.mark.parametrize("seed", range(40, 46))
def test_every_seed_has_a_sample(seed: int) -> None:
    made = options(Path("unused"), seed=seed)
    for number in range(sample.BLOCKS):
        assert sample.choose(plan.block(made, number))
