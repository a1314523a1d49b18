"""Which tree a file belongs to: a family's file, and those that correct it, are editions of one tree."""

from __future__ import annotations

from dataclasses import dataclass

TREE_DIGITS = 16


@dataclass(frozen=True, slots=True)
class Edition:
    """`tree`: the first 16 hex digits of the SHA-256 of the file that began it; `version`: 1 for that file, one more
    for each that corrects it. `corrected`: a later edition was handed in since.
    """

    tree: str
    version: int
    corrected: bool = False


def first_edition(digest: str) -> Edition:
    """What a file is that corrects none."""
    return Edition(digest[:TREE_DIGITS], 1)
