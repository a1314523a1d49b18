"""A steward's choice from the queue to graph, docket and ledger: matched, new, again, stale, and not theirs."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from connectors.identity.carrying import Carrier
from docket.dossiers import Line, Outcome
from domain.entries import Act
from domain.ids import SourceKey
from domain.links import LinkKind
from domain.records.catalogue import BY_NAME
from tests.faults.ledgers import Standing
from tests.worlds.copies import Made, made, protect
from tests.worlds.hub import Hub
from tests.worlds.reviews import family, listed, resolve, steward, under_review


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


async def _owner(here: Hub, number: int) -> Any:
    key = here.parts.ring.hasher.source_key(SourceKey("tax", f"TP-{number}"))
    return (await here.parts.reader.owners([key])).get(key)


async def test_a_match_brings_the_row_in(here: tuple[Hub, Made]) -> None:
    hub, country = here
    (one, other) = await family(hub, country, 2)
    await under_review(hub, 1, [one, other])
    (review,) = await listed(hub, steward(hub))
    assert review["state"] == "open" and [c["weight"] for c in review["candidates"]] == [9.5, 8.5]
    assert review["candidates"][0]["comparisons"][1] == {"name": "address", "level": None, "weight": 0.5}
    chosen = review["candidates"][0]["person"]["id"]
    done = _data(await resolve(hub, steward(hub), review, "MATCH", p=chosen))
    assert (done["state"], done["carried"]) == ("resolved", True)
    assert await _owner(hub, 1) == one
    rows = await hub.parts.reader.records([one], [BY_NAME["employment"].number])
    shape = (await hub.parts.reader.facts([one])).people[one]
    (record,) = hub.parts.opener.records(shape, list(rows)).values()
    assert any(item.values.get("employer") == "Завод" for item in record.items)
    assert ("tax", Outcome.REVIEW) not in await hub.parts.docket.counts()
    assert await listed(hub, steward(hub)) == []
    assert await hub.parts.docket.line(Line.ORDER, 10) == ()
    entries = await hub.parts.ledger.entries(20)
    acts = [entry.header.act for entry in entries]
    assert acts.count(Act.ALTERATION) == 2 and Act.COLLECTION in acts
    told = next(e for e in entries if e.asked is not None and "grounds" in e.asked)
    assert told.asked is not None and told.asked["decision"] == "match" and told.asked["people"] == [str(one)]
    looks = await hub.parts.ledger.by_subject(one, 10)
    assert len(looks) == 1, "somebody's own log tells a request once"


async def test_new_makes_a_person_of_its_own(here: tuple[Hub, Made]) -> None:
    hub, country = here
    (one,) = await family(hub, country, 1)
    await under_review(hub, 2, [one])
    (review,) = await listed(hub, steward(hub))
    assert _data(await resolve(hub, steward(hub), review, "NEW"))["state"] == "resolved"
    new = await _owner(hub, 2)
    assert new is not None and new != one
    assert (await hub.parts.reader.links([new], frozenset(LinkKind))).links == ()


async def test_the_same_again_changes_nothing_and_another_is_stale(here: tuple[Hub, Made]) -> None:
    hub, country = here
    (one, other) = await family(hub, country, 2)
    await under_review(hub, 3, [one, other])
    (review,) = await listed(hub, steward(hub))
    people = [c["person"]["id"] for c in review["candidates"]]
    first = _data(await resolve(hub, steward(hub), review, "MATCH", p=people[0]))
    assert _data(await resolve(hub, steward(hub), review, "MATCH", p=people[0])) == first
    assert _code(await resolve(hub, steward(hub, 2), review, "MATCH", p=people[0])) == "STALE"
    assert _code(await resolve(hub, steward(hub), review, "MATCH", p=people[1])) == "STALE"
    assert await _owner(hub, 3) == one


@pytest.mark.parametrize(
    "given",
    [
        {"decision": "MATCH"},
        {"decision": "MATCH", "p": "A" * 32},
        {"decision": "UNMERGE"},
        {"decision": "NEW", "w": " "},
    ],
)
async def test_what_does_not_fit_is_told_and_changes_nothing(here: tuple[Hub, Made], given: dict[str, Any]) -> None:
    hub, country = here
    await under_review(hub, 4, await family(hub, country, 1))
    (review,) = await listed(hub, steward(hub))
    assert _code(await resolve(hub, steward(hub), review, **given)) == "INVALID_ARGUMENT"
    assert await listed(hub, steward(hub)) == [review]


async def test_what_waits_for_cleared_stewards_does_not_exist_for_others(here: tuple[Hub, Made]) -> None:
    hub, country = here
    one, _, graded = await family(hub, country, 3)
    await under_review(hub, 5, [one], cleared=True)
    await under_review(hub, 6, [one, graded])
    await protect(hub, sorted(country.rows)[2])
    assert await listed(hub, steward(hub)) == []
    seen = await listed(hub, steward(hub, cleared=True))
    assert [review["reason"] for review in seen] == ["PROTECTED", "NO_ID"]
    for review in seen:
        answer = await resolve(hub, steward(hub), review, "NEW")
        made_up = await resolve(hub, steward(hub), {"id": "A" * 40, "version": 1}, "NEW")
        assert answer.body == made_up.body and _data(answer) is None
    assert _data(await resolve(hub, steward(hub, cleared=True), seen[0], "NEW"))["state"] == "resolved"


async def test_what_cannot_be_read_does_not_exist_either(here: tuple[Hub, Made]) -> None:
    """Nor for cleared stewards: an error would tell the others of what waits for these alone."""
    hub, country = here
    people = await family(hub, country, 2)
    await under_review(hub, 7, people)
    await under_review(hub, 8, people, cleared=True)
    seen = await listed(hub, steward(hub, cleared=True))
    assert len(seen) == 2
    with sqlite3.connect(hub.folder / "docket.db") as db:
        assert db.execute("UPDATE dossier SET sealed = x'00'").rowcount >= 2
    for review in seen:
        for who in (steward(hub), steward(hub, cleared=True)):
            made_up = await resolve(hub, who, {"id": "A" * 40, "version": 1}, "NEW")
            answer = await resolve(hub, who, review, "NEW")
            assert answer.body == made_up.body and _data(answer) is None


async def test_a_row_about_somebody_hidden_does_not_exist_though_no_candidate_is_named(here: tuple[Hub, Made]) -> None:
    """By its national id, or by what its key is decided to be by now, whatever key the grade hangs on."""
    hub, country = here
    record = sorted(country.rows)[0]
    one = await hub.internal(record)
    await under_review(hub, 11, [one])
    (review,) = await listed(hub, steward(hub))
    _data(await resolve(hub, steward(hub), review, "MATCH", p=review["candidates"][0]["person"]["id"]))
    await under_review(hub, 11, [], place="again")
    await under_review(hub, 12, [], iin=country.rows[record]["iin"])
    seen = await listed(hub, steward(hub))
    assert len(seen) == 2, "nobody is hidden yet"
    own = hub.parts.ring.hasher.national(country.rows[record]["iin"])
    assert await listed(hub, steward(hub, 3, national=own)) == [], "nor is one's own file one's own to decide"
    await protect(hub, record)
    assert await listed(hub, steward(hub)) == []
    for each in seen:
        answer = await resolve(hub, steward(hub), each, "NEW")
        assert answer.body == (await resolve(hub, steward(hub), {"id": "A" * 40, "version": 1}, "NEW")).body
    assert len(await listed(hub, steward(hub, cleared=True))) == 2


async def test_a_steward_handles_no_file_of_their_family(here: tuple[Hub, Made]) -> None:
    hub, country = here
    rows = sorted(country.rows)
    await under_review(hub, 7, [await hub.internal(rows[0])])
    own = hub.parts.ring.hasher.national(country.rows[rows[0]]["iin"])
    assert await listed(hub, steward(hub, national=own)) == []
    assert len(await listed(hub, steward(hub))) == 1


async def test_an_order_that_was_cut_off_is_carried_out_later(here: tuple[Hub, Made]) -> None:
    """The choice is saved and its order is not carried out: it says so, and waits until somebody carries it."""
    hub, country = here
    (one,) = await family(hub, country, 1)
    await under_review(hub, 8, [one])

    async def cut_off(_review: bytes) -> None:
        """A kill in between."""

    (review,) = await listed(hub, steward(hub))
    cut = hub.with_parts(carry=cut_off)
    done = _data(await resolve(cut, steward(hub), review, "MATCH", p=review["candidates"][0]["person"]["id"]))
    assert (done["state"], done["carried"]) == ("resolved", False)
    assert await _owner(hub, 8) is None
    carrier = Carrier(hub.pulling.keeping)
    assert await carrier.carry_all() == 1
    assert await _owner(hub, 8) == one
    assert await carrier.carry_all() == 0


async def test_refusals_are_denials_in_the_log(here: tuple[Hub, Made]) -> None:
    hub, country = here
    officer = hub.officer(country.country, "caseworker")
    ledger = Standing(hub.parts.ledger)
    over = hub.with_parts(ledger=ledger)
    answer = await over.ask(officer, "{identityReviews{edges{node{id}}}}", case=country.sample["cases"]["caseworker"])
    assert _code(answer) == "ACTIVITY_REFUSED"
    assert ledger.entries[-1].act is Act.DENIAL
