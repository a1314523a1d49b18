"""Every query that an account can form: each root field, over every id, national id and name an acquaintance has."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from typing import Any

from domain.principals import Principal
from tests.worlds.hub import Hub

RECORDS = """name{surname givenName patronymic}
 identity{birthSurname birthDate birthYear sex nationalId}
 residence{region locality street house flat since until}
 civilStatus{event eventDate eventYear place}
 employment{employer employerBin employerRegion position since sinceYear until}
 income{month amount incomeBand pension}
 healthCover{insured payor since until} clinic{name}
 disability{group cause since sinceYear until} conditions{condition since until} contactUnit"""
_SOURCE = "source sourceId retrievedAt claim"
_LINES = f"provenance{{field {_SOURCE} overruled{{value agrees {_SOURCE}}}}}"
SOURCED = f"id {RECORDS}".replace("}", f" {_LINES}}}")
"""Every record, with where each of its values came from."""
_PAGE = "totalCount pageInfo{hasNextPage hasPreviousPage startCursor endCursor}"
MEMBERS = f"members(first:8){{{_PAGE} edges{{cursor node{{role since {_LINES} person{{id {RECORDS}}}}}}}}}"
TOLD = "kind civilDegree line side full kk:term(language:KK) ru:term(language:RU) en:term(language:EN)"
KIN = f"{_PAGE} edges{{cursor node{{degree relation {_LINES} {TOLD} person{{id {RECORDS}}}}}}}"
PERSON = f"id {RECORDS} households{{id {MEMBERS}}} kin(depth:2,first:5){{{KIN}}}"
LOG = f"{{{_PAGE} edges{{cursor node{{id at actor agency unit role activity purpose basis}}}}}}"
REFUSED = re.compile(rb'"errors":\[\{"message":"[^"]*","extensions":\{"code":"ACTIVITY_REFUSED"')
NOT_THEIRS = (
    "accessLog(",
    "findPerson(",
    "kinPath(",
    "identityReviews(",
    "identityBlastRadius(",
    "resolveIdentity(",
)
"""Questions that no account may ask: refused the same way always. Every other must be answered."""


@dataclass(frozen=True)
class Acquainted:
    """What an acquaintance knows without the hub: national ids, names and birth dates of the old household, and when
    something may have happened: pairs of an instant and a day, either of which may be left out.
    """

    nationals: tuple[str, ...]
    names: tuple[tuple[str, str], ...]
    moments: tuple[tuple[str | None, str | None], ...] = ()


async def questions(
    hub: Hub, who: Principal, known: Acquainted, ids: Iterable[str]
) -> AsyncIterator[tuple[str, bytes]]:
    """Ask everything; yields each question with its answer's bytes. `ids`: outward ids learnt at any time before."""

    async def ask(query: str, **variables: Any) -> tuple[str, bytes]:
        answer = await hub.ask(who, query, variables)
        theirs = not any(name in query for name in NOT_THEIRS)
        assert (b'"errors"' not in answer.body) if theirs else REFUSED.search(answer.body), (query, answer.body)
        return f"{query} {json.dumps(variables, sort_keys=True)}", b"%d " % answer.status + answer.body

    yield await ask(f"{{me{{actor role agency unit region activity person{{{PERSON}}}}}}}")
    yield await ask(f"{{me{{person{{{SOURCED}}}}}}}")
    for instant, day in known.moments:
        then = {"t": instant, "d": day}
        yield await ask(f"query($t:DateTime,$d:Date){{me(asOf:$t,on:$d){{person{{{PERSON}}}}}}}", **then)
        yield await ask(f"query($t:DateTime,$d:Date){{me(asOf:$t,on:$d){{person{{{SOURCED}}}}}}}", **then)
    yield await ask(f"{{myAccessLog(first:100){LOG}}}")
    yield await ask(f"{{myAccessLog(first:1){LOG}}}")
    yield await ask("{accessLog(first:5){edges{node{id}}}}")
    yield await ask("{identityBlastRadius(first:5){edges{node{id}}}}")
    yield await ask("{identityReviews(first:5){edges{node{id}}}}")
    yield await ask('mutation{resolveIdentity(review:"x",version:1,decision:NEW,reason:"r"){id}}')
    yield await ask("{processingActivities{name title}}")
    yield await ask("{processingActivities(language:KK){name title description}}")
    for national in known.nationals:
        yield await ask(
            f"query($n:String){{findPerson(nationalId:$n,first:2){{{_PAGE} edges{{node{{{PERSON}}}}}}}}}", n=national
        )
    for name, born in known.names:
        yield await ask(
            "query($n:String,$b:Date){findPerson(name:$n,birthDate:$b){totalCount edges{node{id}}}}", n=name, b=born
        )
    for id in ids:
        yield await ask(f"query($i:ID!){{node(id:$i){{__typename ... on Person{{{PERSON}}}}}}}", i=id)
        yield await ask(f"query($i:ID!){{household(id:$i){{id {MEMBERS}}}}}", i=id)
        yield await ask(f"query($i:ID!){{person(id:$i){{{SOURCED}}}}}", i=id)
        for instant, day in known.moments[-1:]:
            for asked in (
                f"person(id:$i,asOf:$t,on:$d){{{PERSON}}}",
                f"household(id:$i,asOf:$t,on:$d){{id {MEMBERS}}}",
            ):
                yield await ask(f"query($i:ID!,$t:DateTime,$d:Date){{{asked}}}", i=id, t=instant, d=day)
        yield await ask(f"query($i:ID!){{myAccessLog(about:$i,first:100){LOG}}}", i=id)
        yield await ask(f"query($i:ID!){{kin(of:$i,depth:8,first:100){{{KIN}}}}}", i=id)
        yield await ask(
            f"query($i:ID!){{kinPath(from:$i,to:$i,depth:2){{degree steps{{{_LINES} person{{id}}}}}}}}", i=id
        )
        yield await ask(
            "query($r:[_Any!]!){_entities(representations:$r){__typename ... on Person{id name{surname}}}}",
            r=[{"__typename": "Person", "id": id}, {"__typename": "Household", "id": id}],
        )


def ids_in(body: bytes) -> set[str]:
    """All ids an answer holds."""
    return set(re.findall(r'"id":"([A-Za-z0-9_-]{20,})"', body.decode()))
