"""18: mutations: by POST alone, one a document, of the activity that lists them; refused, they alter nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.kindred.hubs import code_of, serving
from tests.negatives.recording import recorded
from tests.worlds.copies import Made
from tests.worlds.hub import ACTIVITY, Hub
from tests.worlds.reviews import CLEARED, REVIEWS, family, listed, resolve, steward, under_review

MUTATION = 'mutation{resolveIdentity(review:"x",version:1,decision:NEW,reason:"r"){id}}'


async def test_not_over_get_and_not_as_a_form(tmp_path: Path) -> None:
    async with serving(tmp_path) as hub:
        token = hub.token()
        before = await hub.entries()
        status, body, _ = await hub.ask({"query": MUTATION}, token=token, method="GET")
        assert (status, code_of(body)) == (400, "INVALID_QUERY")
        for kind in ("application/x-www-form-urlencoded", "multipart/form-data", "text/plain"):
            sent = {"Content-Type": kind, "Kindred-Activity": "family-card-review"}
            status, body, _ = await hub.ask(orjson.dumps({"query": MUTATION}), sent, token=token)
            assert (status, code_of(body)) == (400, "BAD_REQUEST")
        assert await hub.entries() - before <= 1


@pytest.mark.parametrize(
    "query",
    [
        MUTATION[:-1] + MUTATION[len("mutation{") :].replace("resolveIdentity", "b:resolveIdentity"),
        MUTATION[:-1] + "__typename}",
    ],
)
async def test_one_a_document(here: Hub, query: str) -> None:
    answer = await here.ask(steward(here), query)
    assert answer.status == 400 and json.loads(answer.body)["errors"][0]["extensions"]["code"] == "INVALID_QUERY"


@pytest.mark.parametrize("role", [role for role in ACTIVITY if role != "identity_steward"])
async def test_nobody_else_decides_or_lists(here: Hub, made: Made, role: str) -> None:
    await under_review(here, 1, await family(here, made, 1))
    (review,) = await listed(here, steward(here))
    sample = made.sample
    who = here.family(sample["family_member"]["iin"]) if role == "family_member" else here.officer(made.country, role)
    case = sample["cases"].get(role)
    for query, given in ((MUTATION.replace('"x"', f'"{review["id"]}"'), {}), (REVIEWS, {"f": 5, "m": False})):
        answer = await here.ask(who, query, given, case=case)
        assert json.loads(answer.body)["errors"][0]["extensions"]["code"] == "ACTIVITY_REFUSED"
    assert await listed(here, steward(here)) == [review]


async def test_hidden_and_no_review_are_one(here: Hub, made: Made) -> None:
    """What waits for cleared stewards, what is about one's family, what is not there: same bytes and same calls."""
    people = await family(here, made, 2)
    await under_review(here, 1, [people[0]], cleared=True)
    (hidden,) = await listed(here, steward(here, cleared=True))
    over, calls = recorded(here)
    answers: dict[str, tuple[Any, Any]] = {}
    outward = here.parts.ring.outward("identity-office")
    for name, id in (("hidden", hidden["id"]), ("none", outward.encode_bytes("R", b"n" * 16)), ("odd", "no id")):
        mark = len(calls.made)
        answer = await resolve(over, steward(here), {"id": id, "version": 1}, "NEW")
        answers[name] = (answer.body, calls.since(mark))
    assert answers["hidden"] == answers["none"] == answers["odd"]
    assert json.loads(answers["hidden"][0]) == {"data": {"resolveIdentity": None}}
    mark = len(calls.made)
    empty = await over.ask(steward(here), REVIEWS, {"f": 5, "m": False})
    listing = calls.since(mark)
    await resolve(here, steward(here, cleared=True), hidden, "NEW")
    mark = len(calls.made)
    assert (await over.ask(steward(here), REVIEWS, {"f": 5, "m": False})).body == empty.body
    assert calls.since(mark) == listing


async def test_anothers_cursor_gives_the_empty_page(here: Hub, made: Made) -> None:
    for number in range(3):
        await under_review(here, number, await family(here, made, 1))
    mine = (await here.data(steward(here), REVIEWS, {"f": 1, "m": False}))["identityReviews"]
    assert mine["pageInfo"]["hasNextPage"]
    after = mine["pageInfo"]["endCursor"]
    rest = (await here.data(steward(here), REVIEWS, {"f": 5, "m": False, "a": after}))["identityReviews"]
    assert len(rest["edges"]) == 2
    for who, merged, cursor in (
        (steward(here, 2), False, after),
        (steward(here), True, after),
        (steward(here), False, "x"),
    ):
        found = (await here.data(who, REVIEWS, {"f": 5, "m": merged, "a": cursor}))["identityReviews"]
        assert found["edges"] == [] and not found["pageInfo"]["hasNextPage"]
    assert CLEARED in here.parts.activities
