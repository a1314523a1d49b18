"""One steward alone ends no guard and places nothing of a row that may be about somebody under protection.

Neither where the pull was cut off between docket and graph, so that whom a key founds is not here yet; nor of a row
that waited before the grade came. Controls: two stewards do.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from connectors.identity.carrying import Carrier
from connectors.pipeline import commit
from docket.dossiers import Line, Outcome
from domain.errors import Unavailable
from domain.reviews import State
from tests.connectors.pipeline.test_decoys import NAMESAKE
from tests.connectors.pipeline.test_doubles import TOWN, _begun, _code, _is_graded, _moved, _read
from tests.connectors.pipeline.test_guarded import stay
from tests.connectors.pipeline.test_weighing import OTHER, WHO, register
from tests.connectors.pipeline.two_worlds import World, two_worlds
from tests.worlds.reviews import listed, resolve, steward

ONE, OTHER_HAND = 1, 2


async def _cut(world: World, monkeypatch: pytest.MonkeyPatch, *rows: dict[str, Any]) -> None:
    """Pull, killed once the docket has the rows and before the graph does."""

    async def killed(*_: Any, **__: Any) -> None:
        raise Unavailable(cause="killed")

    with monkeypatch.context() as patch:
        patch.setattr(commit, "to_graph", killed)
        with pytest.raises(Unavailable):
            await world.pull("population", *rows)


async def _asked(world: World, monkeypatch: pytest.MonkeyPatch, *, cut: bool) -> Any:
    """What cleared stewards are asked once her row came, whether or not its pull was cut off."""
    if cut:
        await _cut(world, monkeypatch, _moved(8))
    else:
        await world.pull("population", _moved(8))
    (review,) = await listed(world.hub, steward(world.hub, cleared=True))
    return review


def _after(answer: Any) -> Any:
    return json.loads(answer.body)["data"]["resolveIdentity"]


async def _said(world: World, number: int, review: Any, what: str, **more: Any) -> Any:
    return await resolve(world.hub, steward(world.hub, number, cleared=True), review, what, **more)


@pytest.mark.parametrize("hands", [1, 2])
@pytest.mark.parametrize("cut", [False, True])
async def test_a_guard_ends_by_two_who_say_new(
    cut: bool, hands: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with two_worlds(tmp_path, monkeypatch) as (world, _):
        officer = await _begun(world, named=True)
        review = await _asked(world, monkeypatch, cut=cut)
        after = _after(await _said(world, ONE, review, "NEW"))
        assert after["state"] == "proposed"
        if hands == 2:
            assert _after(await _said(world, OTHER_HAND, after, "NEW"))["state"] == "resolved"
        await world.pull("population")
        assert (TOWN in b"".join(await _read(world, officer))) == (hands == 2)
        assert await _is_graded(world, 8) == (hands == 1)


@pytest.mark.parametrize("cut", [False, True])
async def test_a_guard_is_there_whatever_is_said_of_a_match(
    cut: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cut off, nothing can be said of it yet; taken in, it is to make two existing people one, and takes two."""
    async with two_worlds(tmp_path, monkeypatch) as (world, _):
        officer = await _begun(world, named=True)
        review = await _asked(world, monkeypatch, cut=cut)
        her = review["candidates"][0]["person"]["id"]
        answer = await _said(world, ONE, review, "MATCH", p=her)
        assert _code(answer) == ("INVALID_ARGUMENT" if cut else None)
        await world.pull("population")
        assert TOWN not in b"".join(await _read(world, officer)) and await _is_graded(world, 8)
        (waiting,) = await world.hub.parts.docket.line(Line.PROTECTED_REVIEW, 10)
        assert waiting.state is (State.OPEN if cut else State.PROPOSED)


@pytest.mark.parametrize("handed", [True, False])
@pytest.mark.parametrize("what", ["NEW", "MATCH"])
async def test_a_row_that_waited_before_the_grade_came_takes_two(
    what: str, handed: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may be her or a namesake. Neither is her town read on the namesake's card by one alone, nor on a new one;
    handed over to cleared stewards by then or not."""
    async with two_worlds(tmp_path, monkeypatch) as (world, _):
        await world.pull("population", register(2, WHO) | {"registrations": [stay("H-2")]}, register(1, NAMESAKE))
        officer = await world.caseworker(*(("population", f"PR-{number}") for number in (1, 2, 8, 9)))
        await world.pull("population", _moved(8) | {"patronymic": None})
        (held,) = await world.hub.parts.docket.line(Line.REVIEW, 10)
        if not handed:
            monkeypatch.setattr("connectors.pull.hand_over", _nobody)
        later = {"version": 2, "changedAt": "2026-03-01T00:00:00Z", "registrations": [stay("H-2")]}
        await world.pull("population", register(2, WHO, grade="strict") | later)
        (review,) = await listed(world.hub, steward(world.hub, cleared=True))
        namesake = world.hub.parts.ring.outward("identity-office").encode("P", await world.hub.internal("PR-1"))
        more = {"p": namesake} if what == "MATCH" else {}
        after = _after(await _said(world, ONE, review, what, **more))
        assert after["state"] == "proposed" and TOWN not in b"".join(await _read(world, officer))
        row = await world.hub.parts.docket.held(held.review.position or b"")
        assert row is not None and row.outcome is Outcome.REVIEW
        assert _code(await _said(world, ONE, after, what, **more)) == "SECOND_PERSON_REQUIRED"
        done = _after(await _said(world, OTHER_HAND, after, what, **more))
        assert (done["state"], done["carried"]) == ("resolved", True)
        assert TOWN in b"".join(await _read(world, officer)), "two said that it is nobody under protection"


async def _nobody(_: Any) -> int:
    return 0


async def test_control_a_row_about_people_in_the_open_takes_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with two_worlds(tmp_path, monkeypatch) as (world, _):
        await world.pull("population", register(2, WHO), register(1, NAMESAKE), register(3, OTHER))
        await world.pull("population", _moved(8) | {"patronymic": None})
        (review,) = await listed(world.hub, steward(world.hub))
        done = _after(await resolve(world.hub, steward(world.hub), review, "NEW"))
        assert (done["state"], done["carried"]) == ("resolved", True)


@pytest.mark.parametrize("when", ["crowded", "carried late"])
async def test_whom_one_steward_said_is_new_is_guarded_if_they_may_be_her_by_then(
    when: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody was shown because too many share a compound; or the order was carried out after the grade had come."""
    async with two_worlds(tmp_path, monkeypatch) as (world, _):
        if when == "crowded":
            monkeypatch.setattr("connectors.pipeline.weighing.MOST_CANDIDATES", 1)
        await world.pull("population", register(2, WHO) | {"registrations": [stay("H-2")]}, register(1, NAMESAKE))
        officer = await world.caseworker(*(("population", f"PR-{number}") for number in (1, 2, 8, 9)))
        await world.pull("population", _moved(8) | {"patronymic": None})
        (review,) = await listed(world.hub, steward(world.hub))
        assert bool(review["candidates"]) == (when != "crowded")
        later = {"version": 2, "changedAt": "2026-03-01T00:00:00Z", "registrations": [stay("H-2")]}
        graded = register(2, WHO, grade="strict") | later
        if when == "crowded":
            await world.pull("population", graded)
            (review,) = await listed(world.hub, steward(world.hub, cleared=True))
            assert _after(await _said(world, ONE, review, "NEW"))["state"] == "resolved"
        else:
            with monkeypatch.context() as patch:
                patch.setattr("connectors.identity.carrying.replay", _fails)
                done = _after(await resolve(world.hub, steward(world.hub), review, "NEW"))
                assert (done["state"], done["carried"]) == ("resolved", False)
                await world.pull("population", graded)
            assert await Carrier(world.hub.pulling.keeping).carry_all() == 1
        assert TOWN not in b"".join(await _read(world, officer)) and await _is_graded(world, 8)
        (asked,) = await world.hub.parts.docket.line(Line.PROTECTED_REVIEW, 10)
        assert asked.review.proposal.reason == "PROTECTED" and asked.review.proposal.key.source_id == "PR-8"


async def _fails(*_: Any, **__: Any) -> None:
    raise Unavailable(cause="killed")


async def test_a_merge_with_somebody_who_is_gone_is_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The guard on the key is still there; were nobody asked, nobody could end it."""
    async with two_worlds(tmp_path, monkeypatch) as (world, _):
        await _begun(world)
        await world.pull("population", _moved(8))
        (review,) = await listed(world.hub, steward(world.hub, cleared=True))
        her = review["candidates"][0]["person"]["id"]
        proposed = _after(await _said(world, ONE, review, "MATCH", p=her))
        monkeypatch.setattr("connectors.identity.carrying.merge", _nothing)
        done = _after(await _said(world, OTHER_HAND, proposed, "MATCH", p=her))
        assert (done["state"], done["choice"], done["approval"]) == ("open", None, None)
        after = _after(await _said(world, ONE, done, "NEW"))
        assert _after(await _said(world, OTHER_HAND, after, "NEW"))["state"] == "resolved"
        assert not await _is_graded(world, 8)


async def _nothing(*_: Any) -> None:
    return None
