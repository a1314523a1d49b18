"""Policy is today's at every moment: what is shown of the past is within what is permitted now.

Compared by the ledger's entries: for random instants and days, everything that an entry names as (subject, category,
field, detail) is permitted to the same reader by today's gate. Control: a gate that decides by the facts and the
protection of the moment is caught.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from domain.clock import instant_text
from domain.entries import Entry
from domain.ids import PersonId
from domain.principals import Principal
from domain.records.catalogue import ALL
from domain.records.category import PROVENANCE, Detail
from resolvers.gate.admit import admit
from resolvers.gate.gate import Gate
from resolvers.gate.known import Known
from resolvers.gate.people import People
from resolvers.gate.protecting import Watch
from resolvers.kin.traits import Trait
from resolvers.reads.walking import walk_from
from tests.acquaintance.questions import KIN, MEMBERS, RECORDS
from tests.moments.past import BEGAN, Past
from tests.worlds.hub import NOW, Hub

Place = tuple[PersonId, str, str, str]
_HERE = ("", "", "")
READERS = ("caseworker", "benefits_officer", "investigator", "dv_unit", "family_member")
PERSON = f"id {RECORDS} households{{id {MEMBERS}}} kin(depth:3,first:50){{{KIN}}}"
SOURCED = "id " + " ".join(
    f"{name}{{{field} provenance{{source claim}}}}"
    for name, field in (("name", "surname"), ("residence", "region"), ("healthCover", "insured"))
)
WAYS = "degree kind steps{relation t:term(language:KK) person{id identity{sex birthDate}}}"
_HEAD = "query($i:ID!,$t:DateTime,$d:Date)"
DOCUMENTS = {
    "person": f"{_HEAD}{{person(id:$i,asOf:$t,on:$d){{{PERSON}}}}}",
    "sourced": f"{_HEAD}{{person(id:$i,asOf:$t,on:$d){{{SOURCED}}}}}",
    "kin": f"{_HEAD}{{kin(of:$i,depth:4,first:100,asOf:$t,on:$d){{{KIN}}}}}",
    "kinPath": f"query($i:ID!,$o:ID!,$t:DateTime,$d:Date){{kinPath(from:$i,to:$o,depth:6,asOf:$t,on:$d){{{WAYS}}}}}",
    "household": f"{_HEAD}{{household(id:$i,asOf:$t,on:$d){{id {MEMBERS}}}}}",
}


@dataclass
class Written:
    """A ledger that keeps entries as they are handed in."""

    ledger: Any
    entries: list[Entry] = field(default_factory=list)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.ledger, name)

    async def append(self, entry: Entry) -> None:
        """Keep it, and hand it on."""
        self.entries.append(entry)
        await self.ledger.append(entry)

    def newest(self) -> frozenset[Place]:
        """What the newest entry names, that a person is here included."""
        shown = self.entries[-1].shown
        return frozenset((one.subject, *_HERE) for one in shown) | frozenset(
            (one.subject, category, name, detail)
            for one in shown
            for category, (detail, names) in one.categories.items()
            for name in names
        )


@dataclass(frozen=True)
class Reader:
    """One who asks, about whom (those of whom they may see most first), and what they are permitted now."""

    who: Principal
    case: str | None
    people: tuple[str, ...]
    homes: tuple[str, ...]
    permitted: frozenset[Place]


async def reader(here: Hub, before: Past, role: str) -> Reader:
    """The sample's reader of a role; everyone in the country to ask about, and what today's gate permits of them."""
    sample = before.sample
    own = {"iin": sample["family_member"]["iin"], "actor": "account-1"}
    who = here.principal(role, own) if role == "family_member" else here.officer(before.country, role)
    case = None if role == "family_member" else sample["cases"][role]
    everyone = [person async for page in here.parts.reader.scan() for person in page]
    facts = await here.parts.reader.facts(everyone)
    rows = [row for shape in facts.people.values() for row in shape.memberships]
    outward = here.parts.ring.outward(who.sector)
    gate = await admit(here.parts, who, "now", next(iter(who.activities)), case)
    known = await gate.know(everyone)
    walked = await walk_from(gate, gate.walkable(list(known.values())), 8, None)
    reached = [one.link.far for found in walked.reached.values() for one in found]
    permitted = frozenset(place for one in (*known.values(), *reached) for place in _permitted(gate, one))
    much = Counter(person for person, *_ in permitted)
    first = {one.person for one in gate.walkable(list(known.values()))} if gate.mandate.warrant else known.keys()
    ranked = sorted(everyone, key=lambda person: (person not in first, -much[person]))
    people = [outward.encode("P", person) for person in ranked]
    lived = {row.household: max(much[one] for one in facts.households[row.household]) for row in rows}
    homes = [outward.encode("H", home) for home in sorted(lived, key=lambda home: -lived[home])]
    return Reader(who, case, tuple(people), tuple(homes), permitted)


def _permitted(gate: Gate, known: Known) -> set[Place]:
    places = {(known.person, *_HERE)}
    if gate.contact(known):
        places.add((known.person, "contact", "contact_unit", "full"))
    for category in ALL:
        names, detail = gate.permitted(known, category, {*category.outward(), PROVENANCE})
        if names & {"birth_date", "birth_year"}:
            names |= {Trait.BIRTH_ORDER.value}  # what terms of kin tell of it
        places |= {(known.person, category.name, name, detail.value) for name in names if detail is not Detail.NONE}
    return places


_REFUSED = {
    "benefits_officer": {"kin", "kinPath"},
    "dv_unit": {"kinPath"},
    "family_member": {"kinPath"},
}
"""Documents that an activity does not list."""


@st.composite
def moments(draw: Any) -> dict[str, str | None]:
    """An instant, a day, or both."""
    minutes = int((NOW + timedelta(days=2) - BEGAN).total_seconds() // 60)
    instant = BEGAN - timedelta(days=1) + timedelta(minutes=draw(st.integers(0, minutes)))
    day = draw(st.dates(date(1970, 1, 1), NOW.date() + timedelta(days=400))).isoformat()
    chosen = draw(st.sampled_from(("d", "t", "d", "td")))
    return {"t": instant_text(instant) if "t" in chosen else None, "d": day if "d" in chosen else None}


async def _ask(here: Hub, one: Reader, document: str, id: str, asked: dict[str, str | None]) -> bytes:
    answer = await here.ask(one.who, DOCUMENTS[document], {"i": id, **asked}, case=one.case)
    assert answer.status == 200 and b'"errors"' not in answer.body, answer.body
    return answer.body


def _chosen(data: Any, one: Reader) -> tuple[str, str, dict[str, str | None]]:
    document = data.draw(st.sampled_from(sorted(DOCUMENTS.keys() - _REFUSED.get(one.who.role.value, set()))))
    ids = one.homes if document == "household" else one.people
    id = data.draw(st.sampled_from((*ids[:6] * (len(ids) // 4), *ids)))
    moment = data.draw(moments())
    return document, id, moment | ({"o": data.draw(st.sampled_from(one.people[:8]))} if document == "kinPath" else {})


@contextmanager
def standing(before: Past, folder: Path, role: str) -> Iterator[tuple[asyncio.Runner, Hub, Written, Reader]]:
    """A hub of today with its entries in hand, asked on a loop of its own."""
    with asyncio.Runner() as runner:
        made = before.opened(folder)
        hub = runner.run(made.__aenter__())
        try:
            written = Written(hub.parts.ledger)
            here = hub.with_parts(ledger=written)
            yield runner, here, written, runner.run(reader(here, before, role))
        finally:
            runner.run(made.__aexit__(None, None, None))


@pytest.mark.parametrize("role", READERS)
def test_whatever_is_shown_of_the_past_is_permitted_now(before: Past, role: str, tmp_path: Path) -> None:
    named: set[Place] = set()
    with standing(before, tmp_path / "now", role) as (runner, here, written, one):

        @settings(max_examples=40, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
        @given(st.data())
        def ask(data: Any) -> None:
            document, id, moment = _chosen(data, one)
            runner.run(_ask(here, one, document, id, moment))
            found = written.newest()
            assert found <= one.permitted, sorted(found - one.permitted)
            named.update(found)

        ask()
    assert len({category for _, category, _, _ in named}) >= 4, "nobody was shown anything of the past"


def test_control_a_gate_that_decides_by_the_facts_of_the_moment_is_caught(
    before: Past, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Over the stores of the moment before a grade, the graded person is shown."""
    graded = before.sample["people"]["own_region"]["recordId"]
    last = next(n for n, one in enumerate(before.moments) if one.what == "grade of own_region")
    then = before.moments[last - 1]
    with standing(before, tmp_path / "now", "caseworker") as (runner, here, written, one):
        made = before.opened(tmp_path / "then", then)
        old = runner.run(made.__aenter__())
        at = Gate.at

        async def broken(gate: Gate, as_of: Any, on: Any) -> Gate:
            other = await at(gate, as_of, on)
            other._people = People(old.parts.reader, old.parts.opener)
            other.watch = Watch(old.parts.docket)
            return other

        id = runner.run(here.person_id(one.who, graded))
        moment = {"t": instant_text(then.instant), "d": None}
        runner.run(_ask(here, one, "person", id, moment))
        assert written.newest() == frozenset()
        monkeypatch.setattr(Gate, "at", broken)
        runner.run(_ask(here, one, "person", id, moment))
        assert written.newest() - one.permitted
        runner.run(made.__aexit__(None, None, None))
