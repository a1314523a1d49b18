"""What a wrong merge told: entries whose answers held somebody's data while another one's id named them too.

From the graph's history: which keys were the person's when they were merged, whose they became, from which recorded
sequence to which. From the records of then: which categories rest on claims on those keys. From the ledger: which
entries showed the surviving id in between, and any of those categories.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from domain.entries import Shown
from domain.ids import KeyHash, PersonId
from domain.records.catalogue import BY_NUMBER, CATEGORIES
from graph.shapes import DecisionRow
from policy.ledger.reading import MAX_PAGE
from policy.ledger.shapes import Reviewed
from resolvers.gate.parts import GateParts

MERGED = "merged"
SCANNED = 5
"""Pages of the ledger (of MAX_PAGE entries) that one request looks through; the next begins where it ended."""
_DERIVED = frozenset({"membership", "kinship"})
"""Computed from links and memberships of both alike: counted as held."""
_NOBODY = PersonId(0)


@dataclass(frozen=True, slots=True)
class Reached:
    """One page: entries, each with what it showed of the categories concerned. `end`: where the next page begins, None
    if there is none."""

    entries: tuple[tuple[Reviewed, Shown], ...]
    end: bytes | None


@dataclass(frozen=True, slots=True)
class _Span:
    """While `kept` named the person too: from the batch `since` to before the batch `until` (None: to this day)."""

    kept: PersonId
    since: int
    until: int | None

    def holds(self, sequence: int) -> bool:
        return self.since <= sequence and (self.until is None or sequence < self.until)


async def blast_radius(parts: GateParts, dropped: PersonId | None, first: int, after: bytes | None) -> Reached:
    """Entries, newest first, that held data of `dropped`; none if they were never one with another."""
    asked = _NOBODY if dropped is None else dropped
    history = await parts.reader.decisions([asked])
    spans, keys = _spans(asked, history)
    span = spans[-1] if spans else _Span(_NOBODY, 0, 0)
    held = await _held(parts, span, keys)
    found: list[tuple[Reviewed, Shown]] = []
    for _ in range(SCANNED):
        page = await parts.ledger.entries(MAX_PAGE, after, subject=span.kept)
        for entry in page:
            after = entry.position
            shown = _shown(entry, span, held)
            if shown is not None:
                found.append((entry, shown))
                if len(found) == first:
                    return Reached(tuple(found), after)
        if len(page) < MAX_PAGE:
            return Reached(tuple(found), None)
    return Reached(tuple(found), after)


def _spans(dropped: PersonId, history: Sequence[DecisionRow]) -> tuple[list[_Span], frozenset[KeyHash]]:
    """While whom the person was one with another, and which of the keys were theirs."""
    by_key: dict[KeyHash, list[DecisionRow]] = {}
    for row in history:
        by_key.setdefault(row.key, []).append(row)
    spans: set[tuple[int, int, PersonId]] = set()
    keys = set()
    for key, rows in by_key.items():
        for before, row in pairwise(rows):
            if row.reason == MERGED and before.person == dropped:
                keys.add(key)
                back = (r.sequence for r in rows if r.sequence > row.sequence and r.person == dropped)
                spans.add((row.sequence, next(back, -1), row.person))
    ordered = [_Span(kept, since, until if until >= 0 else None) for since, until, kept in sorted(spans)]
    return ordered, frozenset(keys)


async def _held(parts: GateParts, span: _Span, keys: frozenset[KeyHash]) -> frozenset[str]:
    """The categories of the surviving person that rested on claims on the keys, as they were joined and at the end."""
    people = (await parts.reader.facts([span.kept])).people
    numbers = [category.number for category in CATEGORIES]
    claims: dict[bytes, set[str]] = {}
    for at in (span.since, None if span.until is None else span.until - 1):
        rows = await parts.reader.records([span.kept], numbers, at)
        shape = people.get(span.kept)
        records = parts.opener.records(shape, list(rows)) if shape is not None else {}
        for number, record in records.items():
            for item in record.items:
                for claim in item.claims.values():
                    claims.setdefault(claim, set()).add(BY_NUMBER[number].name)
    origins = await parts.reader.origins(sorted(claims))
    theirs = frozenset(name for one in origins if one.key in keys for name in claims[one.claim])
    return theirs | _DERIVED if keys else frozenset()


def _shown(entry: Reviewed, span: _Span, held: Iterable[str]) -> Shown | None:
    """What an entry showed of the surviving person in the categories; None if nothing, or at another time."""
    if not span.holds(entry.header.graph_sequence):
        return None
    concerned = frozenset(held)
    for shown in entry.subjects or ():
        if shown.subject == span.kept:
            categories: Mapping[str, tuple[str, frozenset[str]]] = {
                name: what for name, what in shown.categories.items() if name in concerned
            }
            return replace(shown, categories=dict(categories)) if categories else None
    return None
