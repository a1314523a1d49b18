"""How many requests are answered at once. Protective activities keep places of their own: no flood stops a rescue."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from domain.errors import Code, Unavailable
from domain.principals import Principal


class Places:
    """Counts places; waits for none. `open` for all, `reserved` more for protective activities, `each` for an actor."""

    def __init__(self, open_: int, reserved: int, each: int) -> None:
        self._open = open_
        self._reserved = reserved
        self._each = each
        self._of: dict[tuple[str | None, ...], int] = {}
        self.taken = 0

    @contextmanager
    def take(self, *, protective: bool) -> Iterator[None]:
        """A place for the length of the block. Raises Unavailable (TOO_MANY_REQUESTS) if there is none."""
        if self.taken >= self._open + (self._reserved if protective else 0):
            raise _try_again()
        self.taken += 1
        try:
            yield
        finally:
            self.taken -= 1

    @contextmanager
    def attend(self, principal: Principal) -> Iterator[None]:
        """One of an actor's own, from before the body is read until the block ends. Raises as `take`.

        Agents count apart by whom they act for, so that a busy office behind one client is not one actor.
        """
        who = (principal.agency, principal.actor, principal.acting_for)
        under_way = self._of.get(who, 0)
        if under_way >= self._each:
            raise _try_again()
        self._of[who] = under_way + 1
        try:
            yield
        finally:
            self._of[who] -= 1
            if not self._of[who]:
                del self._of[who]


def _try_again() -> Unavailable:
    return Unavailable(Code.TOO_MANY_REQUESTS, fix="try_again_later")
