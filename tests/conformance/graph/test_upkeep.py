"""Upkeep, and the three protocols being three objects."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.errors import Unavailable
from domain.links import LinkKind
from graph.opening import GraphStore
from tests.conformance.graph.factories import Factory
from tests.conformance.graph.making import batch, ids, person

_PUBLIC = {
    "reader": {
        "sequence",
        "sequence_at",
        "find",
        "owners",
        "search",
        "facts",
        "households",
        "links",
        "ties",
        "records",
        "lineage",
        "origins",
        "former",
        "decisions",
        "suppressed",
        "memberships",
        "scan",
    },
    "writer": {"write", "claims", "cursor", "pending", "settle"},
    "upkeep": {"migrate", "ready", "forget", "rekey", "dump", "load", "close"},
}


async def test_migrating_again_changes_nothing(store: GraphStore) -> None:
    await store.writer.write(batch(person(1)))
    layout = await store.upkeep.migrate()
    assert await store.upkeep.migrate() == layout
    assert await store.upkeep.ready()
    assert list((await store.reader.facts(ids(1))).people) == [1]


async def test_after_close_everything_is_unavailable(factory: Factory, tmp_path: Path) -> None:
    async with factory(tmp_path) as store:
        await store.writer.write(batch(person(1)))
        await store.upkeep.close()
        await store.upkeep.close()
        assert not await store.upkeep.ready()
        calls = [
            store.reader.sequence(),
            store.reader.facts(ids(1)),
            store.reader.links(ids(1), frozenset(LinkKind)),
            store.writer.write(batch()),
            store.writer.claims(ids(1)),
            store.writer.settle([]),
            store.upkeep.migrate(),
        ]
        for call in calls:
            with pytest.raises(Unavailable):
                await call


@pytest.mark.parametrize("part", sorted(_PUBLIC))
def test_each_part_offers_its_own_protocol_and_nothing_else(store: GraphStore, part: str) -> None:
    assert {name for name in dir(getattr(store, part)) if not name.startswith("_")} == _PUBLIC[part]


def test_no_part_leads_to_another(store: GraphStore) -> None:
    parts = {name: getattr(store, name) for name in _PUBLIC}
    for name, part in parts.items():
        others = {id(other) for label, other in parts.items() if label != name}
        seen, waiting = set(), list(vars(part).values())
        while waiting:
            thing = waiting.pop()
            if id(thing) in seen:
                continue
            seen.add(id(thing))
            waiting += thing if isinstance(thing, list | tuple | set) else list(getattr(thing, "__dict__", {}).values())
        assert not seen & others
