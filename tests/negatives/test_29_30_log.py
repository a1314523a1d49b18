"""29, 30: reading the log is itself authorised and logged; quiet looks stay quiet; tampering is found from outside."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from domain.entries import Act
from policy.activity import RootRead
from policy.ledger.verifying import verify_export
from tests.negatives.cast import FAMILY_CASE, READERS, caller, family_case
from tests.worlds.copies import Made, open_case
from tests.worlds.hub import Hub

LOG = "{accessLog(first:50){edges{node{id actor activity act case subjects{person}}}}}"
OWN = "{myAccessLog(first:50){totalCount edges{node{id actor agency role activity}}}}"
LOOK = "query($i:ID!){person(id:$i){id name{surname}}}"


@pytest.mark.parametrize("role", READERS)
async def test_only_a_reviewer_reads_the_log(here: Hub, made: Made, role: str) -> None:
    asks = await caller(here, made, role)
    answer = await here.ask(asks.who, LOG, case=asks.case)
    assert json.loads(answer.body)["data"] == {"accessLog": None} and b"ACTIVITY_REFUSED" in answer.body
    (entry,) = await here.parts.ledger.entries(10)
    assert entry.header.role == role, "the attempt stands in the log"
    assert (entry.header.act, entry.header.decision, entry.header.reason) == (Act.DENIAL, "deny", "ACTIVITY_REFUSED")
    assert not entry.subjects
    told = entry.asked if not entry.header.quiet else {"attempted": [], "refused": [RootRead.ACCESS_LOG]}
    assert told == {"attempted": [], "refused": [RootRead.ACCESS_LOG]}


@pytest.mark.parametrize("role", [*READERS[:-1], "privacy_officer"])
async def test_only_accounts_read_own_logs(here: Hub, made: Made, role: str) -> None:
    if role == "privacy_officer":
        who, case = here.officer(made.country, role), None
    else:
        asks = await caller(here, made, role)
        who, case = asks.who, asks.case
    answer = await here.ask(who, OWN, case=case)
    assert json.loads(answer.body)["data"] == {"myAccessLog": None} and b"ACTIVITY_REFUSED" in answer.body


async def test_what_was_done_is_not_hidden_behind_what_was_refused(here: Hub, made: Made) -> None:
    """A refused act beside a look or a search: the entry keeps the act, and its sealed body lists what was refused."""
    asks = await caller(here, made, "caseworker")
    seen = {"i": await here.person_id(asks.who, asks.sees)}
    nobody = {"i": here.parts.ring.outward(asks.who.sector).encode("P", 2**57 + 1)}
    hidden = {"i": await here.person_id(asks.who, asks.hidden[0])}
    refused = "accessLog(first:1){totalCount} myAccessLog(first:1){totalCount}"
    look = f"query($i:ID!){{person(id:$i){{id}} {refused}}}"
    search = f'{{findPerson(nationalId:"000000000000",first:1){{totalCount}} {refused}}}'
    told = []
    for query, variables in ((look, seen), (search, {}), (look, nobody), (look, hidden), (LOOK, nobody)):
        await here.ask(asks.who, query, variables, case=asks.case)
        (entry,) = await here.parts.ledger.entries(1)
        told.append((entry.header.act, entry.header.decision, entry.header.reason, (entry.asked or {}).get("refused")))
    both = [RootRead.ACCESS_LOG, RootRead.MY_ACCESS_LOG]
    assert told == [
        (Act.CONSULTATION, "permit", None, both),
        (Act.SEARCH, "none_shown", None, both),
        (Act.DENIAL, "deny", "ACTIVITY_REFUSED", both),
        (Act.DENIAL, "deny", "ACTIVITY_REFUSED", both),
        (Act.CONSULTATION, "none_shown", None, None),
    ], "hidden as nonexistent"


async def test_reading_a_log_is_an_entry(here: Hub, made: Made) -> None:
    reviewer = here.officer(made.country, "privacy_officer")
    await here.data(reviewer, LOG)
    await here.data(reviewer, LOG)
    account = (await caller(here, made, "family_member")).who
    await here.data(account, OWN)
    acts = [(entry.header.act, entry.header.role) for entry in await here.parts.ledger.entries(10)]
    assert acts == [(Act.LOG_READ, "family_member"), *[(Act.LOG_READ, "privacy_officer")] * 2]


async def test_quiet_looks_stand_in_no_account_and_are_sealed_for_reviewers(here: Hub, made: Made) -> None:
    """A look of the DV unit at a family member: the account's bytes are as before, the reviewer sees no subject."""
    family = made.sample["family_member"]["recordId"]
    account = (await caller(here, made, "family_member")).who
    before = (await here.ask(account, OWN)).body
    unit = here.officer(made.country, "dv_unit")
    case = "CASE-990000041"
    await open_case(here, unit, case, [family])
    found = await here.data(unit, LOOK, {"i": await here.person_id(unit, family)}, case=case)
    assert found["person"]["id"]
    assert (await here.ask(account, OWN)).body == before
    reviewer = here.officer(made.country, "privacy_officer")
    entries = [edge["node"] for edge in (await here.data(reviewer, LOG))["accessLog"]["edges"]]
    quiet = next(entry for entry in entries if entry["activity"] == "dv-response")
    assert quiet["subjects"] == [] and quiet["case"] is None
    about = "query($i:ID!){accessLog(about:$i,first:50){edges{node{activity}}}}"
    id = await here.person_id(reviewer, family)
    of_subject = (await here.data(reviewer, about, {"i": id}))["accessLog"]["edges"]
    assert all(edge["node"]["activity"] != "dv-response" for edge in of_subject)
    worker = await family_case(here, made, "caseworker")
    await here.data(worker, LOOK, {"i": await here.person_id(worker, family)}, case=FAMILY_CASE)
    assert (await here.ask(account, OWN)).body != before, "a look that is not quiet is told"


async def test_tampering_is_found(here: Hub, made: Made, tmp_path: Path) -> None:
    """30: a log that a hub wrote, exported, verified with the public key alone; then altered, cut, reordered."""
    asks = await caller(here, made, "caseworker")
    for _ in range(5):
        await here.ask(asks.who, LOOK, {"i": await here.person_id(asks.who, asks.sees)}, case=asks.case)
    file, key = tmp_path / "log.export", tmp_path / "ledger.pub"
    await here.parts.ledger.export(file)
    here.parts.ledger.write_public_key(key)
    assert _verdict(file, key) == 0
    lines = file.read_bytes().splitlines(keepends=True)
    leaf = next(n for n, line in enumerate(lines) if b"consultation" in line)
    for altered in (
        [*lines[:leaf], lines[leaf].replace(b"consultation", b"consultatiom"), *lines[leaf + 1 :]],
        lines[1:],
        [lines[1], lines[0], *lines[2:]],
        [*lines[:leaf], *lines[leaf + 1 :]],
    ):
        file.write_bytes(b"".join(altered))
        assert _verdict(file, key) == 1


def _verdict(file: Path, key: Path) -> int:
    """What somebody outside, with the file and the public key alone, is told: 0 intact, 1 altered."""
    return int(verify_export(file, key.read_text()).outcome)
