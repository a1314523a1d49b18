"""Whose file an officer never handles."""

from __future__ import annotations

import pytest

from domain.ids import PersonId
from domain.links import LinkKind
from policy.decision.near import Tie, near_family

ME, OTHER, THIRD, FAR = (PersonId(n) for n in (1, 2, 3, 4))
BIRTH, STEP = LinkKind.PARENT_BIRTH, LinkKind.PARENT_STEP


@pytest.mark.parametrize(
    "ties",
    [
        [Tie(ME, OTHER, BIRTH)],
        [Tie(OTHER, ME, LinkKind.PARENT_ADOPTIVE)],
        [Tie(ME, THIRD, BIRTH), Tie(OTHER, THIRD, STEP)],
        [Tie(ME, OTHER, LinkKind.PARTNER_COHABITING)],
        [Tie(OTHER, ME, LinkKind.PARTNER_MARRIAGE)],
        [Tie(THIRD, ME, BIRTH), Tie(THIRD, OTHER, BIRTH)],
        [Tie(ME, OTHER, LinkKind.GUARDIAN)],
        [Tie(OTHER, ME, LinkKind.RESPONSIBILITY)],
    ],
    ids=["parent", "child", "half sibling", "cohabitant", "spouse", "other parent", "guardian", "ward"],
)
def test_near(ties: list[Tie]) -> None:
    assert {ME, OTHER} <= near_family(ME, ties) <= {ME, OTHER, THIRD}
    assert near_family(ME, []) == {ME}


def test_everyone_who_ever_shared_the_home() -> None:
    assert near_family(ME, [], [[ME, OTHER], [THIRD]]) == {ME, OTHER, THIRD}


@pytest.mark.parametrize(
    "ties",
    [
        [Tie(ME, OTHER, BIRTH), Tie(OTHER, FAR, BIRTH)],
        [Tie(OTHER, ME, BIRTH), Tie(FAR, OTHER, BIRTH)],
        [Tie(ME, OTHER, LinkKind.PARTNER_MARRIAGE), Tie(OTHER, FAR, BIRTH)],
        [Tie(ME, THIRD, LinkKind.GUARDIAN), Tie(FAR, THIRD, LinkKind.GUARDIAN)],
        [Tie(OTHER, FAR, LinkKind.PARTNER_MARRIAGE)],
    ],
    ids=["grandparent", "grandchild", "parent-in-law", "fellow ward", "strangers"],
)
def test_not_near(ties: list[Tie]) -> None:
    assert FAR not in near_family(ME, ties)
