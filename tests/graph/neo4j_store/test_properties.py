"""The closed list of what stands in the database in clear."""

from __future__ import annotations

from dataclasses import replace

from domain.ids import PersonId
from domain.links import LinkKind
from graph.neo4j_store.properties import CLEAR, KEYED, SEALED
from graph.opening import GraphStore
from graph.shapes import Batch, Move, Redecision
from tests.conformance.graph.making import batch, claim, decided, hashed, ids, link, member, person
from tests.graph.neo4j_store.inside import ask, everything
from tests.servers.neo4j.server import Neo4jServer

_CLEAR_TYPES = (int, str, bool)


def _everywhere() -> list[Batch]:
    """Batches that leave a trace in every place that there is, what they replace included."""
    records = dict.fromkeys(range(16), b"r")
    first = replace(
        person(1, records=records, homes=[5], searches=["s"], nationals=["n"]),
        links=(link(1, 2, LinkKind.GUARDIAN, "k"),),
    )
    joined = batch(person(2, 1, links=[], homes=[]))
    return [
        batch(first, person(2), keys=[decided("k", 1), decided("k2", 2)], claims=[claim("c", "k"), claim("d", "x")]),
        batch(replace(first, base=1, wrapped=None, memberships=(member(1, 6),)), cursor=("civil", b"c"), outbox=["e"]),
        replace(
            joined,
            redecisions=(Redecision(hashed("k2"), PersonId(2), PersonId(1), "merged"),),
            moves=(Move(PersonId(2), PersonId(1)),),
            people=(*joined.people, replace(first, base=2, wrapped=None, links=())),
        ),
        batch(replace(first, base=3, wrapped=None, links=(link(1, 7, LinkKind.GUARDIAN, "k"),))),
    ]


async def test_every_property_is_clear_keyed_or_sealed(store: GraphStore, server: Neo4jServer) -> None:
    for one in _everywhere():
        await store.writer.write(one)
    await store.upkeep.forget(ids(99), [hashed("mark")])
    ask(server, "MATCH (m:Meta) SET m.loading = true")
    there = {name: sorted(properties) for name, properties in everything(server).items()}
    # Sorted lists and not sets: a property on two lists counts as wrong.
    declared = {
        name: sorted([*CLEAR.get(name, ()), *KEYED.get(name, ()), *SEALED.get(name, ())])
        for name in {*CLEAR, *KEYED, *SEALED}
    }
    assert there == declared


async def test_keyed_and_sealed_properties_hold_bytes_and_clear_ones_none_but_wrapped_keys(
    store: GraphStore, server: Neo4jServer
) -> None:
    for one in _everywhere():
        await store.writer.write(one)
    for name, properties in everything(server).items():
        for key, values in properties.items():
            hidden = key in KEYED.get(name, ()) or key in SEALED.get(name, ())
            wanted = (bytes,) if hidden or key == "wrapped" else _CLEAR_TYPES
            assert all(isinstance(value, wanted) for value in values), (name, key)
