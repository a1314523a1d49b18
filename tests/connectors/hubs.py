"""A hub of real stores in a folder, with places to break it, and all it knows as plain values to compare."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import aiohttp
import msgspec

from connectors.parts import Parts
from connectors.protocols.access import AgencyAccess
from docket.opening import open_docket
from docket.port import Docket
from docket.store import DocketStore
from domain.claims import ClaimBody
from domain.clock import FixedClock
from domain.entries import Entry
from domain.errors import Unavailable
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
from graph.opening import GraphStore, open_graph
from graph.port import Writer
from graph.shapes import LinkShape
from vault.key_ring import KeyRing
from vault.provider import FileProvider
from vault.unsealing import Unsealer


class Killed(Exception):
    """Stands for the end of the process."""


@dataclass
class Hub:
    """Stores and parts; `ledger` is what was appended, by key."""

    ring: KeyRing
    graph: GraphStore
    docket: DocketStore
    parts: Parts
    ledger: dict[str, Entry] = field(default_factory=dict)

    def breaking(self, where: str, call: int, *, persisted: bool, error: Callable[[], Exception]) -> Parts:
        """Parts that raise `error` at the n-th call of a place: docket, graph, append or settle; after what the call
        does was done if `persisted`, else before.
        """
        left = [call]

        def at(inner: Any) -> Any:
            async def broken(*args: Any) -> Any:
                left[0] -= 1
                if left[0] == 0 and not persisted:
                    raise error()
                answer = await inner(*args)
                if left[0] == 0:
                    raise error()
                return answer

            return broken

        if where == "append":
            return replace(self.parts, append=at(self.parts.append))
        if where == "docket":
            broken = _Broken(self.docket, {"intake": at(self.docket.intake)})
            return replace(self.parts, docket=cast("Docket", broken))
        writer, name = self.graph.writer, {"graph": "write", "settle": "settle"}[where]
        return replace(self.parts, writer=cast("Writer", _Broken(writer, {name: at(getattr(writer, name))})))

    async def known(self) -> dict[str, Any]:
        """Everything in graph, docket and ledger, opened. Equal for two hubs that know the same."""
        people = [person async for page in self.graph.reader.scan() for person in page]
        opened = [await self.person(person) for person in people]
        counts = {f"{source}/{outcome}": n for (source, outcome), n in (await self.docket.counts()).items()}
        ledger = {key: (entry.act, entry.sealed) for key, entry in self.ledger.items()}
        return {"people": opened, "counts": counts, "ledger": ledger}

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


class _Broken:
    def __init__(self, inner: Any, broken: Mapping[str, Any]) -> None:
        self._inner, self._broken = inner, broken

    def __getattr__(self, name: str) -> Any:
        return self._broken.get(name) or getattr(self._inner, name)


def unavailable() -> Exception:
    """The store cannot say."""
    return Unavailable(cause="broken on purpose")


def killed() -> Exception:
    """The process ends here."""
    return Killed()


@asynccontextmanager
async def hub(folder: Path, name: str, url: str, page_size: int = 5) -> AsyncIterator[Hub]:
    """A hub of its own stores under `name`; hubs of one folder share their keys, so that ids compare."""
    ring = KeyRing.open(FileProvider(folder / "keys.json", create=True))
    graph = open_graph(f"sqlite:///{folder}/{name}-graph.db")
    docket = open_docket(f"sqlite:///{folder}/{name}-docket.db", ring, Unsealer(ring))
    await graph.upkeep.migrate()
    await docket.migrate()
    ledger: dict[str, Entry] = {}

    async def append(entry: Entry) -> None:
        ledger.setdefault(entry.key, entry)

    def open_entry(sealed: bytes, label: bytes) -> bytes:
        return Unsealer(ring).unseal_compartment("outbox", sealed, label)

    access = {
        "population": AgencyAccess(url, {"X-Road-Client": "KZ/GOV/KINDRED/HUB"}, page_size=page_size, wait=0.01),
        "tax": AgencyAccess(url, {"X-Api-Key": "k"}, page_size=page_size, wait=0.01),
    }
    async with aiohttp.ClientSession() as session:
        parts = Parts(
            graph.reader, graph.writer, docket, ring, session, access, FixedClock(datetime(2026, 11, 22, tzinfo=UTC)),
            append, open_entry,
        )  # fmt: skip
        yield Hub(ring, graph, docket, parts, ledger)
    await graph.upkeep.close()
    await docket.close()
