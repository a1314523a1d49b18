"""What cleared stewards are asked beside others: it neither gets lost nor answers what they were not asked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from connectors.agencies.catalogue import BY_NAME
from connectors.pipeline.candidates import candidates
from connectors.pipeline.deciding import Deciding
from connectors.pipeline.guarded import guarded
from connectors.pipeline.validate import validate
from connectors.pipeline.weighing import Weighing
from connectors.protocols.page import Page
from connectors.protocols.signed import Keys
from docket.dossiers import Line, Outcome
from domain.ids import SourceKey
from tests.connectors.pipeline.test_decoys import NAMESAKE
from tests.connectors.pipeline.test_guarded import unnumbered_birth
from tests.connectors.pipeline.test_weighing import OTHER, WHO, patient, register
from tests.connectors.pipeline.two_worlds import two_worlds
from tests.worlds.reviews import listed, resolve, steward

CHILD = SourceKey("civil", "CR-1")


async def test_a_key_that_is_decided_by_force_takes_no_question_about_another_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A birth that was accepted before the pull was cut off: the child may be her, the mother may by now be two."""
    async with two_worlds(tmp_path, monkeypatch) as (world, _):
        mother, act = unnumbered_birth()
        await world.pull("population", register(1, mother, sex="F"), register(2, WHO, grade="strict"))
        parts, by = world.hub.pulling, BY_NAME["civil"]
        rows = await validate(by, Page((act,), "", "1"), parts.ring.hasher, Keys(None).document)
        known = await candidates(parts, rows)
        weighing = Weighing(parts.model, await guarded(parts, rows, known), known.crowded, known.weighed)
        deciding = Deciding(known, parts.ring.hasher.founding, weighing)
        (judged,) = (await deciding.judge(by, rows, {}, {rows[0].position: Outcome.ACCEPTED})).rows
        assert judged.outcome is Outcome.ACCEPTED and judged.guarded == (CHILD,)
        assert [(one.key, one.reason) for one in judged.proposals] == [(CHILD, "PROTECTED")]


@pytest.mark.parametrize("whose", ["hers", "the namesake's", "new"])
async def test_what_cleared_ones_find_of_a_row_that_waits_answers_everybodys_question(
    whose: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two namesakes in the open, and she: a health row waits for all stewards, and cleared ones are asked beside it.
    Their match decides; that it is not she leaves the question to the others."""
    async with two_worlds(tmp_path, monkeypatch) as (world, _):
        others = (register(1, NAMESAKE), register(4, WHO | {"patronymic": "Серікұлы"}))
        await world.pull("population", *others, register(2, WHO, grade="strict"), register(3, OTHER))
        await world.pull("health", patient(1, WHO | {"patronymic": None}))
        docket, hub = world.hub.parts.docket, world.hub
        (openly,), (beside,) = await docket.line(Line.REVIEW, 10), await docket.line(Line.PROTECTED_REVIEW, 10)
        assert openly.id != beside.id and openly.review.position == beside.review.position
        asked = await listed(hub, steward(hub, cleared=True))
        review = next(one for one in asked if one["reason"] == "PROTECTED")
        chosen = {"hers": "PR-2", "the namesake's": "PR-1"}.get(whose)
        ring = hub.parts.ring.outward("identity-office")
        more = {} if chosen is None else {"p": ring.encode("P", await hub.internal(chosen))}
        answer = await resolve(hub, steward(hub, cleared=True), review, "MATCH" if chosen else "NEW", **more)
        assert json.loads(answer.body)["data"]["resolveIdentity"]["state"] == "resolved"
        waiting = await docket.line(Line.REVIEW, 10)
        owner = await hub.parts.reader.owners([hub.parts.ring.hasher.source_key(SourceKey("health", "pt-1"))])
        if chosen is None:
            assert [one.id for one in waiting] == [openly.id] and not owner
            return
        assert not waiting and list(owner.values()) == [await hub.internal(chosen)]


async def test_whose_key_it_is_by_now_is_not_moved_by_cleared_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Other stewards were first: the row is the namesake's, who is not she because the row may not be theirs."""
    async with two_worlds(tmp_path, monkeypatch) as (world, _):
        await world.pull("population", register(1, NAMESAKE), register(2, WHO, grade="strict"), register(3, OTHER))
        await world.pull("health", patient(1, NAMESAKE | {"patronymic": None}))
        hub = world.hub
        for review in await listed(hub, steward(hub)):
            ring = hub.parts.ring.outward("identity-office")
            namesake = ring.encode("P", await hub.internal("PR-1"))
            assert b'"resolved"' in (await resolve(hub, steward(hub), review, "MATCH", p=namesake)).body
        asked = [one for one in await listed(hub, steward(hub, cleared=True)) if one["reason"] == "PROTECTED"]
        (review,) = asked
        ring = hub.parts.ring.outward("identity-office")
        her = ring.encode("P", await hub.internal("PR-2"))
        assert (
            b"the_key_is_somebody_else" in (await resolve(hub, steward(hub, cleared=True), review, "MATCH", p=her)).body
        )
