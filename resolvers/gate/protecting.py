"""Protection as one request saw it, and the last look before its bytes leave."""

from __future__ import annotations

from collections.abc import Iterable

from docket.dossiers import Protection
from docket.port import Docket
from domain.ids import KeyHash


class Watch:
    """Asks the docket and remembers question and answer, so that both can be held against the present at the end."""

    def __init__(self, docket: Docket) -> None:
        self._docket = docket
        self._asked: set[KeyHash] = set()
        self._seen: set[Protection] = set()

    async def protections(self, keys: Iterable[KeyHash]) -> tuple[Protection, ...]:
        """Every protective matter that touches any of the keys."""
        asked = sorted(set(keys))
        found = await self._docket.protection(asked)
        self._asked.update(asked)
        self._seen.update(found)
        return found

    async def unchanged(self) -> bool:
        """Whether the docket still answers all that was asked as it did."""
        return set(await self._docket.protection(sorted(self._asked))) == self._seen
