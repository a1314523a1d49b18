"""What is shown of a moment is what was known then, or held then: compared with the stores as they were kept."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from domain.clock import instant_text
from domain.ids import PersonId
from domain.records.catalogue import CATEGORIES
from domain.records.category import PROVENANCE, Category
from domain.records.payload import Item
from policy.decision.validity import in_force
from tests.acquaintance.questions import RECORDS
from tests.moments.past import BEGAN, Past, Then
from tests.moments.test_permits import Place, Reader, reader
from tests.worlds.hub import NOW, Hub

ASKED = f"query($i:ID!,$t:DateTime,$d:Date){{person(id:$i,asOf:$t,on:$d){{id {RECORDS} households{{id}}}}}}"
MILLISECOND = timedelta(milliseconds=1)
Card = dict[str, Any]


def camel(name: str) -> str:
    """A field's name in the schema."""
    first, *rest = name.split("_")
    return first + "".join(part.title() for part in rest)


async def card(here: Hub, one: Reader, id: str, instant: datetime | None = None, day: str | None = None) -> Any:
    """Records and homes of a person at a moment."""
    moment = {"t": instant_text(instant) if instant else None, "d": day}
    found: Card | None = (await here.data(one.who, ASKED, {"i": id, **moment}, case=one.case))["person"]
    return found


@asynccontextmanager
async def hubs(before: Past, folder: Path) -> AsyncIterator[tuple[Hub, dict[Then, Hub]]]:
    """The hub of today, and one over the stores of each moment."""
    async with AsyncExitStack() as stack:
        now = await stack.enter_async_context(before.opened(folder / "now"))
        then = {
            one: await stack.enter_async_context(before.opened(folder / f"then-{number}", one))
            for number, one in enumerate(before.moments)
        }
        yield now, then


async def kept(then: Hub | None, person: PersonId) -> dict[str, list[Item]]:
    """What the stores of a moment hold of a person, opened by the test's own keys."""
    shape = (await then.parts.reader.facts([person])).people.get(person) if then is not None else None
    if then is None or shape is None:
        return {}
    rows = await then.parts.reader.records([person], [category.number for category in CATEGORIES])
    records = then.parts.opener.records(shape, list(rows))
    return {one.name: list(records[one.number].items) for one in CATEGORIES if one.number in records}


def expected(held: Mapping[str, list[Item]], person: PersonId, permitted: frozenset[Place], day: str | None) -> Card:
    """The card that this makes for a reader who may see so much now, and be told where it came from."""
    found: Card = {}
    for category in CATEGORIES:
        names = {name for who, what, name, _ in permitted if (who, what) == (person, category.name)}
        shown = [
            _item(category, item, names)
            for item in held.get(category.name, ())
            if PROVENANCE in names and (day is None or _holds(category, item, day))
        ]
        found[camel(category.name)] = (shown or None) if category.many else next(iter(shown), None)
    return found


def _item(category: Category, item: Item, names: set[str]) -> Card:
    shown: Card = {}
    for name, (field, coarse) in category.outward().items():
        value = item.values.get(field.name) if name in names else None
        shown[camel(name)] = value if value is None or coarse is None else coarse.form(value)
    return shown


def _holds(category: Category, item: Item, day: str) -> bool:
    """When an item holds, said once more by the names of its fields."""
    values = {name: str(value) for name, value in item.values.items()}
    if "month" in category.outward():
        return values["month"] == day[:7]
    if "event_date" in category.outward():
        return values["event_date"] <= day
    return in_force(values.get("since"), values.get("until"), day)


@pytest.mark.parametrize("role", ["investigator", "family_member"])
async def test_as_of_shows_what_was_known_then(before: Past, role: str, tmp_path: Path) -> None:
    differing = 0
    async with hubs(before, tmp_path) as (now, then):
        one = await reader(now, before, role)
        outward = now.parts.ring.outward(one.who.sector)
        for id in one.people[:6]:
            person = PersonId(outward.decode("P", id) or 0)
            today = await card(now, one, id)
            if today is None:
                continue  # reached by a walk alone, or hidden
            if (person, "name", PROVENANCE, "full") in one.permitted:
                assert await card(now, one, id, NOW + timedelta(days=9)) == today, "the future is now"
            for instant in [BEGAN - MILLISECOND, *(t.instant - MILLISECOND for t in then), *(t.instant for t in then)]:
                at = before.at(instant)
                held = await kept(then[at] if at else None, person)
                found = await card(now, one, id, instant)
                homes = found.pop("households"), found.pop("contactUnit"), found.pop("id")
                assert homes[1:] == (None, id)
                assert found == expected(held, person, one.permitted, None), (instant, id)
                differing += found != {name: value for name, value in today.items() if name in found}
    assert differing > 5, "the past is like the present"


async def test_on_shows_what_held_that_day(before: Past, tmp_path: Path) -> None:
    shown: set[str] = set()
    async with hubs(before, tmp_path) as (now, then):
        one = await reader(now, before, "family_member")
        own = PersonId(await now.internal(before.sample["family_member"]["recordId"]))
        id = now.parts.ring.outward(one.who.sector).encode("P", own)
        held = await kept(then[before.moments[-1]], own)
        for day in ("1970-01-01", "2001-05-05", "2015-06-30", "2024-02-29", "2026-08-15", "2026-11-22", "2029-01-01"):
            found = await card(now, one, id, None, day)
            want = expected(held, own, one.permitted, day)
            assert {name: found[name] for name in want} == want, day
            shown |= {name for name, value in want.items() if value}
    assert {"name", "identity", "residence", "civilStatus"} <= shown


async def test_homes_are_those_of_the_moment(before: Past, tmp_path: Path) -> None:
    """Of the wife, who moved with the family and then left it: by what was known, and by what held."""
    wife = before.sample["family"]["spouse"]
    seen = set()
    async with hubs(before, tmp_path) as (now, then):
        who = now.family(wife["iin"])
        outward, own = now.parts.ring.outward(who.sector), await now.internal(wife["recordId"])
        one = Reader(who, None, (), (), frozenset())
        id = outward.encode("P", own)
        day = now.clock.today().isoformat()
        for at, stores in then.items():
            shape = (await stores.parts.reader.facts([own])).people[own]
            stays = stores.parts.opener.person(shape).memberships
            homes = {outward.encode("H", m.household) for m in stays if in_force(m.since, m.until, day)}
            found = await card(now, one, id, at.instant)
            assert {home["id"] for home in found["households"] or ()} == homes, at.what
            seen.add(frozenset(homes))
        for began in sorted({m.since for m in stays if m.since}):
            held = {outward.encode("H", m.household) for m in stays if in_force(m.since, m.until, began)}
            found = await card(now, one, id, None, began)
            assert {home["id"] for home in found["households"] or ()} == held, began
    assert len(seen) > 1


async def test_the_hub_knew_nothing_before_it_began(here: Hub, before: Past) -> None:
    """But who is asked about exists, for they are known today."""
    who = here.family(before.sample["family"]["spouse"]["iin"])
    query = f'{{me(asOf:"2020-01-01T00:00:00Z"){{person{{id {RECORDS} households{{id}}}}}}}}'
    found = (await here.data(who, query))["me"]["person"]
    id = found.pop("id")
    assert here.parts.ring.outward(who.sector).decode("P", id) is not None
    assert {name for name, value in found.items() if value} == set()
