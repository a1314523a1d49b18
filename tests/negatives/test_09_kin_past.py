"""9, of another moment: kin, its ways and its terms as they were known then, of people who may be known now.

Over random families that are corrected: the answer about before equals a plain recursion over the links of then,
without who is hidden today and whom the warrant does not reach today. Control: a gate that
reaches by the links of then.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.clock import instant_text
from domain.ids import PersonId
from domain.links import PARTNERS, LinkKind
from resolvers.gate.gate import Gate
from tests.negatives.recording import recorded
from tests.negatives.walks import DEPTH, KIN, PATH, SETTINGS, Planted
from tests.resolvers.kin.families import Family, all_ways, families
from tests.worlds.copies import Made
from tests.worlds.hub import Hub
from tests.worlds.planted import Born, Tie

_HOUR = timedelta(hours=1)


@st.composite
def corrected(draw: st.DrawFn) -> tuple[Family, Family]:
    """A family as it was known, and as it is: the same people and grades, some links as before and some not."""
    now, other = draw(families()), draw(families())
    most = len(now.people)
    strange = [tie for tie in other.ties if tie.one < most and tie.other < most]
    kept = [tie for place, tie in enumerate(now.ties) if place % 4]
    then = {(tie.one, tie.other, tie.kind): tie for tie in (*strange[: most // 2], *kept)}
    people = tuple(replace(one, born="1999-09-09") if one.born == "1980-01-01" else one for one in now.people)
    return Family(people, tuple(then.values()), now.graded), now


def hidden_then(then: Family, now: Family) -> frozenset[int]:
    """Whom an answer about then leaves out: who is hidden now, and whom the warrant does not reach now.

    Everybody, where the first is under a grade through a parent: it may not be told when the hub learnt of their kin.
    """
    first_is = any(tie.one == 0 and tie.other in now.graded and tie.kind not in PARTNERS for tie in now.ties)
    reached = all_ways(now, 0, DEPTH).keys()
    return frozenset(range(1, len(then.people))).difference(() if first_is else reached)


async def _planted(hub: Hub, made: Made, name: str, then: Family, now: Family) -> tuple[Planted, datetime]:
    planted = Planted(hub, name, then)
    await planted.make(made)
    instant = hub.clock.now()
    hub.clock.instant += _HOUR
    await planted.correct(now)
    return planted, instant


def test_kin_and_ways_of_then_equal_a_plain_recursion(runner: Any, made: Made) -> None:
    one, hub, numbers = runner
    met = {"hidden": 0, "otherwise": 0, "far": 0}

    @SETTINGS
    @given(pair=corrected())
    def check(pair: tuple[Family, Family]) -> None:
        then, now = pair

        async def ask() -> None:
            planted, instant = await _planted(hub, made, f"p{next(numbers)}", then, now)
            expected = all_ways(then, 0, DEPTH, hidden_then(then, now))
            assert await planted.kin(hub, instant) == {goal: len(min(ways)) for goal, ways in expected.items()}
            for goal in range(1, len(then.people)):
                found, shortest = await planted.ways(hub, goal, instant), expected.get(goal, set())
                assert found == shortest if len(shortest) <= 20 else (len(found) == 20 and found < shortest)
                met["far"] += any(len(way) > 2 for way in found)
                met["otherwise"] += found != all_ways(now, 0, DEPTH).get(goal, set())
            met["hidden"] += bool(hidden_then(then, now) & all_ways(then, 0, DEPTH, frozenset()).keys())

        one.run(ask())

    check()
    assert min(met.values()) > 2, f"no empty exercise: {met}"


def test_control_a_gate_that_reaches_by_the_links_of_then_is_caught(
    runner: Any, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, hub, numbers = runner
    know = Gate.know
    caught = 0

    async def reaching(gate: Gate, ids: Any, **named: Any) -> Any:
        return await know(gate, ids, **({**named, "distance": 1} if "facts" in named else named))

    monkeypatch.setattr(Gate, "know", reaching)

    @settings(SETTINGS, max_examples=15)
    @given(pair=corrected())
    def look(pair: tuple[Family, Family]) -> None:
        then, now = pair

        async def ask() -> None:
            nonlocal caught
            planted, instant = await _planted(hub, made, f"c{next(numbers)}", then, now)
            expected = all_ways(then, 0, DEPTH, hidden_then(then, now))
            for goal in range(1, len(then.people)):
                caught += await planted.ways(hub, goal, instant) != expected.get(goal, set())

        one.run(ask())

    look()
    assert caught > 3


_PARENTS = (Tie(0, 2, LinkKind.PARENT_BIRTH), Tie(1, 2, LinkKind.PARENT_BIRTH))


async def test_terms_of_then_rest_on_what_was_known_then(here: Hub, made: Made) -> None:
    """Of two brothers, whose birth dates were corrected: Kazakh calls the elder and the younger otherwise."""
    first = Family((Born("M", "1990-05-05"), Born("M", "1988-01-01"), Born("M", "1960-01-01")), _PARENTS, frozenset())
    now = replace(first, people=(first.people[0], Born("M", "1994-01-01"), first.people[2]))
    planted, instant = await _planted(here, made, "brothers", first, now)
    today, before = await planted.terms(here), await planted.terms(here, instant)
    assert (today[1], before[1]) == ("іні", "аға")
    assert today[2] == before[2]
    for at, term in ((None, "іні"), (instant, "аға")):
        (way,) = await planted.told(here, 1, at)
        assert way["steps"][-1]["kk"] == term
    long_before = await planted.terms(here, instant - timedelta(days=900))
    assert long_before == {}


async def test_a_sex_known_since_is_not_told_of_then(here: Hub, made: Made) -> None:
    first = Family((Born("M", "1990-05-05"), Born(None, None), Born(None, None)), _PARENTS, frozenset())
    now = replace(first, people=(first.people[0], Born("F", "1994-01-01"), Born("F", "1960-01-01")))
    planted, instant = await _planted(here, made, "unknown", first, now)
    today, before = await planted.terms(here), await planted.terms(here, instant)
    assert today[2] != before[2] and today[1] != before[1]


@pytest.mark.parametrize("query", [KIN, PATH])
async def test_found_cut_and_nobody_make_the_same_calls_of_then(here: Hub, made: Made, query: str) -> None:
    ties = (*_PARENTS, Tie(2, 3, LinkKind.PARENT_BIRTH))
    people = (Born("M", "1990-05-05"), Born("M", "1988-01-01"), Born("F", "1960-01-01"), Born("F", "1930-01-01"))
    seen = set()
    for name, graded in (("seen", frozenset[int]()), ("cut", frozenset({2}))):
        family = Family(people, ties, graded)
        planted, instant = await _planted(here, made, name, family, family)
        nobody = here.parts.ring.outward(planted.who.sector).encode("P", PersonId(77))
        for start in (planted.outward[0], nobody, "no id"):
            for goal in (*planted.outward, nobody):
                watched, calls = recorded(here)
                asked = {"a": start, "b": goal, "i": start, "d": 4, "t": instant_text(instant), "o": "2026-11-01"}
                names = ("a", "b") if query is PATH else ("i",)
                given_ = {key: asked[key] for key in (*names, "d", "t", "o")}
                await watched.data(planted.who, query, given_, case=planted.case)
                seen.add(calls.since(0))
    assert len(seen) == 1
