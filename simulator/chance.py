"""Chance that repeats: generators and ids derived from what they name."""

from __future__ import annotations

import hashlib
import random


def stream(seed: int, *name: object) -> random.Random:
    """A generator of its own for what `name` names; drawing from it never shifts another."""
    return random.Random(digest(seed, *name))


def digest(seed: int, *name: object) -> int:
    """A 128-bit number derived from the seed and the name alone."""
    text = "\x1f".join(str(part) for part in (seed, *name))
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=16).digest(), "big")


def tag(seed: int, *name: object) -> str:
    """Ten hex digits that name an event's own things (a new household, a new report)."""
    return f"{digest(seed, *name):032x}"[:10]
