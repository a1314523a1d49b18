"""From records to what is served: errors of rows, corrections, late rows, repeats."""

from __future__ import annotations

import random
from collections.abc import Set
from dataclasses import dataclass
from datetime import date
from typing import Any

from simulator.agencies.draft import Body, Cards, Draft
from simulator.errors import rates
from simulator.errors.evidence import TrueCards, wrong_date
from simulator.numbering import key_of, person_id
from simulator.world.model import Block


@dataclass(slots=True)
class Emission:
    """One version of a record to be served: `delay` blocks after its own; `repeats` more times."""

    stream: str
    record: str
    version: int
    body: Body
    errors: list[dict[str, Any]]
    truth: dict[str, str]
    delay: int = 0
    repeats: int = 0


#: Where each stream's rows carry an event date, the first that is present.
_DATES = ("deathDate", "event_date", "deceasedDateTime", "onsetDateTime", "occurredOn", "from")


class Mistakes:
    """The mistakes of one stream of one block."""

    def __init__(
        self, block: Block, rng: random.Random, scale: float, clean: Set[int], wrong: Cards, true: TrueCards
    ) -> None:  # fmt: skip
        self._block, self._rng, self._scale, self._clean = block, rng, scale, clean
        self._wrong, self._true = wrong, true

    def emissions(self, draft: Draft) -> list[Emission]:
        """The versions of one record, in order. A row that names a clean person carries no error of rows."""
        cards = [self._wrong.card(person) for person in draft.people]
        truth = {c.number: person_id(key_of(c.number)) for c in cards}
        body = draft.make(self._wrong)
        errors = [e for c in cards for e in c.errors] if draft.evidence else []
        first = Emission(draft.stream, draft.record, 1, body, errors, truth)
        if draft.stream == "casework" or not self._scale or not self._clean.isdisjoint(draft.people):
            return [first]
        self._spoil(first)
        rng = self._rng
        if rng.random() < rates.LATE * self._scale:
            first.delay = rng.randrange(*rates.LATE_BLOCKS)
            first.errors.append({"kind": "late", "field": None, "blocks": first.delay})
        if rng.random() < rates.DUPLICATED * self._scale:
            first.repeats = 1
        if first.errors and rng.random() < rates.CORRECTED and any(e["kind"] != "late" for e in first.errors):
            later = first.delay + rng.randrange(*rates.LATE_BLOCKS)
            return [first, Emission(draft.stream, draft.record, 2, draft.make(self._true), [], truth, later)]
        return [first]

    def _spoil(self, row: Emission) -> None:
        """Event dates that are impossible or contradict other agencies, deaths not heard of."""
        field = next((f for f in _DATES if row.body.get(f)), None)
        draw = self._rng.random()
        if field is None:
            return
        true = row.body[field]
        if draw < rates.IMPOSSIBLE_DATE * self._scale:
            row.body[field] = self._rng.choice((f"{true[:4]}-02-30", f"{true[:4]}-13-05", f"{true[:4]}-00-11"))
            row.errors.append({"kind": "impossible_date", "field": field})
        elif draw < (rates.IMPOSSIBLE_DATE + rates.CONTRADICTORY) * self._scale:
            row.body[field] = wrong_date(self._rng, date.fromisoformat(true)).isoformat()
            row.errors.append({"kind": "contradictory", "field": field, "was": true})
        elif draw > 1 - rates.DEATH_UNKNOWN * self._scale and field in ("deathDate", "deceasedDateTime"):
            if field == "deathDate":
                row.body[field] = None
            else:
                del row.body[field]
            row.errors.append({"kind": "death_unknown", "field": field})
