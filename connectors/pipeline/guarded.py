"""Beside the candidates: which of the keys in hand a protective matter reaches."""

from __future__ import annotations

from collections.abc import Sequence

from connectors.parts import Looking
from connectors.pipeline.candidates import Known
from connectors.pipeline.validate import Checked
from connectors.pipeline.weighing import protected_keys
from domain.ids import KeyHash


async def guarded(parts: Looking, rows: Sequence[Checked], known: Known) -> frozenset[KeyHash]:
    """The hashes under protection among those of everyone in hand: what the docket holds, and what the rows bring.

    One question whatever there is. It is asked of nobody where nothing has to be weighed. A grade counts for its whole
    page, so that a page that is taken in again after a kill, when the docket has it already, is judged alike.
    """
    asked: set[KeyHash] = set()
    if known.weighed:
        asked.update(known.keys.values(), known.nationals.values())
        for opened in known.people.values():
            asked.update(opened.keys, opened.nationals)
    held = protected_keys(await parts.docket.protection(sorted(asked)))
    hasher = parts.ring.hasher
    brought: set[KeyHash] = set()
    for row in rows if known.weighed else ():
        for matter in (*row.grades, *(row.said.protective if row.said is not None else ())):
            brought.update(hasher.source_key(key) for key in matter.keys)
            brought.update(hasher.national(iin) for iin in matter.national_ids if iin is not None)
    return held | brought
