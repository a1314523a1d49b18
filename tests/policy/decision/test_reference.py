"""Standing and table against a second opinion made from raw facts; and that the comparison would notice.

A table filled by Cedar cannot disagree with Cedar: what can be wrong are the bits, the rules and the files. So the
reference starts from dates, links and keys and has rules of its own, and every bit and every rule is taken away once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from domain.ids import PersonId
from policy.activity import Activity
from policy.decision import bits
from policy.decision.table import DecisionTable
from policy.rule_book import load_rule_book
from tests.policy.decision.harness import standings, verdicts, without_rule
from tests.policy.reference.opinion import Opinion, opinions
from tests.policy.reference.world import ROLES, World, make_world

WORLDS = 600
FORBIDS = [rule.id for rule in load_rule_book().rules.values() if not rule.permits]


@dataclass(frozen=True)
class Compared:
    """One world with the reference's verdicts and the standings under test."""

    world: World
    expected: Mapping[PersonId, Opinion]
    found: Mapping[PersonId, int] | None


@pytest.fixture(scope="module")
def compared(activities: Mapping[str, Activity]) -> list[Compared]:
    """All worlds, judged once by the reference."""
    worlds = [make_world(seed) for seed in range(WORLDS)]
    return [Compared(w, opinions(w), standings(w, activities[w.activity])) for w in worlds]


def _differs(one: Compared, table: DecisionTable, activities: Mapping[str, Activity], mask: int = bits.ALL) -> bool:
    found = None if one.found is None else {person: standing & mask for person, standing in one.found.items()}
    return verdicts(table, activities[one.world.activity], found, one.expected) != one.expected


def test_every_verdict_equals_the_reference(
    compared: list[Compared], table: DecisionTable, activities: Mapping[str, Activity]
) -> None:
    wrong = [seed for seed, one in enumerate(compared) if _differs(one, table, activities)]
    assert wrong == []


def test_the_worlds_are_worth_comparing(compared: list[Compared]) -> None:
    """Both verdicts, for knowing, logs and locating, under every activity, else equality would say little."""
    for activity in ROLES:
        said = [o for one in compared if one.world.activity == activity for o in one.expected.values()]
        assert {o.know for o in said} == {True, False}
    own = [o for one in compared for o in one.expected.values() if one.world.activity == "subject-access"]
    assert {o.log for o in own if o.know} == {True, False}
    assert {"residence" in o.fields for o in own if "income" in o.fields} == {True, False}
    held = [standing for one in compared if one.found for standing in one.found.values()]
    for place in range(bits.COUNT):
        assert {standing >> place & 1 for standing in held} == {0, 1}


@pytest.mark.parametrize("name", bits.NAMES)
def test_blinding_a_bit_is_noticed(
    name: str, compared: list[Compared], table: DecisionTable, activities: Mapping[str, Activity]
) -> None:
    mask = bits.ALL & ~bits.standing_of(name)
    assert any(_differs(one, table, activities, mask) for one in compared)


@pytest.mark.parametrize("rule", FORBIDS)
def test_dropping_a_rule_is_noticed(
    rule: str, compared: list[Compared], activities: Mapping[str, Activity], tmp_path: Path
) -> None:
    looser = DecisionTable.fill(activities, without_rule(tmp_path / "rules", rule))
    assert any(_differs(one, looser, activities) for one in compared)
