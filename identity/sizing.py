"""How many people a model weighs for, and whether a store holds about as many. Pure.

A claim's person is one of those who are known: the more there are, the more of them agree with it by chance. A model's
prior is one in as many people as it weighs for; ids of people are spread evenly, so that a few tell how many there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

SAMPLE = 1000
"""So many of the smallest ids tell how many there are, give or take a tenth."""
FAR_OFF = 4.0
"""A store that is so many times as large or as small as the model weighs for is weighed two bits wrong."""


class Sized(NamedTuple):
    """How many people there are, about, and how many the model weighs for."""

    there: int
    weighed_for: int


def estimated(smallest: Sequence[int], size: int, bits: int) -> int:
    """How many ids there are, from the smallest ones in ascending order, evenly spread over so many bits.

    `size`: how many were asked for; if fewer came they are all.
    """
    if len(smallest) < size:
        return len(smallest)
    return round((size - 1) * 2.0**bits / smallest[-1])


def is_far_off(sized: Sized) -> bool:
    """Whether the model should be told how many there are. A store that is only beginning to fill says nothing."""
    if sized.there >= sized.weighed_for * FAR_OFF:
        return True
    return sized.there >= SAMPLE and sized.there * FAR_OFF <= sized.weighed_for
