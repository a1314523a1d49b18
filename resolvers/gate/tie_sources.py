"""Where memberships and links came from: the claims behind them, opened, as far as the caller may be told.

A membership is its person's alone. A link is two people's: where it came from is told only where that may be told of
both, and is noted of both. One store call for all of them, also where nothing may be told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from domain.claims import ClaimBody
from domain.entries import Reach
from domain.records.catalogue import KINSHIP, MEMBERSHIP
from domain.records.category import PROVENANCE
from domain.records.payload import Item, Loser, Value
from resolvers.gate.cursors import OutwardNames
from resolvers.gate.known import Known
from resolvers.gate.opening import OpenMembership
from resolvers.gate.parts import GateParts
from resolvers.gate.provenance import Telling, sources
from resolvers.gate.relations import Relation
from resolvers.views.records import ProvenanceView

if TYPE_CHECKING:
    from resolvers.gate.gate import Gate

Stay = tuple[Known, OpenMembership]
Tie = tuple[Known, Relation]
"""A link with the person from whom it was followed."""
Lines = list[ProvenanceView]
_RELATION = "relation"


class TieSources:
    """One gate's telling of where memberships and links came from."""

    def __init__(self, gate: Gate, parts: GateParts, outward: OutwardNames) -> None:
        self._gate = gate
        self._parts = parts
        self._outward = outward

    async def of_stays(self, stays: Sequence[Stay], names: frozenset[str]) -> list[Lines | None]:
        """For each membership a line for each of the fields that has a value; None where it may not be told, or is not
        known: payloads of earlier versions do not say."""
        told = [bool(self._gate.disclose(known, MEMBERSHIP.name, {PROVENANCE})) for known, _ in stays]
        behind = {claim for (_, stay), may in zip(stays, told, strict=True) if may for claim in stay.claims}
        found = await sources(self._parts.reader, self._parts.opener, behind)
        lines: list[Lines | None] = []
        for (known, stay), may in zip(stays, told, strict=True):
            telling = Telling(known.person, found, self._gate.showing.origin(known), self._outward)
            item = _item(stay, {claim: found[claim].body for claim in stay.claims if claim in found})
            lines.append(telling.of(MEMBERSHIP, item, names) if may and stay.claims else None)
        return lines

    async def of_ways(self, ways: Iterable[Sequence[Tie]]) -> dict[Relation, ProvenanceView]:
        """For each link its line, named by what it makes of the far person; absent where it may not be told of somebody
        on the way, or is not known. A way is told whole or not at all."""
        whole = [way for way in ways if all(self._tells(known) for near, link in way for known in (near, link.far))]
        may = {link: (near, link) for way in whole for near, link in way}
        behind = {relation: self._parts.opener.link(relation.link).claims for relation in may}
        found = await sources(self._parts.reader, self._parts.opener, {c for claims in behind.values() for c in claims})
        lines = {}
        for relation, (near, _) in may.items():
            for known in (near, relation.far):
                self._note(known)
            shown = self._gate.showing.origin(near) & self._gate.showing.origin(relation.far)
            stating = relation.link.person if relation.link.outgoing else relation.link.other
            telling = Telling(stating, found, shown, self._outward)
            claims = [claim for claim in behind[relation] if telling.knows(claim)]
            if claims and claims[0] == behind[relation][0]:
                said = found[claims[0]].body
                losers = [(relation.name, _agrees(said, found[claim].body), claim) for claim in claims[1:]]
                lines[relation] = telling.line(_RELATION, claims[0], losers)
        return lines

    def _tells(self, known: Known) -> bool:
        return bool(self._gate.permitted(known, KINSHIP, {PROVENANCE})[0])

    def _note(self, known: Known) -> None:
        self._gate.notes.shown(known.person, Reach.OPENED if self._gate.on_case(known) else Reach.LISTED)
        self._gate.disclose(known, KINSHIP.name, {PROVENANCE})


def _item(stay: OpenMembership, said: Mapping[bytes, ClaimBody]) -> Item:
    """A membership as an item of a record: its values, the claim behind them, what others state of it."""
    values: dict[str, Value] = {"role": stay.role}
    values |= {name: day for name, day in (("since", stay.since), ("until", stay.until)) if day is not None}
    losers = [
        Loser(name, value, claim)
        for claim in stay.claims[1:]
        if claim in said
        for name, value in _stated(said[claim])
        if name in values
    ]
    return Item(values, dict.fromkeys(values, stay.claims[0]) if stay.claims else {}, tuple(losers))


def _stated(body: ClaimBody) -> Iterator[tuple[str, Value]]:
    yield "role", body.role or "other"
    if body.since is not None:
        yield "since", body.since
    if body.until is not None:
        yield "until", body.until


def _agrees(one: ClaimBody, other: ClaimBody) -> bool:
    """Whether no date that both state of a link differs: which dates these are is not told."""
    pairs = ((one.since, other.since), (one.until, other.until))
    return all(a is None or b is None or a == b for a, b in pairs)
