"""Where values came from: the claims behind them, opened, as far as the caller may be told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypedDict

from domain.claims import ClaimBody
from domain.ids import PersonId
from domain.records.category import PROVENANCE, Category, Coarse, Field
from domain.records.payload import Item, Value
from graph.port import Reader
from resolvers.gate.cursors import OutwardNames
from resolvers.gate.opening import Opener
from resolvers.views.records import OverruledView, ProvenanceView


class _Place(TypedDict):
    source: str | None
    source_id: str | None
    retrieved_at: str | None
    claim: str | None


@dataclass(frozen=True, slots=True)
class Source:
    """The claim behind a value: whose it is today, from which agency, when the hub recorded it, what it says."""

    person: PersonId
    agency: str
    instant: str
    body: ClaimBody


async def sources(reader: Reader, opener: Opener, claims: Iterable[bytes]) -> dict[bytes, Source]:
    """The sources of claims. One store call, without claims too. Raises Broken if a claim was altered."""
    found = await reader.origins(sorted(set(claims)))
    return {one.claim: Source(one.person, one.source, one.instant, opener.claim(one)) for one in found}


def claims_behind(category: Category, item: Item, names: frozenset[str]) -> Iterator[bytes]:
    """The claims behind the fields of these outward names, overruled ones too."""
    fields = {field.name for _, field, _ in _fields(category, names)}
    yield from (claim for name, claim in item.claims.items() if name in fields)
    yield from (loser.claim for loser in item.losers if loser.field in fields)


class Telling:
    """Tells one caller where the values of one person came from. `told`: the outward fields of provenance allowed."""

    def __init__(
        self, person: PersonId, found: Mapping[bytes, Source], told: frozenset[str], names: OutwardNames
    ) -> None:
        self._person = person
        self._found = found
        self._told = told
        self._names = names

    def of(self, category: Category, item: Item, names: frozenset[str]) -> list[ProvenanceView]:
        """One view for each of the outward names that has a value, in the order of the catalogue.

        What a claim of somebody else's states is left out: a fold and the decisions it rests on change together, so
        that this is never met.
        """
        views = []
        for name, field, coarse in _fields(category, names):
            claim = item.claims.get(field.name)
            if claim is None or not self.knows(claim):
                continue
            value = item.values[field.name]
            losers = [one for one in item.losers if one.field == field.name and self.knows(one.claim)]
            stated = [(_text(one.value, coarse), one.value == value, one.claim) for one in losers]
            views.append(self.line(name, claim, stated))
        return views

    def line(self, name: str, claim: bytes, losers: Iterable[tuple[str, bool, bytes]]) -> ProvenanceView:
        """The view of one field whose value rests on a claim. `losers`: what others state, whether that agrees, and
        their claims. All of them known."""
        overruled = [OverruledView(text, agrees, **self._place(loser)) for text, agrees, loser in losers]
        # The fold has them by recorded version, which a row sent again without change must not show.
        overruled.sort(key=lambda one: (one.source or "", one.source_id or "", one.value, one.agrees))
        return ProvenanceView(name, **self._place(claim), overruled=overruled)

    def knows(self, claim: bytes) -> bool:
        """Whether a claim is there and hangs on a key of the person's."""
        source = self._found.get(claim)
        return source is not None and source.person == self._person

    def _place(self, claim: bytes) -> _Place:
        source, told = self._found[claim], self._told
        return {
            "source": source.agency if "source" in told else None,
            "source_id": source.body.record_id if "source_id" in told else None,
            "retrieved_at": source.instant if "retrieved_at" in told else None,
            "claim": self._names.claim(claim) if "claim" in told else None,
        }


def _fields(category: Category, names: frozenset[str]) -> Iterator[tuple[str, Field, Coarse | None]]:
    for name, (field, coarse) in category.outward().items():
        if name in names and name != PROVENANCE:
            yield name, field, coarse


def _text(value: Value, coarse: Coarse | None) -> str:
    shown = value if coarse is None else coarse.form(value)
    return str(shown).lower() if isinstance(shown, bool) else str(shown)
