"""Tokens verified a moment ago: checking a signature costs twenty times what looking it up does."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime

from domain.principals import Principal


@dataclass(frozen=True, slots=True)
class _Kept:
    principal: Principal
    since: datetime
    until: datetime


class Remembered:
    """A bounded memory from the SHA-256 of a token to its principal; the least recently used goes first.

    Only what the token itself says is kept: no decision, no fact about anyone. An entry serves from `since` until
    before `until`; a clock that was set back makes it unusable rather than long-lived.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._kept: OrderedDict[bytes, _Kept] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, digest: bytes, now: datetime) -> Principal | None:
        """The principal remembered under a token's digest, if it may still serve."""
        kept = self._kept.get(digest)
        if kept is None:
            return None
        if not kept.since <= now < kept.until:
            del self._kept[digest]
            return None
        self._kept.move_to_end(digest)
        return kept.principal

    def put(self, digest: bytes, principal: Principal, since: datetime, until: datetime) -> None:
        """Remember a principal; makes room by forgetting."""
        self._kept[digest] = _Kept(principal, since, until)
        self._kept.move_to_end(digest)
        while len(self._kept) > self._size:
            self._kept.popitem(last=False)
