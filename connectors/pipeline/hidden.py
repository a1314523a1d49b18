"""Whom a grade hides, as matching has it."""

from __future__ import annotations

from dataclasses import dataclass

from domain.ids import KeyHash


@dataclass(frozen=True, slots=True)
class Hidden:
    """Hashes of the people in hand whom a grade hides.

    `own`: of those on whom one hangs. `by_others`: of those whom one reaches through a parent, a guardian or a present
    co-resident; hashes of `own` may be among them.
    """

    own: frozenset[KeyHash] = frozenset()
    by_others: frozenset[KeyHash] = frozenset()


NOBODY = Hidden()
