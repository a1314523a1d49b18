"""The decided examples: each verdict holds, by the rule it names, and each rule has its pair of neighbours."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from policy.activity import load_activities
from policy.decision import bits
from policy.decision.classes import Action, Traits, judge
from policy.decision.table import DecisionTable, know_traits, log_traits, read_traits
from policy.rule_book import FILES, RULES, load_rule_book
from policy.strict_yaml import load_once

EXAMPLES = RULES.parent / "examples"
ACTIVITIES = load_activities()
BOOK = load_rule_book()
TABLE = DecisionTable.fill(ACTIVITIES)
IDS = [rule.id for rule in BOOK.rules.values()]
DENY = sorted((EXAMPLES / "deny").glob("*.yaml"))
PERMIT = sorted((EXAMPLES / "permit").glob("*.yaml"))


class Example(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One example file."""

    rule: str
    says: str
    activity: str
    standing: tuple[str, ...]
    ask: Action
    category: str | None = None
    locating: bool | None = None


def _load(path: Path) -> Example:
    example = msgspec.convert(load_once(path.read_bytes()), type=Example)
    assert example.rule == path.stem
    assert (example.ask is Action.READ) == (example.category is not None) == (example.locating is not None)
    return example


def _traits(example: Example) -> Traits:
    activity = ACTIVITIES[example.activity]
    if example.ask is Action.KNOW:
        return know_traits(activity)
    if example.ask is Action.LOG:
        return log_traits(activity)
    assert example.category is not None
    return read_traits(activity, activity.categories[example.category], locates=bool(example.locating))


def _by_table(example: Example) -> bool:
    activity, standing = ACTIVITIES[example.activity], bits.standing_of(*example.standing)
    if example.ask is Action.KNOW:
        return TABLE.know(activity, standing)
    if example.ask is Action.LOG:
        return TABLE.log(activity, standing)
    assert example.category is not None
    permit = TABLE.read(activity, example.category, standing)
    return permit.locating if example.locating else bool(permit)


def test_each_rule_has_its_pair() -> None:
    assert [p.stem for p in DENY] == [p.stem for p in PERMIT] == sorted(IDS)


@pytest.mark.parametrize("path", DENY, ids=lambda p: p.stem)
def test_denied_by_the_rule_it_names_and_by_no_other(path: Path) -> None:
    example = _load(path)
    (verdict,) = judge(BOOK, _traits(example), [bits.standing_of(*example.standing)])
    permit = next(rule.id for rule in BOOK.rules.values() if rule.permits)
    assert not verdict.allowed
    assert verdict.rules == (() if example.rule == permit else (example.rule,))
    assert not _by_table(example)


@pytest.mark.parametrize("path", PERMIT, ids=lambda p: p.stem)
def test_permitted(path: Path) -> None:
    example = _load(path)
    (verdict,) = judge(BOOK, _traits(example), [bits.standing_of(*example.standing)])
    assert verdict.allowed
    assert _by_table(example)


@pytest.mark.parametrize("rule", IDS)
def test_the_permitted_one_is_a_near_miss(rule: str) -> None:
    denied, permitted = (_load(EXAMPLES / folder / f"{rule}.yaml") for folder in ("deny", "permit"))
    apart = len(set(denied.standing) ^ set(permitted.standing))
    apart += sum(
        getattr(denied, name) != getattr(permitted, name) for name in ("activity", "ask", "category", "locating")
    )
    assert apart == 1


def test_rules_are_short_and_say_why() -> None:
    for name in FILES:
        text = (RULES / name).read_text(encoding="utf-8")
        for block in text.split("@id(")[1:]:
            lines = [line for line in block.strip().splitlines() if line.strip()]
            assert len(lines) <= 6 or "permit (" in block
            assert "@basis(" in block and "@obligation(" in block


def test_rules_name_no_activity() -> None:
    text = "".join((RULES / name).read_text(encoding="utf-8") for name in FILES)
    for activity in ACTIVITIES.values():
        assert activity.name not in text and activity.role not in text and activity.purpose not in text
