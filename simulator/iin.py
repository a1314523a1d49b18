"""The national id (IIN): 12 digits, the last a check digit.

Rule: weights 1…11 modulo 11; if that gives 10, weights 3,4,…,11,1,2 modulo 11;
10 again means that no valid number with these eleven digits exists. The weight 11 leaves the 11th digit
unprotected, so about one in eleven one-digit errors passes.
"""

from __future__ import annotations

import random
from datetime import date

_FIRST = tuple(range(1, 12))
_SECOND = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)
#: Serials of a birth date and sex that are given to people; those above are never given.
GIVEN_SERIALS = 9900
#: How many serials of one birth date and sex a block may give.
SERIALS_A_BLOCK = 2
MAX_BLOCKS = GIVEN_SERIALS // SERIALS_A_BLOCK
_SCRAMBLE = 7919  # coprime with GIVEN_SERIALS, so that the map is one-to-one


def check_digit(eleven: str) -> int | None:
    """The check digit of eleven digits, or `None` if these have none."""
    digits = [ord(c) - 48 for c in eleven]
    value = sum(d * w for d, w in zip(digits, _FIRST, strict=True)) % 11
    if value == 10:
        value = sum(d * w for d, w in zip(digits, _SECOND, strict=True)) % 11
    return None if value == 10 else value


def valid(iin: str) -> bool:
    """Whether `iin` is 12 ASCII digits with a right check digit."""
    return len(iin) == 12 and iin.isascii() and iin.isdigit() and check_digit(iin[:11]) == ord(iin[11]) - 48


def century_digit(year: int, sex: str) -> int:
    """The seventh digit: odd for men, even for women, by century of birth."""
    return (1 if year < 1900 else 3 if year < 2000 else 5) + (sex == "F")


def _compose(born: date, sex: str, serial: int) -> str | None:
    eleven = f"{born:%y%m%d}{century_digit(born.year, sex)}{serial:04d}"
    check = check_digit(eleven)
    return None if check is None else f"{eleven}{check}"


def give(born: date, sex: str, block: int, taken: set[str]) -> str:
    """A valid IIN that no other person of the country has; adds it to `taken` (of this block).

    Each block owns its own serials of every (date, sex), so blocks need not know of each other. When a day's
    are used up, the number carries a neighbouring date: dates in an IIN must not be relied on.
    """
    if block >= MAX_BLOCKS:
        raise ValueError("too many blocks for the serials of a birth date")
    day = born
    while True:
        for k in range(SERIALS_A_BLOCK):
            serial = ((block * SERIALS_A_BLOCK + k) * _SCRAMBLE + day.toordinal()) % GIVEN_SERIALS
            iin = _compose(day, sex, serial)
            if iin is not None and iin not in taken:
                taken.add(iin)
                return iin
        day = date.fromordinal(day.toordinal() + 1)


def nobodys(rng: random.Random, born: date, sex: str) -> str:
    """A valid IIN that is never given to anyone."""
    while True:
        iin = _compose(born, sex, rng.randrange(GIVEN_SERIALS, 10_000))
        if iin is not None:
            return iin


def one_digit_error(rng: random.Random, iin: str) -> str:
    """`iin` with one digit changed, at random; passes the check digit about once in eleven."""
    at = rng.randrange(11)
    return iin[:at] + str((int(iin[at]) + rng.randrange(1, 10)) % 10) + iin[at + 1 :]


def passing_digit_error(rng: random.Random, iin: str) -> str | None:
    """`iin` with its 11th digit changed such that the check digit still passes, or `None` if none does."""
    others = [d for d in "0123456789" if d != iin[10]]
    rng.shuffle(others)
    for digit in others:
        wrong = iin[:10] + digit + iin[11]
        if valid(wrong):
            return wrong
    return None
