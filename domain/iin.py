"""The national id (IIN): 12 digits, the last a check digit.

Weights 1…11 modulo 11; if that gives 10, weights 3, 4, …, 11, 1, 2; 10 again is invalid. The birth date in the first
six digits may be wrong (the rules changed in 2013) and is not looked at.
"""

from __future__ import annotations

_FIRST = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)
_SECOND = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)


def check_digit(first_eleven: str) -> int | None:
    """The check digit of eleven digits, or None where no valid id begins with them."""
    digits = [ord(c) - 48 for c in first_eleven]
    for weights in (_FIRST, _SECOND):
        rest = sum(w * d for w, d in zip(weights, digits, strict=True)) % 11
        if rest != 10:
            return rest
    return None


def is_valid(text: str) -> bool:
    """Whether the text is twelve ASCII digits with the right check digit."""
    if len(text) != 12 or not text.isascii() or not text.isdigit():
        return False
    return check_digit(text[:11]) == ord(text[11]) - 48
