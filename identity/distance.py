"""How far two spellings are apart, as far as the identity rule needs to know: at most one slip, or more."""

from __future__ import annotations


def within_one_edit(left: str, right: str) -> bool:
    """Whether the optimal-string-alignment distance is at most 1.

    One edit is one letter put in, left out or exchanged, or two neighbouring letters swapped. Linear in the length.
    """
    if left == right:
        return True
    if len(left) > len(right):
        left, right = right, left
    if len(right) - len(left) > 1:
        return False
    start = _common_prefix(left, right)
    if len(left) < len(right):
        return left[start:] == right[start + 1 :]
    return _one_exchange(left[start:], right[start:])


def _common_prefix(left: str, right: str) -> int:
    at = 0
    for a, b in zip(left, right, strict=False):
        if a != b:
            break
        at += 1
    return at


def _one_exchange(left: str, right: str) -> bool:
    """Texts of one length that differ in their first letter: one letter exchanged, or the first two swapped."""
    if left[1:] == right[1:]:
        return True
    return left[:2] == right[1::-1] and left[2:] == right[2:]
