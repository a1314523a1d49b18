"""20: errors of the engine, missing attributes, no decision, stale policy: denied, or the hub does not start."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import cedarpy
import pytest

from domain.errors import Broken
from policy.activity import load_activities
from policy.decision.permit import Permit
from policy.decision.table import DecisionTable
from tests.faults.test_stores import CARD
from tests.negatives.cast import FAMILY_CASE, family_case
from tests.worlds.copies import Made
from tests.worlds.hub import Hub

ACTIVITIES = {"family-card-review": load_activities()["family-card-review"]}


def _faked(monkeypatch: pytest.MonkeyPatch, change: Any) -> None:
    real = cedarpy.is_authorized_batch

    def batch(*given: Any, **named: Any) -> Any:
        return [change(answer) for answer in real(*given, **named)]

    monkeypatch.setattr(cedarpy, "is_authorized_batch", batch)


def _like(answer: Any, **changes: Any) -> Any:
    values = {"decision": answer.decision, "allowed": answer.allowed, "diagnostics": answer.diagnostics}
    return SimpleNamespace(**{**values, **changes})


def test_control_the_table_fills(monkeypatch: pytest.MonkeyPatch) -> None:
    _faked(monkeypatch, lambda answer: _like(answer))
    assert DecisionTable.fill(ACTIVITIES).classes > 0


@pytest.mark.parametrize(
    "change",
    [
        lambda a: _like(a, decision=cedarpy.Decision.NoDecision),
        lambda a: _like(a, diagnostics=SimpleNamespace(errors=["attribute `near` of Person missing"], reasons=[])),
        lambda a: _like(
            a, allowed=True, decision=cedarpy.Decision.Allow, diagnostics=SimpleNamespace(errors=["e"], reasons=[])
        ),
    ],
    ids=["no decision", "missing attribute", "allowed with an error"],
)
def test_an_engine_in_doubt_refuses_to_start(monkeypatch: pytest.MonkeyPatch, change: Any) -> None:
    """A rule in error is skipped by the engine, and a skipped forbid would allow: so no table at all."""
    _faked(monkeypatch, change)
    with pytest.raises(Broken) as broken:
        DecisionTable.fill(ACTIVITIES)
    assert "near" not in str(broken.value)


def test_an_engine_that_answers_too_little_refuses_to_start(monkeypatch: pytest.MonkeyPatch) -> None:
    real = cedarpy.is_authorized_batch
    monkeypatch.setattr(cedarpy, "is_authorized_batch", lambda *g, **n: real(*g, **n)[:-1])
    with pytest.raises(Broken):
        DecisionTable.fill(ACTIVITIES)


async def test_a_table_that_raises_denies(here: Hub, made: Made) -> None:
    """Whatever goes wrong in a look-up, the field is null with a code that tells no cause."""
    who = await family_case(here, made, "caseworker")
    id = await here.person_id(who, made.sample["family"]["head"]["recordId"])
    table = here.parts.table

    for method in ("know", "read"):

        class Raises:
            def __getattr__(self, name: str, method: str = method) -> Any:
                if name != method:
                    return getattr(table, name)
                raise RuntimeError('policy3 failed on Person::"Досжанов"')

        answer = await here.with_parts(table=Raises()).ask(who, CARD, {"i": id}, case=FAMILY_CASE)
        body = json.loads(answer.body)
        assert body["data"] == {"person": None}
        assert [error["extensions"]["code"] for error in body["errors"]] == ["INTERNAL"]
        assert "policy" not in answer.body.decode() and "Досжанов" not in answer.body.decode()


async def test_a_table_that_knows_no_such_activity_denies(here: Hub, made: Made) -> None:
    """A table filled before an activity was added (stale) has no row for it: nobody is known, nothing is read."""
    who = await family_case(here, made, "caseworker")
    id = await here.person_id(who, made.sample["family"]["head"]["recordId"])
    others = {n: a for n, a in load_activities().items() if n == "log-review"}
    answer = await here.with_parts(table=DecisionTable.fill(others)).ask(who, CARD, {"i": id}, case=FAMILY_CASE)
    assert answer.body == b'{"data":{"person":null}}'


async def test_a_category_that_no_line_lists_is_not_read(here: Hub, made: Made) -> None:
    who = await family_case(here, made, "caseworker")
    id = await here.person_id(who, made.sample["family"]["head"]["recordId"])
    query = "query($i:ID!){person(id:$i){id conditions{condition}}}"
    assert "conditions" not in here.parts.activities["family-card-review"].categories
    found = await here.data(who, query, {"i": id}, case=FAMILY_CASE)
    assert found["person"]["conditions"] is None
    assert here.parts.table.read(here.parts.activities["family-card-review"], "conditions", 0) is Permit.NONE
