"""No trace of the machine that a file was made on: lock files name no index, no file names a folder of this machine."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from tools.tracked import ROOT, tracked_files

_LOCK_LINE = re.compile(
    r"""^(
        [a-z0-9][a-z0-9._-]*==[^\s;]+(\s;\s[^\\]+)?\s\\   # name==version ; marker
        | \s+--hash=sha256:[0-9a-f]{64}(\s\\)?
        | \s+\#.*
    )$""",
    re.VERBOSE,
)
_PLACE = re.compile(r"://|@|file:")


def lock_faults(text: str) -> Iterator[tuple[int, str]]:
    """Line number and fault of each line in a lock that is no pinned, hashed requirement."""
    for number, line in enumerate(text.splitlines(), 1):
        if _PLACE.search(line):
            yield number, "names a place to fetch from"
        elif not _LOCK_LINE.match(line):
            yield number, "not a pinned and hashed requirement"


def folder_traces(text: str, folders: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Line number and fault of each line that names one of the folders."""
    patterns = [re.compile(re.escape(folder) + r"(?![\w.-])") for folder in folders]
    for number, line in enumerate(text.splitlines(), 1):
        if any(pattern.search(line) for pattern in patterns):
            yield number, "names a folder of this machine"


def own_folders() -> list[str]:
    """Folders that only this machine has: this checkout, and the home folder of whoever runs the check."""
    return [str(ROOT), str(Path.home())]


def faults(path: Path) -> Iterator[tuple[int, str]]:
    """All faults of one file. Files that are no text have none."""
    try:
        text = path.read_text("utf-8")
    except UnicodeDecodeError:
        return
    if path.parent.name == "requirements" and path.suffix == ".txt":
        yield from lock_faults(text)
    yield from folder_traces(text, own_folders())


def main() -> int:
    """Print each fault; 1 if there is any."""
    found = [(path, number, fault) for path in tracked_files() for number, fault in faults(path)]
    for path, number, fault in found:
        print(f"{path.relative_to(ROOT)}:{number}: {fault}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
