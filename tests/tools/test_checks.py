"""Each check tells what it should, and nothing of what is right."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.check_lengths import LONGEST, too_long
from tools.check_traces import folder_traces, lock_faults
from tools.tracked import ROOT

GOOD = f"""\
aiohttp==3.14.5 \\
    --hash=sha256:{"0" * 64} \\
    --hash=sha256:{"a" * 64}
    # via kindred (pyproject.toml)
colorama==0.4.6 ; sys_platform == 'win32' \\
    --hash=sha256:{"b" * 64}
    # via typer
"""


def test_a_good_lock() -> None:
    assert list(lock_faults(GOOD)) == []


@pytest.mark.parametrize(
    "line",
    [
        "-i https://somewhere.example/simple",
        "-f wheels",
        "name @ file:wheels/name.whl",
        "name @ https://somewhere.example/name.whl",
        "aiohttp>=3 \\",
        "aiohttp==3.14.5",
        "-e .",
        "    --hash=md5:00",
    ],
)
def test_a_lock_that_is_none(line: str) -> None:
    assert [number for number, _ in lock_faults(GOOD + line + "\n")] == [8]


def test_our_locks_pin_everything() -> None:
    locks = sorted((ROOT / "requirements").glob("*.txt"))
    assert {lock.stem for lock in locks} == {"build", "core", "dev", "gedcom", "identity", "linkage", "welfare"}
    for lock in locks:
        assert list(lock_faults(lock.read_text("utf-8"))) == []


def pins(lock: Path) -> dict[str, str]:
    """Name → version of a lock."""
    pinned = (line.partition("==") for line in lock.read_text("utf-8").splitlines() if not line.startswith(" "))
    return {name: version.split(" ")[0] for name, found, version in pinned if found}


def test_extras_keep_the_versions_of_the_core() -> None:
    core = pins(ROOT / "requirements" / "core.txt")
    assert len(core) > 40
    for extra in ("dev", "gedcom", "identity", "welfare"):
        other = pins(ROOT / "requirements" / f"{extra}.txt")
        assert core.items() <= other.items(), extra


def test_a_folder_of_this_machine_is_told() -> None:
    text = "see /home/somebody/kindred/x\nsee /home/somebody-else\nand /home/somebody"
    assert [number for number, _ in folder_traces(text, ["/home/somebody"])] == [1, 3]


def test_long_files(tmp_path: Path) -> None:
    fits, long, other = tmp_path / "fits.py", tmp_path / "long.py", tmp_path / "long.txt"
    fits.write_text("x\n" * LONGEST)
    long.write_text("x\n" * (LONGEST + 1))
    other.write_text("x\n" * (LONGEST + 1))
    assert too_long([fits, long, other]) == [(long, LONGEST + 1)]
