"""What intake holds back or doubts, counted and listed for registrars and operators: codes, sources, record numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from docket.dossiers import Held
from docket.port import Docket
from domain.flags import Doubt
from domain.intake_texts import FLAG_TEXT, LANGUAGES, QUARANTINE_TEXT

MOST_LISTED = 10_000
"""Lines that are listed one by one; all of them are counted."""
_AT_ONCE = 500

Line = tuple[str, str, str]
"""Source, code, and the number of a record or the position of a row."""


@dataclass(slots=True)
class Listed:
    """All that is there: counted, and the first of its lines."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    lines: list[Line] = field(default_factory=list)

    @property
    def total(self) -> int:
        """How many there are."""
        return self.counts.total()

    @property
    def more(self) -> int:
        """How many are not among the lines."""
        return self.total - len(self.lines)

    async def take(self, lines: AsyncIterator[Line]) -> Listed:
        """Count lines, and keep the first of them."""
        async for line in lines:
            self.counts[line[:2]] += 1
            if len(self.lines) < MOST_LISTED:
                self.lines.append(line)
        return self


async def quarantined(docket: Docket) -> Listed:
    """Rows in quarantine, source by source, oldest first."""
    return await Listed().take(_rows(docket))


async def flagged(docket: Docket) -> Listed:
    """All flags, those that were raised first before the others."""
    return await Listed().take(_flags(docket))


async def _rows(docket: Docket) -> AsyncIterator[Line]:
    last: Held | None = None
    while page := await docket.quarantined(_AT_ONCE, last):
        for row in page:
            yield row.source, row.reason or "", row.position.hex()
        last = page[-1]


async def _flags(docket: Docket) -> AsyncIterator[Line]:
    place = 0
    while page := await docket.flagged(_AT_ONCE, place):
        for flag in (flag for one in page for flag in one.flags):
            yield flag.source, str(flag.doubt), flag.record_id
        place = page[-1].place


def told(code: str, language: str) -> str:
    """The text of a code; the code itself where there is none."""
    texts = QUARANTINE_TEXT.get(code) or (FLAG_TEXT[Doubt(code)] if code in set(Doubt) else None)
    return texts[LANGUAGES.index(language)] if texts is not None else code
