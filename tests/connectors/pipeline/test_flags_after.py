"""What was flagged is looked at again when two people are made one or parted, and when somebody is erased."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, cast

import pytest

from connectors.identity.carrying import Carrier
from connectors.pipeline.erasing import Order, erase
from docket.erasure import strike
from docket.port import Docket
from docket.store import DocketStore
from docket.striking import Gone, Names
from domain.clock import instant_text
from domain.ids import PersonId, SourceKey
from tests.connectors.hubs import Hub, Killed, hub, killed
from tests.connectors.identity.orders import merged, ordered_merge, unmerged
from tests.connectors.pipeline.test_flagging import Registry
from tests.connectors.rows import iin


@pytest.fixture
async def registry(tmp_path: Path) -> AsyncIterator[Registry]:
    async with hub(tmp_path, "a", "http://127.0.0.1:1") as one:
        yield Registry(one)


@dataclass(frozen=True)
class _Replaced:
    """A docket with another intake."""

    inner: Docket
    intake: Callable[..., Awaitable[None]]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)


async def _whose(one: Hub, number: str) -> PersonId:
    key = one.ring.hasher.source_key(SourceKey("civil", number))
    return (await one.graph.reader.owners([key]))[key]


async def _erase(one: Hub, n: int, before_forgetting: Any = None) -> None:
    docket = one.docket
    assert isinstance(docket, DocketStore)

    async def struck(gone: Gone, names: Names) -> int:
        return await strike(docket, gone, names)

    class Upkeep:
        async def forget(self, *given: Any) -> int:
            if before_forgetting is not None:
                await before_forgetting()
            return await one.graph.upkeep.forget(*given)

    order = Order("court 7", "order 12", instant_text(one.parts.clock.now()))
    national = one.ring.hasher.national(iin(n))
    await erase(one.parts, Upkeep(), struck, order, national=national, person=None)  # type: ignore[arg-type]


async def test_two_who_are_made_one_are_looked_at_together_and_parted_apart(registry: Registry) -> None:
    """Two deaths appear, a child of either gets the other's dates; parted, all that is gone again."""
    one = registry.one
    await registry.send(
        registry.act("D0", "death", "2020-01-01", deceased=registry.person(0)),
        registry.act("D1", "death", "2021-01-01", deceased=registry.person(1, "2015-01-01")),
    )
    await registry.send(
        registry.birth("B2", registry.person(2, "2010-01-01"), registry.person(0)),
        registry.birth("B3", registry.person(3, "2016-06-01"), registry.person(1, "2015-01-01")),
    )
    assert await registry.flags() == {"PARENT_TOO_CLOSE": {"B3"}}
    order = await merged(one, await _whose(one, "P0"), await _whose(one, "P1"))
    assert order.review.merge is not None
    # The later of the two dates of birth is both children's parent's now.
    assert await registry.flags() == {
        "TWO_DEATHS": {"D0", "D1"},
        "PARENT_YOUNGER": {"B2"},
        "PARENT_TOO_CLOSE": {"B3"},
    }
    dropped = order.review.merge.dropped
    assert dropped not in {each.person for each in await one.docket.flagged(100)}
    await unmerged(one, order)
    assert await registry.flags() == {"PARENT_TOO_CLOSE": {"B3"}}


async def test_flags_of_the_one_who_is_dropped_go_over_to_the_one_who_stays(registry: Registry) -> None:
    one = registry.one
    await registry.send(registry.act("D0", "death", "2020-01-01", deceased=registry.person(0, "1985-01-01")))
    child = registry.person(1, "1985-01-01")
    await registry.send(registry.birth("B1", child, registry.person(2, "1990-01-01")))
    (before,) = await one.docket.flagged(10)
    assert before.person == await _whose(one, "P1")
    order = await merged(one, await _whose(one, "P0"), await _whose(one, "P1"))
    assert order.review.merge is not None and order.review.merge.dropped == before.person
    assert {each.person: {str(f.doubt) for f in each.flags} for each in await one.docket.flagged(10)} == {
        order.review.merge.kept: {"PARENT_YOUNGER"}
    }


@pytest.mark.parametrize("persisted", [False, True])
async def test_killed_in_a_merge_flags_come_right_when_it_is_carried(registry: Registry, persisted: bool) -> None:
    one = registry.one
    await registry.send(
        registry.act("D0", "death", "2020-01-01", deceased=registry.person(0)),
        registry.act("D1", "death", "2021-01-01", deceased=registry.person(1)),
    )
    order = await ordered_merge(one, await _whose(one, "P0"), await _whose(one, "P1"))
    with pytest.raises(Killed):
        await Carrier(one.breaking("graph", 1, persisted=persisted, error=killed).keeping).carry(order.id)
    await Carrier(one.parts.keeping).carry(order.id)
    assert await registry.flags() == {"TWO_DEATHS": {"D0", "D1"}}


async def test_what_is_left_of_a_relative_s_flags_when_somebody_is_erased(registry: Registry) -> None:
    """The child's two deaths have nothing to do with the mother who is erased; that she was younger has."""
    child, mother = registry.person(1, "1985-01-01"), registry.person(0, "1990-01-01")
    await registry.send(
        registry.birth("B1", child, mother),
        registry.act("D1", "death", "2020-01-01", deceased=child),
        registry.act("D2", "death", "2021-01-01", deceased=child),
    )
    assert await registry.flags() == {"PARENT_YOUNGER": {"B1"}, "TWO_DEATHS": {"D1", "D2"}}
    await _erase(registry.one, 0)
    assert await registry.flags() == {"TWO_DEATHS": {"D1", "D2"}}
    (flagged,) = await registry.one.docket.flagged(10)
    gone = registry.one.ring.hasher.source_key(SourceKey("civil", "P0"))
    assert gone not in flagged.keys
    assert await registry.one.docket.flags_about([gone]) == {}


async def test_flags_that_a_pull_had_found_before_stay_out(registry: Registry) -> None:
    """While somebody is erased a page comes whose flags rest on them, written before the graph has forgotten."""
    one = registry.one
    child, mother = registry.person(1, "1985-01-01"), registry.person(0, "1980-01-01")
    await registry.send(registry.birth("B1", child, mother))
    wrong = registry.act("D0", "death", "2020-01-01", deceased={**mother, "birth_date": "1990-01-01"})
    await _erase(one, 0, before_forgetting=partial(registry.send, wrong))
    assert await registry.flags() == {}
    assert await one.docket.flagged(10) == ()
    with pytest.raises(AssertionError):
        await registry.send(registry.act("D0", "death", "2020-01-01", deceased=mother))
    assert await one.docket.flagged(10) == ()


async def test_what_else_is_doubtful_comes_back_when_a_pull_s_flags_are_left_out(registry: Registry) -> None:
    """A page has found the child in doubt with the mother, who is erased before it is written; then it is cut off."""
    one = registry.one
    child, mother = registry.person(1, "1985-01-01"), registry.person(0, "1950-01-01")
    await registry.send(
        registry.birth("B1", child, mother),
        registry.act("D1", "death", "2020-01-01", deceased=child),
        registry.act("D2", "death", "2021-01-01", deceased=child),
    )
    parts, whole = one.parts, one.docket.intake
    left = [partial(_erase, one, 0)]

    async def after_the_erasure(*given: Any) -> None:
        one.parts = parts
        while left:
            await left.pop()()
            assert await registry.flags() == {"TWO_DEATHS": {"D1", "D2"}}
        await whole(*given)
        raise killed()

    one.parts = replace(parts, docket=cast("Docket", _Replaced(one.docket, after_the_erasure)))
    with pytest.raises(Killed):
        await registry.send(registry.act("D0", "death", "2020-01-01", deceased={**mother, "birth_date": "1990-01-01"}))
    assert await registry.flags() == {}, "what stood there rested on her too"
    await registry.send()
    assert await registry.flags() == {"TWO_DEATHS": {"D1", "D2"}}


async def test_somebody_erased_is_not_a_link_to_nobody(registry: Registry) -> None:
    one = registry.one
    child, mother = registry.person(1, "1985-01-01"), registry.person(0, "1950-01-01")
    await registry.send(registry.birth("B1", child, mother))
    await _erase(one, 0)
    await registry.send(registry.act("D1", "death", "2020-01-01", deceased=child))
    assert await registry.flags() == {}
