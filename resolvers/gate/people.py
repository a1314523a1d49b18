"""People as one request saw them: each read once, each opened once, and held against the present at the end."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
import structlog

from domain.errors import Broken, Unavailable
from domain.ids import HouseholdId, PersonId
from graph.port import Reader
from graph.shapes import Facts, PersonShape
from resolvers.gate.opening import Opener, OpenPerson

_log = structlog.get_logger(__name__)


class People:
    """Shapes and opened people for the length of one request.

    A request asks about the same people at several depths: the caller's case, the person they name, the household.
    Whoever is known already is not read again; the calls are the same all the same, with fewer ids or none in them.
    Because of that, and because the docket is asked by the keys that were read here, `unchanged` belongs to the last
    look: what was decided by the keys of a moment ago must not leave beside records of now.

    Who cannot be opened is no error here: an error would tell that they are. They are to be taken for hidden, and for
    under a grade wherever they may be.
    """

    def __init__(self, reader: Reader, opener: Opener) -> None:
        self._reader = reader
        self._opener = opener
        self._sequence: int | None = None
        self._asked: dict[PersonId, PersonShape | None] = {}
        self._around: dict[PersonId, PersonShape] = {}
        self._households: dict[HouseholdId, tuple[PersonId, ...]] = {}
        self._open: dict[PersonId, tuple[int, OpenPerson | None]] = {}
        self._damaged: set[PersonId] = set()

    async def begin(self) -> None:
        """Note how far the graph is, before anybody is asked about; a second call asks nothing."""
        if self._sequence is None:
            self._sequence = await self._reader.sequence()

    async def facts(self, ids: Iterable[PersonId]) -> Facts:
        """Facts of the people. What it gives of those around may be more than theirs, never less.

        Unavailable if they are older than the graph was before they were asked for: a grade that was taken in since
        would not reach whom it is over.
        """
        asked = sorted(set(ids))
        await self.begin()
        fresh = [i for i in asked if i not in self._asked]
        found = await self._reader.facts(fresh)
        if found.at is not None and self._sequence is not None and found.at < self._sequence:
            raise Unavailable(cause="facts older than the graph")
        self.met(fresh, found)
        people = {i: shape for i in asked if (shape := self._asked[i]) is not None}
        return Facts(people, self._around, self._households)

    def met(self, asked: Iterable[PersonId], found: Facts) -> None:
        """Remember what a call told of the people it was asked about; what was told first stays."""
        for person in asked:
            self._asked.setdefault(person, found.people.get(person))
        for other, shape in found.around.items():
            self._around.setdefault(other, shape)
        for household, people in found.households.items():
            self._households.setdefault(household, people)

    def absent(self, ids: Iterable[PersonId]) -> frozenset[PersonId]:
        """Those of the ids, all asked about before, that name nobody."""
        return frozenset(person for person in ids if self._asked.get(person) is None)

    def today_of(self, person: PersonId) -> PersonId:
        """Whom an id that was asked about names today; itself if nobody."""
        shape = self._asked.get(person)
        return person if shape is None else shape.person

    def open(self, shape: PersonShape) -> OpenPerson | None:
        """The person of a shape, opened; None if their key or memberships cannot be."""
        known = self._open.get(shape.person)
        if known is None or known[0] != shape.version:
            known = self._open[shape.person] = (shape.version, self._opened(shape))
        return known[1]

    def whole(self, shape: PersonShape) -> OpenPerson | None:
        """As `open`, with facts that can be opened too: somebody about whom can be decided."""
        one = self.open(shape)
        try:
            if one is not None:
                one.open_facts()
        except (Broken, msgspec.MsgspecError):
            self._tell(shape)
            return None
        return one

    def _opened(self, shape: PersonShape) -> OpenPerson | None:
        try:
            return self._opener.person(shape)
        except (Broken, msgspec.MsgspecError):
            self._tell(shape)
            return None

    def _tell(self, shape: PersonShape) -> None:
        """Tell the operator, once a request and person, and without saying who."""
        if shape.person not in self._damaged:
            self._damaged.add(shape.person)
            _log.error("a person of the graph cannot be opened and is hidden from everyone")

    async def unchanged(self) -> bool:
        """Whether everyone whom the request asked about is still as they were read.

        Reads them again only if anything at all was written to the graph meanwhile.
        """
        if self._sequence is None or await self._reader.sequence() == self._sequence:
            return True
        now = await self._reader.facts(sorted(self._asked))
        return (
            all(_same(shape, now.people.get(person)) for person, shape in self._asked.items())
            and all(_same(self._around.get(other), shape) for other, shape in now.around.items())
            and all(self._households.get(household) == people for household, people in now.households.items())
        )


def _same(before: PersonShape | None, now: PersonShape | None) -> bool:
    if before is None or now is None:
        return before is now
    return before.version == now.version and before.keys == now.keys and before.parents == now.parents
