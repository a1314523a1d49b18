"""After `kindred erase` nothing of the person is in anything that the store holds, also after everything came again.

The person has moved, changed, lost a link and was merged with another before, so that there are past versions of all.
The same search finds each kind of trace before; of everybody else nothing changes, at no earlier sequence either.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from docket.dossiers import Outcome
from domain.ids import PersonId, SourceKey
from domain.records.catalogue import CATEGORIES
from tests.connectors.hubs import Hub
from tests.connectors.identity.orders import merged
from tests.connectors.rows import iin, person, relation, stay
from tests.connectors.serving import Agencies
from tests.kindred.filled import Filled, filled, opened
from tests.kindred.graphs import Graph, Place, contents
from tests.kindred.hubs import settings_in
from tests.kindred.test_erase import anew, erase

PEOPLE, GONE, ALSO, CHILD = 8, 4, 5, 2
KINDS = (
    "key",
    "decision_past",
    "moved",
    "person",
    "national",
    "search",
    "claim",
    "record",
    "record_past",
    "link",
    "link_past",
    "membership",
    "membership_past",
)
"""Tables of a dump that hold something of a person; the first traces of each must be found before."""
MARKS: frozenset[Place] = frozenset({("Mark", "hash"), ("mark", "hash")})
_ALL = [category.number for category in CATEGORIES]


def rows() -> list[Any]:
    """A parent, who is somebody's ward too, and strangers."""
    found: list[Any] = [person(n) for n in range(PEOPLE)]
    found[CHILD] = person(CHILD, relations=[relation("responsibility", GONE)])
    found[GONE] = person(GONE, relations=[relation("guardian", 0), relation("responsibility", 1)])
    return found


def later() -> list[Any]:
    """Everybody's second version: they have moved, and who was the ward of two is the ward of one."""
    found = [
        person(n, version=2, patronymic="Серікұлы", registrations=[stay(n, household=f"HH-{n}")]) for n in range(8)
    ]
    found[CHILD] |= {"relations": [relation("responsibility", GONE), relation("guardian", 7)]}
    found[GONE] |= {"relations": [relation("guardian", 0)]}
    return found


async def owners(one: Filled) -> dict[int, PersonId | None]:
    """Who each of the register's people is."""
    keys = {n: one.stores.ring.hasher.source_key(SourceKey("population", f"PR-{n:06d}")) for n in range(PEOPLE)}
    found = await one.stores.graph.reader.owners(list(keys.values()))
    return {n: found.get(key) for n, key in keys.items()}


async def traces(one: Filled, ids: set[PersonId], keys: set[Any]) -> dict[str, set[Any]]:
    """What stands for some people, by the table of the dump that tells of it: ids, hashes, wrapped keys, ciphertext."""
    mine: dict[str, set[Any]] = {kind: set() for kind in KINDS}
    theirs: set[Any] = set()
    async for page in one.stores.graph.upkeep.dump():
        for row in page.rows:
            told = set(_told(page.table, row))
            if ids.isdisjoint(row) and keys.isdisjoint(row):
                theirs |= told
            elif page.table in mine:
                mine[page.table] |= told | ids.intersection(row)
    return {kind: found - theirs for kind, found in mine.items()}


def _told(table: str, row: tuple[Any, ...]) -> Iterator[Any]:
    """The bytes of a row, and the household; of a link what is sealed, as its key may be somebody else's."""
    if table.startswith("link"):
        yield row[-1]
        return
    yield from (value for value in row if isinstance(value, bytes))
    if table.startswith("membership"):
        yield row[2 if table == "membership" else 4]


def found(held: dict[Place, list[Any]], wanted: set[Any]) -> dict[Any, set[Place]]:
    """Where each of the wanted stands: as a value, packed into a number with a category, or as a part of bytes."""
    numbers: dict[Any, set[Place]] = {}
    joined: dict[Place, bytes] = {}
    for place, values in held.items():
        joined[place] = b"\0".join(value for value in values if isinstance(value, bytes))
        for value in values:
            assert isinstance(value, int | str | bytes | bool | None), place
            if isinstance(value, int):
                for number in (value, value >> 4):
                    numbers.setdefault(number, set()).add(place)
    there: dict[Any, set[Place]] = {}
    for trace in wanted:
        raw = trace if isinstance(trace, bytes) else trace.to_bytes(8)
        places = {place for place, all_bytes in joined.items() if raw in all_bytes}
        if not isinstance(trace, bytes):
            places |= numbers.get(trace, set())
        if places:
            there[trace] = places
    return there


async def others(one: Filled, until: int) -> dict[int, Any]:
    """All that is known of everybody else, today and after each batch up to one; links to who is gone left out."""
    reader, known = one.stores.graph.reader, {}
    owned = await owners(one)
    left = {n: who for n, who in owned.items() if n not in (GONE, ALSO) and who is not None}
    assert len(left) == PEOPLE - 2
    for n, who in left.items():
        today = await one.stored.person(who)
        today["links"] = [link for link in today["links"] if link[0] in left.values()]
        past = [
            (await reader.records([who], _ALL, at), await reader.memberships([who], at)) for at in range(1, until + 1)
        ]
        known[n] = (today, past)
    return known


def test_nothing_of_an_erased_person_is_left(
    tmp_path: Path, graph: Graph, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    agencies, wanted, before, until = asyncio.run(_before(tmp_path, graph))
    everything = set[Any]().union(*wanted.values())
    held = found(contents(tmp_path, graph), everything)
    # The control: the same search finds each trace before.
    assert set(held) == everything
    assert {kind: len(wanted[kind]) for kind in KINDS if not wanted[kind]} == {}
    assert erase(monkeypatch, tmp_path, graph, iin(GONE)) == 0
    assert capsys.readouterr().out == "erased; 0 held rows struck, 2 linked people derived anew\n"
    asyncio.run(_after(tmp_path, graph, agencies, everything, before, until))


async def _before(folder: Path, graph: Graph) -> tuple[Agencies, dict[str, set[Any]], dict[int, Any], int]:
    """A hub in which two were made one, and what stands for them."""
    async with filled(folder, rows(), **graph) as one:
        two = await owners(one)
        one.agencies.population += later()
        assert (await one.pull()).outcomes[Outcome.ACCEPTED] == PEOPLE
        stores, hasher = one.stores, one.stores.ring.hasher
        gone, also = two[GONE], two[ALSO]
        assert gone is not None and also is not None
        await merged(Hub(stores.ring, stores.graph, stores.docket, one.parts), gone, also)
        names = {hasher.source_key(SourceKey("population", f"PR-{n:06d}")) for n in (GONE, ALSO)}
        until = await stores.graph.reader.sequence()
        before = await others(one, until)
        return one.agencies, await traces(one, {gone, also}, names), before, until


async def _after(
    folder: Path, graph: Graph, agencies: Agencies, wanted: set[Any], before: dict[int, Any], until: int
) -> None:
    """Erased, and then everything pulled again."""
    async with opened(settings_in(folder, **graph), agencies) as one:
        for pulled in (False, True):
            if pulled:
                summary = await anew(one)
                # The two rows of one source key name nobody else; of the other's, what they say of others comes in.
                assert (summary.rows, summary.outcomes[Outcome.SUPPRESSED]) == (2 * PEOPLE, 2)
            left = found(contents(folder, graph), wanted)
            assert {place for places in left.values() for place in places} <= MARKS, left
            assert len(left) == 4, "two source keys and two national ids are marked"
            owned = await owners(one)
            assert owned[GONE] is owned[ALSO] is None
            assert await others(one, until) == before
