"""`schema` and `graph` are names that others use too: from whichever folder, ours are the ones imported."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.contracts.house import ROOT, rooms


def origins(names: list[str], folder: Path, *, isolated: bool) -> dict[str, Path]:
    """Where packages are imported from by a fresh interpreter in another folder."""
    code = "import importlib, sys\nfor name in sys.argv[1:]:\n    print(name, importlib.import_module(name).__file__)"
    command = [sys.executable, *(["-I"] if isolated else []), "-c", code, *names]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=True)
    return {name: Path(file) for name, file in (line.split(" ", 1) for line in run.stdout.splitlines())}


def test_from_another_folder(tmp_path: Path) -> None:
    found = origins(sorted(rooms()), tmp_path, isolated=True)
    assert found == {room: ROOT / room / "__init__.py" for room in rooms()}


def test_from_the_folder_of_the_tests() -> None:
    """Run beside `tests/graph`, `import graph` finds the room, not the tests of it."""
    found = origins(["graph", "schema"], ROOT / "tests" / "contracts", isolated=True)
    assert found["graph"] == ROOT / "graph" / "__init__.py"


def test_a_stranger_of_the_same_name_would_be_seen(tmp_path: Path) -> None:
    (tmp_path / "schema").mkdir()
    (tmp_path / "schema" / "__init__.py").touch()
    found = origins(["schema"], tmp_path, isolated=False)
    assert found["schema"] == tmp_path / "schema" / "__init__.py"


@pytest.mark.parametrize("name", ["graph", "schema", "identity", "policy"])
def test_while_tests_run(name: str) -> None:
    module = __import__(name)
    assert Path(str(module.__file__)) == ROOT / name / "__init__.py"


def test_every_folder_of_tests_is_a_package() -> None:
    folders = {path.parent for path in (ROOT / "tests").rglob("*.py")}
    assert {str(folder.relative_to(ROOT)) for folder in folders if not (folder / "__init__.py").exists()} == set()
