"""Closed values and coarse forms, which markers cannot be: two worlds that differ in one value.

An answer differs between them exactly if its entry names the field: whatever is selected, in each role.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from docket.dossiers import IntakeRow, Outcome
from domain.clock import instant_text
from domain.ids import PersonId
from domain.records.catalogue import CATEGORIES
from domain.records.category import PROVENANCE
from tests.markers.changing import ALTERATIONS, Alteration, Row, serve_again
from tests.markers.entries import Written
from tests.markers.places import stated
from tests.markers.town import Town
from tests.worlds.country import Country
from tests.worlds.hub import ACTIVITY, NOW, Hub, hub

CASES = {"caseworker": "CASE-990000001", "benefits_officer": "CASE-990000002"}


def camel(name: str) -> str:
    """A field's name in the schema."""
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)


@dataclass(frozen=True)
class Target:
    """Whose row is altered: `record` in the agency, `register` in the population register."""

    record: str
    register: str
    iin: str
    person: PersonId


@dataclass
class Twin:
    """A town over copies of another's stores, in which values may change, and whom each alteration strikes."""

    town: Town
    targets: dict[str, Target]


@pytest.fixture(scope="module")
def twin(marked: Town, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Twin]:
    """The marker world again, with cases that are about exactly the people whose rows are altered."""
    folder = tmp_path_factory.mktemp("twin")
    for name in ("graph.db", "docket.db"):  # a log of its own: the requests of this hub are numbered from one again
        with closing(sqlite3.connect(marked.hub.folder / name)) as db, closing(sqlite3.connect(folder / name)) as copy:
            db.backup(copy)
    made = hub(marked.country, folder, keys=marked.hub.folder / "keys.json")
    over = marked.run(made.__aenter__())
    try:
        targets = marked.run(_targets(over, marked.country))
        marked.run(_open_cases(over, marked.country, targets))
        yield Twin(Town(marked.country, over, marked.runner), targets)
    finally:
        marked.run(made.__aexit__(None, None, None))


async def _targets(over: Hub, country: Country) -> dict[str, Target]:
    """The first fitting row of somebody living whom the population register has, for each alteration."""
    rows = country.manifest()
    register = {
        person: line["row"]
        for line in rows
        if line["agency"] == "population"
        for record, person in line["truth"].items()
        if record == line["row"]["recordId"] and line["row"]["deathDate"] is None and line["row"]["protection"] is None
    }
    homes = Counter(home for line in rows if line["agency"] == "population" for home in _open_homes(line["row"]))
    found = {}
    for alteration in ALTERATIONS:
        for line in rows:
            if line["agency"] != alteration.agency or not alteration.fits(line["row"]):
                continue
            person = line["truth"].get(_subject(line["row"]))
            # Somebody with others at home, so that lists of members have an order to tell of.
            if person in register and any(homes[home] > 2 for home in _open_homes(register[person])):
                own = register[person]
                internal = await over.internal(own["recordId"])
                found[alteration.name] = Target(_record(line["row"]), own["recordId"], own["iin"], internal)
                break
    return found


def _open_homes(row: Row) -> list[str]:
    return [stay["household"] for stay in row["registrations"] if stay["to"] is None]


def _record(row: Row) -> str:
    return str(row.get("recordId") or row.get("act_no") or row["id"])


def _subject(row: Row) -> str:
    """The source's own number of the person whom a row is about."""
    if "persons" in row:
        return str(row["persons"]["child"]["person_no"]) if "child" in row["persons"] else ""
    if "taxpayer" in row:
        return str(row["taxpayer"]["no"])
    reference = row.get("beneficiary") or row.get("subject")
    return str(reference["reference"]).removeprefix("Patient/") if reference else _record(row)


async def _open_cases(over: Hub, country: Country, targets: dict[str, Target]) -> None:
    hasher = over.parts.ring.hasher
    for role, number in CASES.items():
        officer = country.sample["officers"][role]
        subjects = sorted({target.register for target in targets.values()})
        document = {
            "type": "case", "case": number, "activity": ACTIVITY[role], "agency": officer["agency"],
            "unit": officer["unit"], "region": officer["region"], "officers": [officer["actor"]],
            "subjects": [{"agency": "population", "recordId": r} for r in subjects],
            "opened": instant_text(NOW - timedelta(days=9)), "expires": instant_text(NOW + timedelta(days=300)),
            "event": "family_request",
        }  # fmt: skip
        row = IntakeRow(
            source="casework",
            position=hasher.position("casework", "two-worlds", int(number[-1])),
            digest=hasher.row("casework", number.encode()),
            record=hasher.record("casework", number, 1),
            outcome=Outcome.ACCEPTED,
            document=document,
        )
        await over.parts.docket.intake([row])


def _askers(twin: Twin, target: Target) -> list[tuple[str, Any, str | None]]:
    over, country = twin.town.hub, twin.town.country
    own = over.principal("family_member", {"iin": target.iin, "actor": "account-2"})
    return [*((role, over.officer(country, role), case) for role, case in CASES.items()), ("family_member", own, None)]


def _documents(touched: frozenset[str]) -> list[str]:
    """Each field of the touched categories alone, the others a category at once, and lists of people."""
    asked = []
    for category in CATEGORIES:
        names = [camel(name) for name in category.outward()]
        for chosen in [[name] for name in names] if category.name in touched else [names]:
            asked.append(f"{camel(category.name)} {{ {' '.join(chosen)} }}")
    members = "households {{ members(first: 50) {{ edges {{ node {{ {} person {{ id }} }} }} }} }}"
    asked += [members.format(fields) for fields in ("", "role", "since", "until")]
    asked += ["id", "kin(depth: 1) { edges { node { person { id } } } }", "__typename contactUnit"]
    return [f"query($id: ID!) {{ person(id: $id) {{ {inner} }} }}" for inner in asked]


Answers = dict[tuple[str, str], tuple[bytes, Written]]


def _ask_all(twin: Twin, target: Target, touched: frozenset[str]) -> Answers:
    over, answers = twin.town.hub, {}
    for role, who, case in _askers(twin, target):
        id = over.parts.ring.outward(who.sector).encode("P", target.person)
        for text in _documents(touched):
            answer = twin.town.run(over.ask(who, text, {"id": id}, case=case))
            assert answer.status == 200 and b'"errors"' not in answer.body, (role, text, answer.body)
            answers[role, text] = (answer.body, twin.town.entry())
    return answers


def test_every_alteration_has_somebody_to_strike(twin: Twin) -> None:
    assert set(twin.targets) == {alteration.name for alteration in ALTERATIONS}


@pytest.mark.parametrize("alteration", ALTERATIONS, ids=lambda alteration: alteration.name)
def test_an_answer_differs_exactly_if_its_entry_names_what_differs(alteration: Alteration, twin: Twin) -> None:
    town, target = twin.town, twin.targets[alteration.name]
    touched = frozenset(category for category, _ in alteration.touches)
    was = set(town.run(stated(town.hub, [target.person])))
    before = _ask_all(twin, target, touched)
    town.run(serve_again(town.hub, town.country, alteration.agency, target.record, alteration.change))
    try:
        altered = set(town.run(stated(town.hub, [target.person])))
        after = _ask_all(twin, target, touched)
    finally:
        town.run(serve_again(town.hub, town.country, alteration.agency, target.record))
    differing = {place for place, _ in was ^ altered if place[2] != PROVENANCE}
    assert {(category, name) for _, category, name in differing} == alteration.touches
    told = 0
    for question, (body, entry) in before.items():
        named = entry.places & differing
        assert (body != after[question][0]) == bool(named), (question, sorted((c, f) for _, c, f in named))
        assert entry.places == after[question][1].places, question
        told += bool(named)
    assert told > 0, "somebody must be told of the difference"
    assert set(town.run(stated(town.hub, [target.person]))) == was, "the value given back, all is as before"


async def _guardian_of(over: Hub, country: Country) -> tuple[str, Row, PersonId]:
    """A child of the sample family, and a brother or sister as the register would name them, two links away."""
    child, other = country.sample["family"]["children"][:2]
    row = next(line["row"] for line in country.manifest() if line["row"].get("recordId") == other["recordId"])
    named = {name: row[name] for name in ("recordId", "iin", "surname", "givenName", "patronymic", "birthDate")}
    relation = {"kind": "guardian", "person": named, "from": "2020-01-01", "to": None}
    return child["recordId"], relation, await over.internal(other["recordId"])


def test_kin_lists_differ_by_degree_exactly_if_their_entries_name_it(twin: Twin) -> None:
    """Even one that selects neither degree nor relation: whom a walk lists, and where, tells of both."""
    town = twin.town
    record, relation, other = town.run(_guardian_of(town.hub, town.country))
    child = town.run(town.hub.internal(record))
    sample = town.country.sample
    own = town.hub.principal("family_member", {"iin": sample["family_member"]["iin"], "actor": "account-3"})
    askers = [(town.hub.officer(town.country, "caseworker"), sample["cases"]["caseworker"]), (own, None)]
    inner = ("person { id }", "degree person { id }", "relation", "person { id name { surname } }")
    texts = [f"query($id: ID!) {{ kin(of: $id, first: 50) {{ edges {{ node {{ {one} }} }} }} }}" for one in inner]
    texts += [
        "query($id: ID!) { person(id: $id) { name { surname } residence { street } } }",
        "query($id: ID!) { person(id: $id) { kin(depth: 1, families: [GUARDIAN]) { edges { node { person { id } } } } }"
        "}",
    ]

    def answers() -> list[tuple[bytes, Written]]:
        found = []
        for who, case in askers:
            id = town.hub.parts.ring.outward(who.sector).encode("P", child)
            for text in texts:
                answer = town.run(town.hub.ask(who, text, {"id": id}, case=case))
                assert b'"errors"' not in answer.body
                found.append((answer.body, town.entry()))
        return found

    before = answers()
    town.run(serve_again(town.hub, town.country, "population", record, lambda row: row["relations"].append(relation)))
    after = answers()
    town.run(serve_again(town.hub, town.country, "population", record))
    place = (other, "kinship", "degree")
    named = [place in entry.places | later.places for (_, entry), (_, later) in zip(before, after, strict=True)]
    assert [body != later for (body, _), (later, _) in zip(before, after, strict=True)] == named
    assert True in named and False in named
