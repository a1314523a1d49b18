"""9: where a link came from is told of both its ends or not at all, and tells of nobody else.

Of planted families, whose links are stated by claims that the test wrote: what the answer says is compared with these.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from domain.claims import ClaimBody
from domain.clock import instant_text
from domain.ids import PersonId
from domain.links import LinkKind
from tests.markers.entries import newest
from tests.negatives.recording import recorded
from tests.negatives.walks import Planted
from tests.resolvers.kin.families import Family
from tests.worlds.copies import Made, protect
from tests.worlds.hub import Hub
from tests.worlds.planted import Born, Tie, record_of

_LINES = "provenance{field source sourceId retrievedAt claim overruled{value agrees source sourceId retrievedAt claim}}"
KIN = f"""query($i:ID!,$t:DateTime){{kin(of:$i,depth:3,first:50,asOf:$t){{
 edges{{node{{relation {_LINES} person{{id}}}}}}}}}}"""
PATH = f"""query($a:ID!,$b:ID!,$t:DateTime){{kinPath(from:$a,to:$b,depth:3,asOf:$t){{
 steps{{relation {_LINES} person{{id}}}}}}}}"""
BARE = f"query($i:ID!){{kin(of:$i,depth:3,first:50){{edges{{node{{degree {_LINES} person{{id}}}}}}}}}}"
_HOUR = timedelta(hours=1)


def _claim(source: str, record: str, since: str | None = None, version: int = 1) -> ClaimBody:
    return ClaimBody(source, record, version, "link:0", "2020", link="parent_birth", other=("x", "y"), since=since)


def _ties(name: str) -> tuple[Tie, ...]:
    """A child's mother, her mother, and a father of whom it was not kept who states him. Records are the family's own,
    for a claim is written once."""
    act, register = _claim("civil", f"AK-{name}-1", "2001-01-01"), _claim("population", f"R-{name}")
    file, old = _claim("gedcom", f"TREE-{name}", "1999-09-09"), _claim("civil", f"AK-{name}-2", "1960-01-01")
    return (
        Tie(0, 1, LinkKind.PARENT_BIRTH, stated=(act, register, file)),
        Tie(1, 2, LinkKind.PARENT_BIRTH, stated=(old,)),
        Tie(0, 3, LinkKind.PARENT_BIRTH),
    )


async def _planted(here: Hub, made: Made, name: str) -> Planted:
    people = (Born("M"), Born("F"), Born("F"), Born("M"))
    planted = Planted(here, name, Family(people, _ties(name), frozenset()))
    await planted.make(made)
    return planted


async def _kin(hub: Hub, planted: Planted, at: datetime | None = None) -> dict[int, Any]:
    asked = {"i": planted.outward[0], "t": None if at is None else instant_text(at)}
    edges = (await hub.data(planted.who, KIN, asked, case=planted.case))["kin"]["edges"]
    return {planted.place[edge["node"]["person"]["id"]]: edge["node"] for edge in edges}


async def test_each_link_says_who_stated_it_and_what_was_overruled(here: Hub, made: Made) -> None:
    planted = await _planted(here, made, "told")
    found = await _kin(here, planted)
    (line,) = found[1]["provenance"]
    now = instant_text(here.clock.now())
    assert (line["field"], line["source"], line["sourceId"]) == ("relation", "civil", "AK-told-1")
    assert line["retrievedAt"] == now
    others = [(one["source"], one["sourceId"], one["value"], one["agrees"]) for one in line["overruled"]]
    assert others == [
        ("gedcom", "TREE-told", "parent_birth", False),
        ("population", "R-told", "parent_birth", True),
    ]
    assert len({line["claim"], *(one["claim"] for one in line["overruled"])}) == 3
    assert found[2]["relation"] == ["parent_birth", "parent_birth"]
    assert [each["sourceId"] for each in found[2]["provenance"]] == ["AK-told-1", "AK-told-2"]
    assert found[3]["relation"] == ["parent_birth"] and found[3]["provenance"] is None, "an earlier version's payload"
    entry = newest(here.folder / "ledger.db", here.parts.ring)
    sourced = {person for person, category, field in entry.places if (category, field) == ("kinship", "provenance")}
    assert sourced == {planted.ids[n] for n in (0, 1, 2, 3)}


async def test_ways_say_it_of_each_step(here: Hub, made: Made) -> None:
    planted = await _planted(here, made, "ways")
    asked = {"a": planted.outward[0], "b": planted.outward[2], "t": None}
    (way,) = (await here.data(planted.who, PATH, asked, case=planted.case))["kinPath"]
    told = [[line["sourceId"] for line in step["provenance"]] for step in way["steps"]]
    assert told == [["AK-ways-1"], ["AK-ways-2"]]


async def test_only_of_what_is_selected_beside_it(here: Hub, made: Made) -> None:
    planted = await _planted(here, made, "bare")
    found = await here.data(planted.who, BARE, {"i": planted.outward[0]}, case=planted.case)
    assert {str(edge["node"]["provenance"]) for edge in found["kin"]["edges"]} == {"[]", "None"}


async def test_it_is_that_of_the_moment(here: Hub, made: Made) -> None:
    planted = await _planted(here, made, "then")
    then = here.clock.now()
    here.clock.instant += _HOUR
    first, *others = planted.family.ties
    corrected = replace(first, stated=(_claim("civil", "AK-then-1", "2001-01-01", version=2),))
    await planted.correct(replace(planted.family, ties=(corrected, *others)))
    for at, instant, losers in ((None, here.clock.now(), 0), (then, then, 2)):
        (line,) = (await _kin(here, planted, at))[1]["provenance"]
        assert (line["retrievedAt"], len(line["overruled"])) == (instant_text(instant), losers)


@pytest.mark.parametrize("place", [0, 1])
async def test_of_both_ends_or_not_at_all(here: Hub, made: Made, place: int) -> None:
    """A report keeps from officers what locates one end of a link, and so where the link came from, both ways alike."""
    planted = await _planted(here, made, "ends")
    assert (await _kin(here, planted))[1]["provenance"]
    await protect(here, record_of("ends", place), against=record_of("ends", 1 - place))
    found = await _kin(here, planted)
    assert found[1]["relation"] == ["parent_birth"]
    assert {str(one["provenance"]) for one in found.values()} == {"None"}
    entry = newest(here.folder / "ledger.db", here.parts.ring)
    sourced = {person for person, _, field in entry.places if field == "provenance"}
    assert sourced <= {planted.ids[0], planted.ids[3]}, "of that link it might be told, were it known"
    asked = {"a": planted.outward[0], "b": planted.outward[2], "t": None}
    (way,) = (await here.data(planted.who, PATH, asked, case=planted.case))["kinPath"]
    assert [step["provenance"] for step in way["steps"]] == [None, None], "the second for its near end alone"


async def test_told_withheld_and_nobody_make_the_same_calls(here: Hub, made: Made) -> None:
    """For each of the two root fields; where provenance is selected there is one call more, whatever is found."""
    seen: dict[str, set[Any]] = {"kin": set(), "path": set(), "without": set()}
    for name, graded in (("plain", False), ("graded", True)):
        planted = await _planted(here, made, name)
        if graded:
            await protect(here, record_of(name, 1))
        nobody = here.parts.ring.outward(planted.who.sector).encode("P", PersonId(77))
        watched, calls = recorded(here)
        for start in (planted.outward[0], planted.outward[3], nobody, "no id"):
            for field, query, asked in (
                ("kin", KIN, {"i": start}),
                ("path", PATH, {"a": start, "b": planted.outward[2]}),
                ("without", KIN.replace(_LINES, ""), {"i": start}),
            ):
                mark = len(calls.made)
                await watched.data(planted.who, query, {**asked, "t": None}, case=planted.case)
                seen[field].add(calls.since(mark))
    assert {field: len(sequences) for field, sequences in seen.items()} == {"kin": 1, "path": 1, "without": 1}
    (kin,), (without,) = seen["kin"], seen["without"]
    assert len(kin) == len(without) + 1
