"""27, 28, 31: cost limits that do not vary with data, bound tokens refused, headers and lengths that tell nothing."""

from __future__ import annotations

import json
from typing import Any

from joserfc import jwt

from tests.negatives.cast import caller, person_ids
from tests.worlds.copies import Made
from tests.worlds.hub import Hub
from tests.worlds.served import served

PERSON = "query($i:ID!){person(id:$i){id name{surname} households{members{totalCount}}}}"


async def test_limits_are_the_same_for_seen_hidden_and_nobody(here: Hub, made: Made) -> None:
    """27: by alias or by batch, one too many is refused for what was written, never for what would be found."""
    asks = await caller(here, made, "caseworker")
    seen = await here.person_id(asks.who, asks.sees)
    ids = await person_ids(here, asks)
    for most in (20, 21):
        answers = set()
        for id in (seen, ids.nobody, ids.others["hidden 0"], "x"):
            query = "query($i:ID!){" + " ".join(f"a{n}:person(id:$i){{__typename}}" for n in range(most)) + "}"
            answer = await here.ask(asks.who, query, {"i": id}, case=asks.case)
            answers.add(answer.status)
        assert answers == {200 if most == 20 else 400}
    entity = "query($r:[_Any!]!){_entities(representations:$r){... on Person{id kin(first:100){totalCount}}}}"
    statuses: dict[int, set[int]] = {}
    for size in (10, 100, 10_000):
        for id in (seen, ids.nobody, "x"):
            given = {"r": [{"__typename": "Person", "id": id}] * size}
            answer = await here.ask(asks.who, entity, given, case=asks.case)
            statuses.setdefault(size, set()).add(answer.status)
    assert all(len(found) == 1 for found in statuses.values()) and statuses[10_000] == {400}


async def test_a_batch_of_requests_is_refused_whole(here: Hub, made: Made) -> None:
    asks = await caller(here, made, "caseworker")
    async with served(here) as hub:
        answer = await hub.post([{"query": "{me{actor}}"}] * 3, hub.headers(asks.who, asks.case))
        assert answer.status == 400 and answer.codes == ["BAD_REQUEST"]


async def test_bound_tokens_are_no_bearers(here: Hub, made: Made) -> None:
    """28: a token bound to a key (`cnf`), sent as bearer or with a proof that nothing checks, opens nothing."""
    asks = await caller(here, made, "caseworker")
    async with served(here) as hub:
        token = hub.token(asks.who)
        claims = jwt.decode(token, hub.issuer._key, algorithms=["ES256"])
        good = {"query": "{me{actor}}"}
        assert (await hub.post(good, hub.headers(asks.who, asks.case))).status == 200
        for binding in ({"jkt": "x" * 43}, {"x5t#S256": "x" * 43}, {}):
            bound = jwt.encode(claims.header, {**claims.claims, "cnf": binding}, hub.issuer._key, algorithms=["ES256"])
            for scheme, more in (
                ("Bearer", {}),
                ("DPoP", {"DPoP": "e30.e30.e30"}),
                ("Bearer", {"DPoP": "e30.e30.e30"}),
            ):
                headers = {**hub.headers(asks.who, asks.case), "Authorization": f"{scheme} {bound}", **more}
                answer = await hub.post(good, headers)
                assert answer.status == 401 and answer.codes == ["UNAUTHENTICATED"], (binding, scheme)


async def test_headers_and_lengths(here: Hub, made: Made) -> None:
    """31: of hidden, unknown and malformed the whole answer is the same: status, headers, length, body."""
    asks = await caller(here, made, "caseworker")
    ids = await person_ids(here, asks)
    async with served(here) as hub:
        heard = [
            await hub.ask(asks.who, PERSON, {"i": id}, case=asks.case) for id in (ids.nobody, *ids.others.values())
        ]
        assert len({(h.status, h.body, json.dumps(h.stable, sort_keys=True)) for h in heard}) == 1
        seen = await hub.ask(asks.who, PERSON, {"i": await here.person_id(asks.who, asks.sees)}, case=asks.case)
        assert seen.body != heard[0].body
        for answer in (heard[0], seen):
            names = {name.lower() for name in answer.headers}
            assert not names & {"etag", "last-modified", "content-encoding", "server-timing", "set-cookie", "server"}
            assert answer.headers["Cache-Control"] == "no-store"
            assert int(answer.headers["Content-Length"]) == len(answer.body)
        asked: dict[str, Any] = {"query": PERSON, "variables": {"i": ids.nobody}}
        wide = {**hub.headers(asks.who, asks.case), "Accept-Encoding": "gzip, br, zstd", "If-None-Match": "*"}
        compressed = await hub.post(asked, wide)
        assert compressed.status == 200 and compressed.body == heard[0].body, "never compressed, never 304"


async def test_request_ids_tell_no_order(here: Hub, made: Made) -> None:
    asks = await caller(here, made, "caseworker")
    async with served(here) as hub:
        ids = [(await hub.ask(asks.who, "{me{actor}}", case=asks.case)).headers["Kindred-Request-Id"] for _ in range(8)]
    assert len(set(ids)) == 8 and ids != sorted(ids)
