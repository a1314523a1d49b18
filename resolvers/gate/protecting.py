"""Protection as one request saw it, and the last look before its bytes leave."""

from __future__ import annotations

from collections.abc import Iterable

from docket.dossiers import Protection
from docket.port import Docket
from domain.claims import ProtectiveKind
from domain.ids import KeyHash

_Meaning = tuple[object, ...]
_NOTHING: frozenset[_Meaning] = frozenset()


class Watch:
    """Asks the docket and remembers what it said of each key, so that all of it can be held against the present.

    A request asks about the same people at several depths. What stood at the first of them must still stand at the
    last, or earlier parts of the answer were decided under a protection that later ones already contradict.
    """

    def __init__(self, docket: Docket) -> None:
        self._docket = docket
        self._seen: dict[KeyHash, frozenset[_Meaning]] = {}
        self._torn = False

    async def protections(self, keys: Iterable[KeyHash]) -> tuple[Protection, ...]:
        """Every protective matter that touches any of the keys."""
        asked = sorted(set(keys))
        found = await self._docket.protection(asked)
        for key, said in _by_key(asked, found).items():
            self._torn |= self._seen.setdefault(key, said) != said
        return found

    async def unchanged(self) -> bool:
        """Whether the docket said the same of each key whenever it was asked, and says so still."""
        asked = sorted(self._seen)
        found = await self._docket.protection(asked)
        return not self._torn and _by_key(asked, found) == self._seen


def _by_key(asked: Iterable[KeyHash], found: Iterable[Protection]) -> dict[KeyHash, frozenset[_Meaning]]:
    said = dict.fromkeys(asked, _NOTHING)
    for matter in found:
        meaning = frozenset({_meaning(matter)})
        for key in matter.keys:
            if key in said:
                said[key] |= meaning
    return said


def _meaning(matter: Protection) -> _Meaning:
    """What a matter says of each of its keys.

    Not which keys a grade covers: one that cannot be read comes over whichever keys led to it, so over others at each
    question.
    """
    sides = () if matter.kind is ProtectiveKind.GRADE else matter.sides
    return (matter.kind, matter.grade, matter.status, sides)
