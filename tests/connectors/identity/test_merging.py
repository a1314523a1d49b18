"""Two people made one and parted again are two as if nothing had been: whatever came meanwhile, links of others too."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from connectors.agencies.catalogue import BY_NAME
from connectors.identity.carrying import Carrier
from connectors.pull import pull
from domain.errors import Broken
from domain.ids import PersonId, SourceKey
from tests.connectors.hubs import Hub, Killed, hub, killed
from tests.connectors.identity.orders import everything, merged, ordered_merge, unmerged
from tests.connectors.rows import job, person, relation, stay
from tests.connectors.serving import Agencies, serving

PEOPLE = 6


async def owner(of: Hub, agency: str, number: str) -> PersonId:
    key = of.ring.hasher.source_key(SourceKey(agency, number))
    return (await of.graph.reader.owners([key]))[key]


async def pulled(of: Hub) -> None:
    for name in ("population", "tax"):
        await pull(BY_NAME[name], of.parts)


@st.composite
def families(draw: Any) -> tuple[list[Any], list[Any], list[Any]]:
    """(rows of the register, rows of it that come later, jobs that come later)."""
    numbers = st.integers(0, PEOPLE - 1)
    kin: dict[int, list[Any]] = {}
    for child, parent in draw(st.lists(st.tuples(numbers, numbers), max_size=6)):
        if child != parent:
            kin.setdefault(child, []).append(relation("responsibility", parent))
    first = [person(n, relations=kin.get(n, [])) for n in range(PEOPLE)]
    later, version = [], 1
    for n, change in draw(st.lists(st.tuples(numbers, st.sampled_from(("move", "name", "kin", "none"))), max_size=5)):
        version += 1
        changed: dict[str, Any] = {"relations": kin.get(n, [])}
        if change == "move":
            changed["registrations"] = [stay(n, household=f"HH-new-{n}")]
        if change == "name":
            changed["patronymic"] = "Серікұлы"
        if change == "kin":
            changed["relations"] = [relation("guardian", (n + 1) % PEOPLE)]
        later.append(person(n, version=version, **changed))
    jobs = [job(n) for n in draw(st.lists(numbers, max_size=4, unique=True))]
    return first, later, jobs


async def _compared(folder: Path, rows: tuple[list[Any], list[Any], list[Any]], pair: tuple[int, int]) -> None:
    first, later, jobs = rows
    async with (
        serving(Agencies(population=list(first))) as agencies,
        hub(folder, "never", agencies.url) as never,
        hub(folder, "merged", agencies.url) as over,
    ):
        for each in (never, over):
            await pulled(each)
        one, other = [await owner(over, "population", f"PR-{n:06d}") for n in pair]
        before = await everything(over, PEOPLE)
        order = await merged(over, one, other)
        assert order.review.merge is not None
        kept, dropped = order.review.merge.kept, order.review.merge.dropped
        assert {kept, dropped} == {one, other}
        assert len((await everything(over, PEOPLE))["people"]) == PEOPLE - 1
        agencies.population += later
        agencies.tax += jobs
        for each in (never, over):
            await pulled(each)
        after = await unmerged(over, order)
        assert after.state.value == "unmerged" and after.review.left == ()
        assert await everything(over, PEOPLE) == await everything(never, PEOPLE)
        if not later and not jobs:
            assert await everything(over, PEOPLE) == before
        history = await over.graph.reader.decisions([kept, dropped])
        assert {row.reason for row in history} >= {"new", "merged", "unmerged"}


@settings(max_examples=12, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(families(), st.permutations(range(PEOPLE)))
def test_parted_is_as_if_never_joined(rows: tuple[list[Any], list[Any], list[Any]], order: list[int]) -> None:
    with TemporaryDirectory() as folder:
        asyncio.run(_compared(Path(folder), rows, (order[0], order[1])))


async def test_while_joined_all_is_one_persons(tmp_path: Path) -> None:
    """What control the comparison needs: joined, everything differs from never joined."""
    rows = [person(n, relations=[relation("responsibility", 0)] if n == 2 else []) for n in range(3)]
    async with (
        serving(Agencies(population=rows, tax=[job(0), job(1)])) as agencies,
        hub(tmp_path, "one", agencies.url) as over,
    ):
        await pulled(over)
        one, other = await owner(over, "population", "PR-000000"), await owner(over, "population", "PR-000001")
        await merged(over, one, other)
        known = await over.graph.reader.facts([one, other])
        assert len({shape.person for shape in known.people.values()}) == 1
        (shape,) = {id(s): s for s in known.people.values()}.values()
        whole = await over.person(shape.person)
        assert len(whole["keys"]) == 6, "two keys and one national id of each"
        child = await over.person(await owner(over, "population", "PR-000002"))
        assert [link[0] for link in child["links"]] == [shape.person]


async def test_a_pull_that_races_with_a_merge_folds_again(tmp_path: Path) -> None:
    """Judged before the merge and written after it, a page would give the dropped id a key: it is judged anew."""
    rows = [person(n) for n in range(2)]
    async with serving(Agencies(population=rows, tax=[job(1)])) as agencies, hub(tmp_path, "one", agencies.url) as over:
        await pull(BY_NAME["population"], over.parts)
        one, other = await owner(over, "population", "PR-000000"), await owner(over, "population", "PR-000001")
        writer = over.parts.writer
        raced: list[Any] = []

        class Racing:
            def __getattr__(self, name: str) -> Any:
                return getattr(writer, name)

            async def write(self, batch: Any) -> Any:
                if not raced:
                    raced.append(await merged(over, one, other))
                return await writer.write(batch)

        summary = await pull(BY_NAME["tax"], replace(over.parts, writer=Racing()))
        assert summary.refolded == 1
        kept = raced[0].review.merge.kept
        assert await owner(over, "tax", "TP-1") == kept


async def test_carried_twice_it_is_done_once(tmp_path: Path) -> None:
    async with (
        serving(Agencies(population=[person(n) for n in range(2)])) as agencies,
        hub(tmp_path, "one", agencies.url) as over,
    ):
        await pulled(over)
        one, other = await owner(over, "population", "PR-000000"), await owner(over, "population", "PR-000001")
        order = await ordered_merge(over, one, other)
        carriers = [Carrier(over.parts.keeping) for _ in range(3)]
        await asyncio.gather(*(each.carry(order.id) for each in carriers))
        assert await carriers[0].carry_all() == 0
        merges = [row for row in await over.graph.reader.decisions([one, other]) if row.reason == "merged"]
        assert len(merges) == 1
        assert len([e for e in over.ledger.values() if e.act == "combination" and "review" in e.sealed]) == 1


@pytest.mark.parametrize("where", ["before", "after"])
async def test_killed_on_the_way_it_is_carried_out_later(tmp_path: Path, where: str) -> None:
    """The graph has it or has it not; the docket says that it is not done: carried again, it is done once."""
    async with (
        serving(Agencies(population=[person(n) for n in range(2)])) as agencies,
        hub(tmp_path, "one", agencies.url) as over,
    ):
        await pulled(over)
        one, other = await owner(over, "population", "PR-000000"), await owner(over, "population", "PR-000001")
        order = await ordered_merge(over, one, other)
        broken = over.breaking("graph", 1, persisted=where == "after", error=killed)
        with pytest.raises(Killed):
            await Carrier(broken.keeping).carry(order.id)
        assert await Carrier(over.parts.keeping).carry_all() == 1
        after = await over.docket.review(order.id)
        assert after is not None and after.review.carried and after.review.merge is not None
        assert {after.review.merge.kept, after.review.merge.dropped} == {one, other}
        merges = [row for row in await over.graph.reader.decisions([one, other]) if row.reason == "merged"]
        assert len(merges) == 1


async def test_who_is_erased_while_a_page_is_read_is_judged_anew(tmp_path: Path) -> None:
    """The graph named somebody and forgot them before their claims were read: no fault, the page is judged again."""
    async with (
        serving(Agencies(population=[person(n) for n in range(3)], tax=[job(0)])) as agencies,
        hub(tmp_path, "one", agencies.url) as over,
    ):
        await pull(BY_NAME["population"], over.parts)
        one = await owner(over, "population", "PR-000000")
        writer = over.parts.writer
        erased: list[int] = []

        class Racing:
            def __getattr__(self, name: str) -> Any:
                return getattr(writer, name)

            async def claims(self, persons: Any) -> Any:
                if one in persons and not erased:
                    erased.append(await over.graph.upkeep.forget([one], []))
                return await writer.claims(persons)

        summary = await pull(BY_NAME["tax"], replace(over.parts, writer=Racing()))
        assert (erased, summary.refolded) == ([1], 1)


async def test_an_order_that_cannot_be_carried_keeps_no_other_waiting(tmp_path: Path) -> None:
    async with (
        serving(Agencies(population=[person(n) for n in range(4)])) as agencies,
        hub(tmp_path, "one", agencies.url) as over,
    ):
        await pulled(over)
        people = [await owner(over, "population", f"PR-{n:06d}") for n in range(4)]
        first = await ordered_merge(over, people[0], people[1])
        second = await ordered_merge(over, people[2], people[3])
        writer = over.parts.writer

        class Refusing:
            def __getattr__(self, name: str) -> Any:
                return getattr(writer, name)

            async def write(self, batch: Any) -> Any:
                if any(move.person in people[:2] for move in batch.moves):
                    raise Broken(cause="tried")
                return await writer.write(batch)

        carrier = Carrier(replace(over.parts.keeping, writer=Refusing()))
        assert await carrier.carry_all() == 2
        standing = [await over.docket.review(order.id) for order in (first, second)]
        assert [one is not None and one.review.carried for one in standing] == [False, True]
        assert await Carrier(over.parts.keeping).carry_all() == 1, "it waited"
