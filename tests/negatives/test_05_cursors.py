"""5: cursors hold no hidden rows or keys; another's, another connection's and a made-up one give the empty page."""

from __future__ import annotations

import base64
from typing import Any

from domain.principals import Principal
from tests.negatives.cast import FAMILY_CASE, caller, family_case, flipped
from tests.negatives.recording import recorded
from tests.worlds.copies import Made, homes_of, open_case
from tests.worlds.hub import Hub

INFO = "pageInfo{hasNextPage hasPreviousPage startCursor endCursor}"
KIN = (
    "query($i:ID!,$d:Int!,$f:[Family!],$a:String){kin(of:$i,depth:$d,families:$f,first:2,after:$a)"
    f"{{{INFO} edges{{cursor node{{person{{id}}}}}}}}}}"
)
FIND = f"query($n:String,$a:String){{findPerson(nationalId:$n,after:$a){{{INFO} edges{{cursor node{{id}}}}}}}}"
MEMBERS = (
    f"query($i:ID!,$a:String){{household(id:$i){{members(first:1,after:$a){{{INFO} edges{{cursor node{{role}}}}}}}}}}"
)
LOG = f"query($a:String,$w:String){{accessLog(first:2,after:$a,actor:$w){{{INFO} edges{{cursor node{{id}}}}}}}}"
OWN_LOG = f"query($a:String){{myAccessLog(first:2,after:$a){{{INFO} edges{{cursor node{{id}}}}}}}}"
EMPTY = {
    "pageInfo": {"hasNextPage": False, "hasPreviousPage": False, "startCursor": None, "endCursor": None},
    "edges": [],
}
MADE_UP = ["", "x", "AAAA", "0" * 43, "9" * 400, "Ә" * 12, base64.urlsafe_b64encode(b"1|2").decode()]


async def _kin(here: Hub, who: Principal, id: str, after: str | None, depth: int = 2, families: Any = None) -> Any:
    variables = {"i": id, "d": depth, "f": families, "a": after}
    return (await here.data(who, KIN, variables, case=FAMILY_CASE))["kin"]


async def test_kin(here: Hub, made: Made) -> None:
    who = await family_case(here, made, "caseworker")
    family = made.sample["family"]
    id = await here.person_id(who, family["head"]["recordId"])
    first = await _kin(here, who, id, None)
    cursor = first["pageInfo"]["endCursor"]
    assert first["pageInfo"]["hasNextPage"] and (await _kin(here, who, id, cursor))["edges"], "the caller's own goes on"
    colleague = Principal(**{**{f: getattr(who, f) for f in Principal.__dataclass_fields__}, "actor": "officer-2"})
    other_case = "CASE-990000008"
    await open_case(here, colleague, other_case, [family["head"]["recordId"], family["spouse"]["recordId"]])
    theirs = (await here.data(colleague, KIN, {"i": id, "d": 2, "f": None, "a": None}, case=other_case))["kin"]
    assert theirs["edges"] and theirs["pageInfo"]["endCursor"] != cursor
    spouse = await here.person_id(who, family["spouse"]["recordId"])
    foreign = [theirs["pageInfo"]["endCursor"], (await _kin(here, who, spouse, None))["pageInfo"]["endCursor"]]
    foreign.append((await _kin(here, who, id, None, depth=3))["pageInfo"]["endCursor"])
    foreign.append((await _kin(here, who, id, None, families=["PARENT"]))["pageInfo"]["endCursor"])
    for bad in (*foreign, flipped(cursor), cursor[:-1], cursor + "A", *MADE_UP):
        assert await _kin(here, who, id, bad) == EMPTY, bad
    assert (await here.data(colleague, KIN, {"i": id, "d": 2, "f": None, "a": cursor}, case=other_case))["kin"] == EMPTY


async def test_found_and_members(here: Hub, made: Made) -> None:
    who = await family_case(here, made, "caseworker")
    family = made.sample["family"]
    found = (await here.data(who, FIND, {"n": family["head"]["iin"]}, case=FAMILY_CASE))["findPerson"]
    other = (await here.data(who, FIND, {"n": family["spouse"]["iin"]}, case=FAMILY_CASE))["findPerson"]
    outward = here.parts.ring.outward(who.sector)
    home = outward.encode("H", (await homes_of(here, family["head"]["recordId"]))[0])
    member = (await here.data(who, MEMBERS, {"i": home}, case=FAMILY_CASE))["household"]["members"]
    assert found["edges"] and other["edges"] and member["pageInfo"]["hasNextPage"]
    for bad in (other["pageInfo"]["endCursor"], member["pageInfo"]["endCursor"], *MADE_UP):
        asked = {"n": family["head"]["iin"], "a": bad}
        assert (await here.data(who, FIND, asked, case=FAMILY_CASE))["findPerson"] == EMPTY, bad
    for bad in (found["pageInfo"]["endCursor"], *MADE_UP):
        answer = await here.data(who, MEMBERS, {"i": home, "a": bad}, case=FAMILY_CASE)
        assert answer["household"]["members"] == EMPTY, bad


async def test_logs(here: Hub, made: Made) -> None:
    """Of the reviewers' log and of a family's own: each is a connection of its own, for each filter."""
    who = await family_case(here, made, "caseworker")
    id = await here.person_id(who, made.sample["family_member"]["recordId"])
    for _ in range(4):
        await here.data(who, "query($i:ID!){person(id:$i){id}}", {"i": id}, case=FAMILY_CASE)
    reviewer = here.officer(made.country, "privacy_officer")
    account = (await caller(here, made, "family_member")).who
    page = (await here.data(reviewer, LOG, {}))["accessLog"]
    filtered = (await here.data(reviewer, LOG, {"w": who.actor}))["accessLog"]
    own = (await here.data(account, OWN_LOG, {}))["myAccessLog"]
    assert page["pageInfo"]["hasNextPage"] and filtered["edges"] and own["pageInfo"]["hasNextPage"]
    assert (await here.data(account, OWN_LOG, {"a": own["pageInfo"]["endCursor"]}))["myAccessLog"]["edges"]
    for bad in (filtered["pageInfo"]["endCursor"], own["pageInfo"]["endCursor"], *MADE_UP):
        assert (await here.data(reviewer, LOG, {"a": bad}))["accessLog"] == EMPTY, bad
    for bad in (page["pageInfo"]["endCursor"], flipped(own["pageInfo"]["endCursor"]), *MADE_UP):
        assert (await here.data(account, OWN_LOG, {"a": bad}))["myAccessLog"] == EMPTY, bad


async def test_bad_cursors_make_the_calls_of_good_ones(here: Hub, made: Made) -> None:
    who = await family_case(here, made, "caseworker")
    id = await here.person_id(who, made.sample["family"]["head"]["recordId"])
    watched, calls = recorded(here)
    cursor = (await _kin(watched, who, id, None))["pageInfo"]["endCursor"]
    sequences = []
    for after in (cursor, flipped(cursor), "x", ""):
        mark = len(calls.made)
        await _kin(watched, who, id, after)
        sequences.append(calls.since(mark))
    assert len(set(sequences)) == 1


async def test_they_hold_no_ids_in_the_open(here: Hub, made: Made) -> None:
    """Sealed: neither internal ids nor national ids stand in them, and one id has another cursor for each caller."""
    who = await family_case(here, made, "caseworker")
    head = made.sample["family"]["head"]
    found = (await here.data(who, FIND, {"n": head["iin"]}, case=FAMILY_CASE))["findPerson"]
    cursor = found["edges"][0]["cursor"]
    raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    internal = await here.internal(head["recordId"])
    for secret in (head["iin"].encode(), b"%d" % internal, internal.to_bytes(8, "big"), who.actor.encode()):
        assert secret not in raw and secret not in cursor.encode()
