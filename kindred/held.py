"""What intake holds back or doubts, counted and listed for registrars and operators: codes, sources, record numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from docket.dossiers import Held
from docket.port import Docket
from domain.flags import Doubt, Flag
from domain.intake_texts import FLAG_TEXT, LANGUAGES, QUARANTINE_TEXT

MOST_ROWS = 100_000
"""Rows in quarantine that are counted."""
_AT_ONCE = 500

Counts = Mapping[tuple[str, str], int]
"""(source, code) → how many."""


async def quarantined(docket: Docket) -> Sequence[Held]:
    """Rows in quarantine, oldest first, at most `MOST_ROWS`."""
    return await docket.quarantined(MOST_ROWS)


async def flags(docket: Docket) -> Sequence[Flag]:
    """All flags, those that were raised first before the others."""
    found: list[Flag] = []
    page = await docket.flagged(_AT_ONCE)
    while page:
        found.extend(flag for one in page for flag in one.flags)
        page = await docket.flagged(_AT_ONCE, page[-1].place)
    return found


def quarantine_counts(rows: Sequence[Held]) -> Counts:
    """How many rows of each source are held for each reason."""
    return Counter((row.source, row.reason or "") for row in rows)


def flag_counts(found: Sequence[Flag]) -> Counts:
    """How many flags rest on records of each source, for each doubt."""
    return Counter((flag.source, str(flag.doubt)) for flag in found)


def told(code: str, language: str) -> str:
    """The text of a code; the code itself where there is none."""
    texts = QUARANTINE_TEXT.get(code) or (FLAG_TEXT[Doubt(code)] if code in set(Doubt) else None)
    return texts[LANGUAGES.index(language)] if texts is not None else code
