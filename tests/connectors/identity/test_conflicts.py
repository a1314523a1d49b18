"""A national id that is contradicted is asked about with those whom it is of, whatever else its page holds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from connectors.agencies.catalogue import BY_NAME
from connectors.pipeline.candidates import candidates
from connectors.pipeline.conflicting import may_conflict
from connectors.pipeline.validate import validate
from connectors.protocols.page import Page
from connectors.protocols.signed import Keys
from domain.ids import SourceKey
from domain.reviews import State
from tests.connectors.hubs import hub
from tests.connectors.identity.orders import merged, unmerged
from tests.connectors.identity.test_merging import owner, pulled
from tests.connectors.pipeline.test_weighing import OTHER, WHO, register
from tests.connectors.rows import iin, person, relation
from tests.connectors.serving import Agencies, serving
from tests.oracle.listed import Lists, listed
from tests.worlds.hub import Hub
from tests.worlds.reviews import listed as reviews
from tests.worlds.reviews import resolve, steward

#: of another person by every word, under the first one's national id
CONTRADICTING = register(5, OTHER) | {"iin": iin(1)}


@pytest.fixture
def lists() -> Lists:
    return Lists(100)


async def _taken(here: Hub, lists: Lists, pages: list[list[dict[str, Any]]]) -> None:
    for page in pages:
        await lists.pull(here, "population", page)


@pytest.mark.parametrize("pages", ["one page", "two pages"])
async def test_a_steward_may_choose_whom_the_id_is_of(
    pages: str, lists: Lists, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [[register(1, WHO)], [CONTRADICTING]]
    async with listed(lists, tmp_path, monkeypatch) as here:
        await _taken(here, lists, rows if pages == "two pages" else [rows[0] + rows[1]])
        (review,) = await reviews(here, steward(here))
        (candidate,) = review["candidates"]
        assert (review["reason"], candidate["person"]["name"]["surname"]) == ("ID_CONFLICT", WHO["surname"])
        assert {one["name"] for one in candidate["comparisons"]} >= {"surname", "birth_date"}
        answer = await resolve(here, steward(here), review, "MATCH", p=candidate["person"]["id"])
        assert json.loads(answer.body)["data"]["resolveIdentity"]["state"] == "resolved"
        assert await here.internal("PR-5") == await here.internal("PR-1")


@pytest.mark.parametrize("where", ["docket", "same page"])
async def test_whom_a_grade_hides_only_cleared_stewards_see(
    where: str, lists: Lists, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [[register(1, WHO, grade="strict")], [CONTRADICTING]]
    async with listed(lists, tmp_path, monkeypatch) as here:
        await _taken(here, lists, rows if where == "docket" else [rows[0] + rows[1]])
        assert await reviews(here, steward(here)) == []
        (review,) = await reviews(here, steward(here, cleared=True))
        (candidate,) = review["candidates"]
        assert (review["reason"], candidate["person"]["name"]["surname"]) == ("ID_CONFLICT", WHO["surname"])


async def test_two_keys_that_a_merge_made_one_are_taken_in_once_it_is_undone(tmp_path: Path) -> None:
    """They wait with whom they are taken for; no steward has to say anything."""
    rows = [person(n) for n in range(2)]
    async with serving(Agencies(population=rows)) as agencies, hub(tmp_path, "one", agencies.url) as over:
        await pulled(over)
        one, other = [await owner(over, "population", f"PR-{n:06d}") for n in range(2)]
        order = await merged(over, one, other)
        agencies.population.append(person(0, version=2, relations=[relation("guardian", 1)]))
        await pulled(over)
        hashed = over.ring.hasher.source_key(SourceKey("population", "PR-000001"))
        (waiting,) = await over.docket.reviews_about(hashed)
        assert order.review.merge is not None
        kept = order.review.merge.kept
        assert [each.person for each in waiting.review.proposal.candidates] == [kept]
        await unmerged(over, order)
        (answered,) = await over.docket.reviews_about(hashed)
        assert (waiting.state, answered.state) == (State.OPEN, State.RESOLVED)


async def test_pages_without_a_doubt_weigh_nobody(
    lists: Lists, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Control: a row that agrees with what is known asks the docket about nobody."""
    async with listed(lists, tmp_path, monkeypatch) as here:
        await _taken(here, lists, [[register(1, WHO)]])
        for row, weighed in ((register(6, WHO) | {"iin": iin(1)}, False), (CONTRADICTING, True)):
            checked = await validate(
                BY_NAME["population"], Page((row,), "", "1"), here.pulling.ring.hasher, Keys(None).document
            )
            known = await candidates(here.pulling, checked)
            assert known.weighed is weighed
            statements = {person: opened.statements() for person, opened in known.people.items()}
            assert may_conflict(checked, known.owners, known.stated, statements.__getitem__) is weighed
