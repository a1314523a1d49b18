"""No moment is an oracle: an answer changes from one day to the next only at dates that its reader may read, and from
one instant to the next only where the reader may read when values were recorded.

Every day on which anything in the country begins or ends is asked about. Control: a gate that lets any date decide.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest

from domain.clock import instant_text
from domain.ids import PersonId
from domain.links import LinkKind
from domain.records.catalogue import CATEGORIES
from domain.records.category import Category
from policy.decision.permit import Permit
from resolvers.gate.moment import Moment
from tests.acquaintance.questions import KIN, RECORDS
from tests.moments.past import BEGAN, Past
from tests.moments.test_permits import READERS, Reader, reader
from tests.worlds.hub import NOW, Hub

_HOMES = "households{id members(first:50){totalCount edges{node{role since until person{id}}}}}"
_DATE = re.compile(r'"(\d{4}-\d\d-\d\d)"')
_MONTH = re.compile(r'"(\d{4}-\d\d)"')


def asked(kin: bool) -> str:
    """The card with homes, with kin where the activity has them."""
    more = f"kin(depth:1,first:50){{{KIN}}}" if kin else ""
    return f"query($i:ID!,$t:DateTime,$d:Date){{person(id:$i,asOf:$t,on:$d){{id {RECORDS} {_HOMES} {more}}}}}"


async def body(here: Hub, one: Reader, id: str, instant: str | None, day: str | None) -> str:
    """The answer's text."""
    query = asked("benefit-eligibility" not in one.who.activities)
    answer = await here.ask(one.who, query, {"i": id, "t": instant, "d": day}, case=one.case)
    assert answer.status == 200 and b'"errors"' not in answer.body, answer.body
    return answer.body.decode()


async def edges(here: Hub, person: PersonId) -> set[date]:
    """Days on which something about a person, or whom they are linked to, may begin or end; opened by the test."""
    reader_, opener = here.parts.reader, here.parts.opener
    links = await reader_.links([person], frozenset(LinkKind))
    people = {person, *(link.other for link in links.links)}
    found: set[str] = set()
    for link in links.links:
        terms = opener.link(link)
        found |= {day for day in (terms.since, terms.until) if day}
    shapes = (await reader_.facts(sorted(people))).people
    for one, shape in shapes.items():
        found |= {day for stay in opener.person(shape).memberships for day in (stay.since, stay.until) if day}
        rows = await reader_.records([one], [category.number for category in CATEGORIES])
        for record in opener.records(shape, list(rows)).values():
            values = {str(value) for item in record.items for value in item.values.values()}
            found |= {value for value in values if _DATE.fullmatch(f'"{value}"')}
            found |= {f"{value}-01" for value in values if _MONTH.fullmatch(f'"{value}"')}
    return {date.fromisoformat(day) for day in found}


async def oracle(here: Hub, one: Reader, id: str, person: PersonId) -> list[date]:
    """The days at which answers change and that their reader could read in none of them."""
    days = sorted({day - timedelta(days=before) for day in await edges(here, person) for before in (0, 1)})
    answers = {day: await body(here, one, id, None, day.isoformat()) for day in days}
    plain = await body(here, one, id, None, None)
    texts = [plain, *answers.values()]
    readable = {date.fromisoformat(day) for text in texts for day in _DATE.findall(text)}
    months = {month for text in texts for month in _MONTH.findall(text)}
    after = {_following(month) for month in months}
    changed = [day for day in days if day - timedelta(days=1) in answers]
    return [
        day
        for day in changed
        if answers[day] != answers[day - timedelta(days=1)]
        and day not in readable
        and not (day.day == 1 and (f"{day:%Y-%m}" in months | after))
    ]


def _following(month: str) -> str:
    return f"{date.fromisoformat(f'{month}-01') + timedelta(days=31):%Y-%m}"


@pytest.mark.parametrize("role", READERS)
async def test_answers_change_at_readable_dates_alone(here: Hub, before: Past, role: str) -> None:
    one = await reader(here, before, role)
    outward = here.parts.ring.outward(one.who.sector, here.clock.now())
    for id in one.people[:3]:
        assert await oracle(here, one, id, PersonId(outward.decode("P", id) or 0)) == []


async def test_control_a_gate_that_lets_any_date_decide_is_caught(
    here: Hub, before: Past, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A benefits officer sees years of jobs alone; with any date deciding, the days can be searched for."""
    one = await reader(here, before, "benefits_officer")
    outward = here.parts.ring.outward(one.who.sector, here.clock.now())

    def any_date(moment: Moment, category: Category, permit: Permit, _origin: Permit) -> frozenset[str]:
        return category.visible(permit.detail, permit.locating)

    monkeypatch.setattr(Moment, "shown", any_date)
    found = [await oracle(here, one, id, PersonId(outward.decode("P", id) or 0)) for id in one.people[:3]]
    assert any(found)


@pytest.mark.parametrize("role", ["benefits_officer", "dv_unit"])
async def test_who_is_told_no_provenance_sees_no_instant(here: Hub, before: Past, role: str) -> None:
    """All instants are one to them; to an account its own are not."""
    instants = [instant_text(then.instant) for then in before.moments]
    instants += [instant_text(BEGAN - timedelta(days=1)), instant_text(NOW), instant_text(NOW + timedelta(days=5))]
    one = await reader(here, before, role)
    assert {x for _, x, name, _ in one.permitted if name == "provenance"} == set()
    for id in one.people[:3]:
        assert len({await body(here, one, id, instant, None) for instant in instants}) == 1
    wife = here.family(before.sample["family"]["spouse"]["iin"])
    own = await here.person_id(wife, before.sample["family"]["spouse"]["recordId"])
    assert len({await body(here, Reader(wife, None, (), (), frozenset()), own, i, None) for i in instants}) > 2


async def test_of_others_in_the_household_an_account_sees_no_day(here: Hub, before: Past) -> None:
    """Only names are shown of them, and names have no days: which they shared a home is not to be found."""
    family = before.sample["family"]
    who: Any = here.family(family["head"]["iin"])
    child = family["children"][1]["recordId"]
    outward = here.parts.ring.outward(who.sector, here.clock.now())
    id = outward.encode("P", await here.internal(child))
    one = Reader(who, None, (id,), (), frozenset())
    assert await oracle(here, one, id, await here.internal(child)) == []
