"""How many requests are answered at once. Protective activities keep places of their own: no flood stops a rescue."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from domain.errors import Code, Unavailable


class Places:
    """Counts places; waits for none. `open` for all, `reserved` more for protective activities."""

    def __init__(self, open_: int, reserved: int) -> None:
        self._open = open_
        self._reserved = reserved
        self.taken = 0

    @contextmanager
    def take(self, *, protective: bool) -> Iterator[None]:
        """A place for the length of the block. Raises Unavailable (TOO_MANY_REQUESTS) if there is none."""
        if self.taken >= self._open + (self._reserved if protective else 0):
            raise Unavailable(Code.TOO_MANY_REQUESTS, fix="try_again_later")
        self.taken += 1
        try:
            yield
        finally:
            self.taken -= 1
