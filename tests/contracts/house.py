"""The house as its project file states it, and copies of it to break on purpose."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
NOT_ROOMS = frozenset({"tests", "tools", "benchmarks", "docs", "requirements", "locale", "var", "build", "dist"})
"""Top-level folders that hold no part of the running hub."""


def project(root: Path = ROOT) -> dict[str, Any]:
    """The project file."""
    return tomllib.loads((root / "pyproject.toml").read_text("utf-8"))


def contracts(root: Path = ROOT) -> dict[str, dict[str, Any]]:
    """Import contracts by id."""
    return {contract["id"]: contract for contract in project(root)["tool"]["importlinter"]["contracts"]}


def rooms(root: Path = ROOT) -> set[str]:
    """Top-level folders with Python in them, whether or not they are packages."""
    folders = (entry for entry in root.iterdir() if entry.is_dir() and not entry.name.startswith("."))
    named = (folder for folder in folders if folder.name not in NOT_ROOMS and not folder.name.endswith(".egg-info"))
    return {folder.name for folder in named if any(folder.rglob("*.py"))}


def copy_of_the_house(target: Path) -> Path:
    """A copy of every room and the project file, without caches."""
    target.mkdir(parents=True, exist_ok=True)
    for room in rooms():
        shutil.copytree(ROOT / room, target / room, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", target)
    return target


def plant(root: Path, files: Mapping[str, str]) -> None:
    """Write files into a copy; folders are made packages."""
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        (path.parent / "__init__.py").touch()
        path.write_text(content, "utf-8")


def lint_imports(root: Path) -> tuple[int, dict[str, str]]:
    """Run import-linter in a copy: its exit code, and contract id → what it says is broken ("" if kept)."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    environment = {"COLUMNS": "1000", "PATH": "/usr/bin:/bin", "NO_COLOR": "1"}
    run = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, timeout=120)
    verdicts, _, details = run.stdout.partition("Broken contracts")
    found: dict[str, str] = {}
    for identity, contract in contracts(root).items():
        name = re.escape(contract["name"])
        verdict = re.search(rf"^{name} (KEPT|BROKEN)", verdicts, re.MULTILINE)
        assert verdict, f"no verdict on {identity}: {run.stdout[-2000:]}{run.stderr[-2000:]}"
        section = re.search(rf"^{name}\n-+\n(.*?)(?=^[^\n]+\n-{{5,}}\n|\Z)", details, re.MULTILINE | re.DOTALL)
        found[identity] = section.group(1) if verdict.group(1) == "BROKEN" and section else ""
    return run.returncode, found
