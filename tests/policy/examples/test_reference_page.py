"""The page docs/reference/policy.md names every activity, rule and bit, and its matrix is what the files say."""

from __future__ import annotations

from pathlib import Path

from domain.records.catalogue import ALL
from policy.activity import GRANTABLE, load_activities
from policy.decision import bits
from policy.rule_book import load_rule_book

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "policy.md"


def matrix() -> list[str]:
    """The table of activities and categories, a line each."""
    activities = load_activities()
    lines = [f"| category | {' | '.join(activities)} |", "|---" * (len(activities) + 1) + "|"]
    for category in ALL:
        if category.name in GRANTABLE:
            cells = []
            for activity in activities.values():
                line = activity.categories.get(category.name)
                cells.append(f"{line.detail}, {line.reach}" if line is not None else "")
            lines.append(f"| {category.name} | {' | '.join(cells)} |")
    return lines


def test_the_matrix_is_current() -> None:
    assert "\n".join(matrix()) in PAGE.read_text(encoding="utf-8")


def test_every_rule_and_bit_is_explained() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for name in (*bits.NAMES, *(rule.id for rule in load_rule_book().rules.values())):
        assert f"| `{name}` |" in text
