"""Two sizes of one store held together: what a reader waits for must not grow with the number of people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

MOST = 1.3
"""The p50 of the larger size as a multiple of that of the smaller one, at most: for cards and kin to depth 4."""
HELD = ("card", "kin to depth 4")


def grown(smaller: Mapping[str, Any], larger: Mapping[str, Any]) -> dict[str, object]:
    """How many times longer each answer takes at the larger size, and whether those that are held keep to it."""
    before, after = smaller["reading"], larger["reading"]
    times = {what: after[what]["p50"] / before[what]["p50"] for what in before}
    return {
        "store": larger["store"],
        "people": [smaller["people"], larger["people"]],
        "p50, times": times,
        "held": all(times[what] <= MOST for what in HELD),
    }
