"""Two people who were taken for one for a while: asked about that while, neither is shown what is the other's."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

import resolvers.gate.dwellings
import resolvers.gate.records
from domain.clock import instant_text
from domain.ids import PersonId
from graph.port import Reader
from tests.acquaintance.questions import KIN, RECORDS
from tests.connectors.hubs import Hub as Connected
from tests.connectors.identity.orders import merged, unmerged
from tests.markers.places import stated
from tests.moments.past import Past
from tests.worlds.hub import Hub

THEN = f"query($t:DateTime){{me(asOf:$t){{person{{id {RECORDS} households{{id}} kin(depth:1){{{KIN}}}}}}}}}"
_LONG = 6


async def _taken_for_one(here: Hub, one: PersonId, other: PersonId) -> datetime:
    """Merge two people and part them again; an instant between."""
    over = cast(Connected, SimpleNamespace(ring=here.parts.ring, docket=here.parts.docket, parts=here.pulling))
    here.clock.instant += timedelta(hours=1)
    order = await merged(over, one, other)
    between = here.clock.instant + timedelta(minutes=30)
    here.clock.instant += timedelta(hours=1)
    await unmerged(over, order)
    return between


async def _leaks(here: Hub, before: Past) -> dict[str, set[str]]:
    """Two strangers, taken for one: the answer of each one's account about that time → what in it is the other's."""
    sample = before.sample
    pair = (sample["family"]["spouse"], sample["people"]["other_region"])
    people = [await here.internal(one["recordId"]) for one in pair]
    values = [{value for _, value in await stated(here, [person]) if len(value) >= _LONG} for person in people]
    between = await _taken_for_one(here, *people)
    found = {}
    for place, one in enumerate(pair):
        who = here.family(one["iin"])
        answer = await here.data(who, THEN, {"t": instant_text(between)})
        assert answer["me"]["person"]["id"], "they are known today"
        today = await here.data(who, THEN, {"t": None})
        theirs = values[1 - place] - values[place] - _texts(today)
        assert len(theirs) > 3
        found[one["recordId"]] = theirs & _texts(answer)
    return found


def _texts(found: Any) -> set[str]:
    if isinstance(found, dict):
        return set().union(*(_texts(value) for value in found.values()))
    if isinstance(found, list):
        return set().union(*(_texts(value) for value in found))
    return {str(found)}


async def test_nothing_of_the_other_is_shown(here: Hub, before: Past) -> None:
    assert set().union(*(await _leaks(here, before)).values()) == set()


async def test_control_without_looking_at_the_decisions_it_is(
    here: Hub, before: Past, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nobody(_reader: Reader, _ids: Iterable[PersonId], _sequence: int) -> frozenset[PersonId]:
        return frozenset()

    for module in (resolvers.gate.records, resolvers.gate.dwellings):
        monkeypatch.setattr(module, "parted", nobody)
    assert set().union(*(await _leaks(here, before)).values())
