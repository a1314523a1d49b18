"""No Python file over 400 lines: what does not fit is two concepts."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from tools.tracked import ROOT, tracked_files

LONGEST = 400


def too_long(paths: Iterable[Path]) -> list[tuple[Path, int]]:
    """The Python files over the limit, with their number of lines."""
    counted = ((path, len(path.read_text("utf-8").splitlines())) for path in paths if path.suffix == ".py")
    return [(path, lines) for path, lines in counted if lines > LONGEST]


def main() -> int:
    """Print each file over the limit; 1 if there is any."""
    found = too_long(tracked_files())
    for path, lines in found:
        print(f"{path.relative_to(ROOT)}: {lines} lines, at most {LONGEST}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
