"""All that the stores know, as plain values to compare: equal for two hubs of one key file that know the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec

from docket.store import DocketStore
from domain.claims import ClaimBody
from domain.ids import PersonId
from domain.links import LinkKind
from domain.records.catalogue import CATEGORIES
from domain.records.fold import Held
from domain.records.payload import (
    LinkTerms,
    MembershipTerms,
    PersonFacts,
    Record,
    claim_label,
    decode,
    facts_label,
    link_label,
    membership_label,
    record_label,
)
from graph.opening import GraphStore
from graph.shapes import LinkShape
from vault.key_ring import KeyRing
from vault.unsealing import Unsealer


@dataclass
class Stored:
    """Open stores and the keys to them."""

    ring: KeyRing
    graph: GraphStore
    docket: DocketStore

    async def people(self) -> list[dict[str, Any]]:
        """Everyone in the graph, opened, in the order of ids."""
        found = [person async for page in self.graph.reader.scan() for person in page]
        return [await self.person(person) for person in found]

    async def counts(self) -> dict[str, int]:
        """How many rows of each source had each outcome."""
        return {f"{source}/{outcome}": n for (source, outcome), n in (await self.docket.counts()).items()}

    async def held(self, person: PersonId) -> list[Held]:
        """A person's claims, opened."""
        unsealer, decoder = Unsealer(self.ring), msgspec.msgpack.Decoder(ClaimBody)
        claims = (await self.graph.writer.claims([person]))[person]
        held = []
        for row in claims.claims:
            plain = unsealer.unseal(claims.keys[row.key], row.sealed, claim_label(row.claim))
            held.append(Held(row.claim, row.key, row.kind, decoder.decode(plain)))
        return held

    async def person(self, person: PersonId) -> dict[str, Any]:
        """All that is stored about a person, opened."""
        reader, unsealer = self.graph.reader, Unsealer(self.ring)
        shape = (await reader.facts([person])).people[person]

        def opened(kind: type[Any], sealed: bytes, label: bytes) -> Any:
            return decode(kind, unsealer.unseal(shape.wrapped, sealed, label))

        records = await reader.records([person], [c.number for c in CATEGORIES])
        links = (await reader.links([person], frozenset(LinkKind))).links
        return {
            "person": person,
            "keys": sorted(shape.keys),
            "facts": opened(PersonFacts, shape.facts, facts_label(person)),
            "claims": sorted((held.claim, held.body) for held in await self.held(person)),
            "records": {r.category: opened(Record, r.sealed, record_label(person, r.category)) for r in records},
            "memberships": [
                (m.household, opened(MembershipTerms, m.sealed, membership_label(person, m.household)))
                for m in shape.memberships
            ],
            "links": [(link.other, link.kind, link.outgoing, _terms(unsealer, link)) for link in links],
        }


def _terms(unsealer: Unsealer, link: LinkShape) -> LinkTerms:
    return decode(LinkTerms, unsealer.unseal(link.wrapped, link.sealed, link_label(link.key, link.kind)))
