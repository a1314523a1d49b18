"""Two people made one by two stewards, and parted again, as stewards do it through GraphQL."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from domain.ids import PersonId
from tests.worlds.copies import Made, made, protect
from tests.worlds.hub import Hub
from tests.worlds.reviews import family, listed, resolve, steward, under_review

SECOND = "SECOND_PERSON_REQUIRED"


@pytest.fixture
async def here(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A hub over a copy of the country."""
    country = await made(tmp_path_factory.getbasetemp() / "made-here")
    async with country.copy(tmp_path) as hub:
        yield hub, country


def _data(answer: Any) -> Any:
    body = json.loads(answer.body)
    assert "errors" not in body, body
    return body["data"]["resolveIdentity"]


def _code(answer: Any) -> str:
    return str(json.loads(answer.body)["errors"][0]["extensions"]["code"])


async def _names(hub: Hub, one: PersonId, other: PersonId) -> int:
    return len({shape.person for shape in (await hub.parts.reader.facts([one, other])).people.values()})


async def test_from_proposal_to_undone(here: tuple[Hub, Made]) -> None:
    hub, country = here
    one, other = await family(hub, country, 2)
    await under_review(hub, 1, [one, other])
    (review,) = await listed(hub, steward(hub, 1))
    pair = {"p": review["candidates"][0]["person"]["id"], "o": review["candidates"][1]["person"]["id"]}

    proposed = _data(await resolve(hub, steward(hub, 1), review, "MERGE", **pair))
    assert proposed["state"] == "proposed" and proposed["id"] != review["id"]
    assert await _names(hub, one, other) == 2, "proposed is not done"
    assert _data(await resolve(hub, steward(hub, 1), review, "MERGE", **pair)) == proposed
    waiting = await listed(hub, steward(hub, 2))
    assert {each["state"] for each in waiting} == {"open", "proposed"}

    assert _code(await resolve(hub, steward(hub, 1), proposed, "MERGE", **pair)) == "SECOND_PERSON_REQUIRED"
    for_another = steward(hub, 2, acting_for="steward-1")
    assert _code(await resolve(hub, for_another, proposed, "MERGE", **pair)) == "SECOND_PERSON_REQUIRED"
    (refusal, *_) = await hub.parts.ledger.entries(5)
    assert refusal.header.act == "denial" and "approval of one's own" in str((refusal.asked or {})["refused"])
    assert await _names(hub, one, other) == 2

    merged = _data(await resolve(hub, steward(hub, 2), proposed, "MERGE", **pair))
    assert (merged["state"], merged["carried"], merged["approval"]["by"]) == ("merged", True, "steward-2")
    assert await _names(hub, one, other) == 1
    assert len(merged["candidates"]) == 1, "the two are one by now"
    (in_force,) = await listed(hub, steward(hub, 3), merged=True)
    assert in_force["state"] == "merged"
    (still_open,) = [each for each in await listed(hub, steward(hub, 3)) if each["state"] == "open"]
    assert len(still_open["candidates"]) == 1

    undoing = _data(await resolve(hub, steward(hub, 3), in_force, "UNMERGE"))
    assert undoing["state"] == "undoing" and await _names(hub, one, other) == 1
    assert _code(await resolve(hub, steward(hub, 3), undoing, "UNMERGE")) == "SECOND_PERSON_REQUIRED"
    parted = _data(await resolve(hub, steward(hub, 1), undoing, "UNMERGE"))
    assert (parted["state"], parted["carried"], parted["left"]) == ("unmerged", True, [])
    assert await _names(hub, one, other) == 2
    assert await listed(hub, steward(hub, 1), merged=True) == []


async def test_a_match_with_somebody_protected_takes_two_cleared_stewards(here: tuple[Hub, Made]) -> None:
    """The row was taken in as about somebody new: to match it now joins two existing people."""
    hub, country = here
    (protected,) = await family(hub, country, 1)
    await under_review(hub, 2, [])
    (first,) = await listed(hub, steward(hub))
    assert _data(await resolve(hub, steward(hub), first, "NEW"))["state"] == "resolved"
    await under_review(hub, 2, [protected], cleared=True, place="protected")
    await protect(hub, sorted(country.rows)[0])
    assert await listed(hub, steward(hub)) == []
    (seen,) = await listed(hub, steward(hub, 1, cleared=True))
    candidate = seen["candidates"][0]["person"]["id"]
    before = len(await hub.parts.ledger.by_subject(protected, 10))
    proposed = _data(await resolve(hub, steward(hub, 1, cleared=True), seen, "MATCH", p=candidate))
    assert proposed["state"] == "proposed" and len(proposed["candidates"]) == 2
    assert _code(await resolve(hub, steward(hub, 1, cleared=True), proposed, "MATCH", p=candidate)) == SECOND
    done = _data(await resolve(hub, steward(hub, 2, cleared=True), proposed, "MATCH", p=candidate))
    assert (done["state"], done["carried"]) == ("merged", True)
    quiet = [entry for entry in await hub.parts.ledger.entries(20) if entry.header.quiet]
    assert len(quiet) > 4 and all(entry.subjects is None for entry in quiet)
    assert len(await hub.parts.ledger.by_subject(protected, 10)) == before == 0, (
        "no account shows that it was looked at"
    )


async def test_one_human_under_two_names_is_one_steward(here: tuple[Hub, Made]) -> None:
    hub, country = here
    await under_review(hub, 3, await family(hub, country, 2))
    mine = hub.parts.ring.hasher.national("850101300123")
    (review,) = await listed(hub, steward(hub, 1, national=mine))
    pair = {"p": review["candidates"][0]["person"]["id"], "o": review["candidates"][1]["person"]["id"]}
    proposed = _data(await resolve(hub, steward(hub, 1, national=mine), review, "MERGE", **pair))
    assert _code(await resolve(hub, steward(hub, 2, national=mine), proposed, "MERGE", **pair)) == SECOND
    other = hub.parts.ring.hasher.national("850101300124")
    assert _data(await resolve(hub, steward(hub, 2, national=other), proposed, "MERGE", **pair))["state"] == "merged"
