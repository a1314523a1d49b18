"""The computing side owes nothing to the code that it judges."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent
COMPUTING = (
    "authority", "checks", "clauses", "deciding", "folding", "hidden", "names", "reading", "said", "weighing",
)  # fmt: skip


@pytest.mark.parametrize("name", COMPUTING)
def test_it_imports_the_standard_library_and_itself_alone(name: str) -> None:
    """Nothing of the hub, not even its words, and no other file of this folder that might bring it in."""
    allowed = {f"tests.oracle.{other}" for other in COMPUTING}
    for module in _imported(FOLDER / f"{name}.py"):
        assert module.split(".")[0] in sys.stdlib_module_names or module in allowed, module


def _imported(file: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level and node.module
            found.add(node.module)
    return found
