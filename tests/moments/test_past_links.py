"""The past opens nobody: not over links that are no more, not of somebody whose keys were partly another's."""

from __future__ import annotations

from typing import Any

import pytest

from domain.clock import instant_text
from domain.ids import KeyHash, PersonId
from domain.links import LinkKind
from graph.shapes import DecisionRow, Hop, LinkShape
from resolvers.gate.gate import Gate
from tests.acquaintance.questions import RECORDS
from tests.moments.past import BEGAN, Past
from tests.negatives.recording import recorded
from tests.worlds.hub import NOW, Hub

KIN_THEN = "query($i:ID!,$t:DateTime){kin(of:$i,depth:1,first:100,asOf:$t){edges{node{relation person{id}}}}}"
OWN_THEN = f"query($t:DateTime){{me(asOf:$t){{person{{id {RECORDS} households{{id}}}}}}}}"


class Linked:
    """A reader by which somebody was once taken for another's parent; `now`: and still is."""

    def __init__(self, reader: Any, child: PersonId, parent: PersonId, now: bool) -> None:
        self._reader, self._child, self._parent, self._now = reader, child, parent, now

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reader, name)

    async def links(self, ids: Any, kinds: Any, at: int | None = None) -> Hop:
        """The links, and that one. Parents last, so that it needs no dates."""
        found = await (self._reader.links(ids, kinds) if at is None else self._reader.links(ids, kinds, at))
        if self._child not in ids or (at is None and not self._now):
            return found
        link = LinkShape(self._child, self._parent, LinkKind.PARENT_BIRTH, True, KeyHash(b""), b"", b"")
        far = sorted({one.other for one in (*found.links, link)})
        return Hop((*found.links, link), await self._reader.facts(far))


async def _found(here: Hub, before: Past, now: bool) -> bool:
    """Whether an investigator finds the stranger among the kin that the past has."""
    who, case = here.officer(before.country, "investigator"), before.sample["cases"]["investigator"]
    child = await here.internal(before.sample["investigated"]["recordId"])
    stranger = await here.internal(before.sample["people"]["other_region"]["recordId"])
    linked = here.with_parts(reader=Linked(here.parts.reader, child, stranger, now))
    outward = here.parts.ring.outward(who.sector, here.clock.now())
    asked = {"i": outward.encode("P", child), "t": instant_text(NOW)}
    edges = (await linked.data(who, KIN_THEN, asked, case=case))["kin"]["edges"]
    assert edges
    return outward.encode("P", stranger) in {edge["node"]["person"]["id"] for edge in edges}


async def test_a_link_that_is_no_more_opens_nobody(here: Hub, before: Past) -> None:
    assert not await _found(here, before, now=False)
    assert await _found(here, before, now=True), "the same link, were it still stated"


async def test_control_a_walk_over_the_links_of_then_is_caught(
    here: Hub, before: Past, monkeypatch: pytest.MonkeyPatch
) -> None:
    know = Gate.know

    async def reaching(gate: Gate, ids: Any, **named: Any) -> Any:
        given = {**named, "distance": 1} if "facts" in named else named
        return await know(gate, ids, **given)

    monkeypatch.setattr(Gate, "know", reaching)
    assert await _found(here, before, now=False)


class Parted:
    """A reader by which a key of a person was found to be another's, after everything."""

    def __init__(self, reader: Any, person: PersonId) -> None:
        self._reader, self._person = reader, person

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reader, name)

    async def decisions(self, ids: Any) -> tuple[DecisionRow, ...]:
        """The decisions, and that one."""
        found: tuple[DecisionRow, ...] = await self._reader.decisions(ids)
        if self._person not in ids:
            return found
        own = next(row for row in found if row.person == self._person)
        return (*found, DecisionRow(own.key, PersonId(1), "unmerged", await self._reader.sequence() + 1))


async def test_of_whoever_was_partly_another_nothing_of_before_is_shown(here: Hub, before: Past) -> None:
    """What was known of them then may be the other's, who may be hidden."""
    wife = before.sample["family"]["spouse"]
    who, person = here.family(wife["iin"]), await here.internal(wife["recordId"])
    asked = {"t": instant_text(BEGAN)}
    whole = (await here.data(who, OWN_THEN, asked))["me"]["person"]
    assert whole["name"] and whole["residence"] and whole["households"]
    parted = here.with_parts(reader=Parted(here.parts.reader, person))
    found = (await parted.data(who, OWN_THEN, asked))["me"]["person"]
    assert {name for name, value in found.items() if value} == {"id"}
    assert (await parted.data(who, OWN_THEN, {"t": None}))["me"]["person"]["name"], "today they are who they are"


async def test_the_card_costs_what_it_did(here: Hub, before: Past) -> None:
    """Without a moment and without provenance the stores are asked as before there were any."""
    watched, calls = recorded(here)
    who = here.family(before.sample["family"]["spouse"]["iin"])
    await watched.data(who, f"{{me{{person{{id {RECORDS}}}}}}}")
    graph = [(method, kinds) for store, method, kinds in calls.made if store == "graph"]
    assert [method for method, _ in graph] == [
        "sequence",
        "find",
        "ties",
        "facts",
        "facts",
        "records",
        "sequence",
        "sequence",
    ]
    assert dict(graph)["records"] == ("list", "list")
