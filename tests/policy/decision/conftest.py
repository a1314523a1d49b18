"""The shipped policy, filled once."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from policy.activity import Activity, load_activities
from policy.decision.table import DecisionTable
from policy.rule_book import RuleBook, load_rule_book


@pytest.fixture(scope="session")
def activities() -> Mapping[str, Activity]:
    """The shipped activities."""
    return load_activities()


@pytest.fixture(scope="session")
def table(activities: Mapping[str, Activity]) -> DecisionTable:
    """The shipped table."""
    return DecisionTable.fill(activities)


@pytest.fixture(scope="session")
def book() -> RuleBook:
    """The shipped rules."""
    return load_rule_book()
