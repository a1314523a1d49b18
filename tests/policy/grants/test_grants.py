"""What activities, cases and warrants cover, to the second."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.principals import Case, Principal, RoleName, Warrant
from policy.activity import load_activities
from policy.grants.activities import may_name
from policy.grants.cases import case_for, warrant_for

NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
ACTIVITY = load_activities()["child-protection"]
CARD = load_activities()["family-card-review"]
PRINCIPAL = Principal(
    actor="officer-1", role=RoleName.INVESTIGATOR, agency="agency-1", sector="sector-1", unit="unit-1", region="KZ-75",
    client="client-1", token_id="token-1", activities=frozenset({"child-protection"}), national=None, human=True,
    expires=NOW + SECOND,
)  # fmt: skip
WARRANT = Warrant("W-1", 4, frozenset({"parent"}), frozenset(), NOW, NOW + SECOND)
CASE = Case(
    "CASE-1", "child-protection", "agency-1", "unit-1", "KZ-71", frozenset({"officer-1"}), frozenset(), NOW,
    NOW + SECOND, (WARRANT,),
)  # fmt: skip


def test_the_token_names_the_activity() -> None:
    assert may_name(PRINCIPAL, ACTIVITY, NOW)


@pytest.mark.parametrize(
    "other",
    [
        replace(PRINCIPAL, activities=frozenset({"child-protection-2"})),
        replace(PRINCIPAL, activities=frozenset()),
        replace(PRINCIPAL, role=RoleName.CASEWORKER),
        replace(PRINCIPAL, human=False),
        replace(PRINCIPAL, expires=NOW),
    ],
)
def test_nothing_else_does(other: Principal) -> None:
    assert not may_name(other, ACTIVITY, NOW)


def test_the_officers_own_open_case() -> None:
    assert case_for(CASE, PRINCIPAL, ACTIVITY, NOW) is CASE
    assert case_for(replace(CASE, unit=None), PRINCIPAL, ACTIVITY, NOW) is not None


@pytest.mark.parametrize(
    "other",
    [
        None,
        replace(CASE, activity="family-card-review"),
        replace(CASE, agency="agency-2"),
        replace(CASE, unit="unit-2"),
        replace(CASE, officers=frozenset({"officer-2"})),
        replace(CASE, officers=frozenset()),
        replace(CASE, opened=NOW + SECOND),
        replace(CASE, expires=NOW),
    ],
)
def test_every_other_case_is_one_refusal(other: Case | None) -> None:
    assert case_for(other, PRINCIPAL, ACTIVITY, NOW) is None


def test_to_act_for_a_named_officer_opens_nothing() -> None:
    client = replace(PRINCIPAL, actor="client-9", acting_for="officer-1")
    assert case_for(CASE, client, ACTIVITY, NOW) is None
    assert case_for(replace(CASE, unit="unit-1"), replace(PRINCIPAL, unit=None), ACTIVITY, NOW) is None


def test_the_warrant_in_force() -> None:
    assert warrant_for(CASE, ACTIVITY, NOW) == WARRANT
    assert warrant_for(CASE, CARD, NOW) is None


@pytest.mark.parametrize(
    "other",
    [
        replace(WARRANT, issued=NOW + SECOND),
        replace(WARRANT, expires=NOW),
        replace(WARRANT, depth=0),
    ],
)
def test_no_other_warrant(other: Warrant) -> None:
    assert warrant_for(replace(CASE, warrants=(other,)), ACTIVITY, NOW) is None
    assert warrant_for(replace(CASE, warrants=(other, WARRANT)), ACTIVITY, NOW) == WARRANT


def test_a_warrant_is_nothing_without_its_case() -> None:
    assert warrant_for(replace(CASE, expires=NOW), ACTIVITY, NOW) is None
    assert warrant_for(replace(CASE, warrants=()), ACTIVITY, NOW) is None


def test_a_newer_warrant_replaces_the_older() -> None:
    older = replace(WARRANT, number="W-0", issued=NOW - SECOND, depth=8)
    for order in ((older, WARRANT), (WARRANT, older)):
        assert warrant_for(replace(CASE, warrants=order), ACTIVITY, NOW) == WARRANT
