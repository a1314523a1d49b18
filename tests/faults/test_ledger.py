"""No ledger, no data: however the ledger fails, nothing leaves and nothing of the cause is told."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Sequence
from typing import Any

import pytest

from domain.entries import Act
from domain.principals import Principal
from tests.faults.ledgers import CAUSE, Breaks, FailsAfter, FailsBefore, Hangs, Standing
from tests.negatives.cast import FAMILY_CASE, READERS, caller, family_case
from tests.worlds.copies import Made
from tests.worlds.hub import Hub
from tests.worlds.served import served

QUERIES = {
    "person": "query($i:ID!){person(id:$i){id name{surname givenName}}}",
    "find": "query($n:String){findPerson(nationalId:$n){totalCount edges{node{id name{surname}}}}}",
    "me": "{me{actor role}}",
}
UNAVAILABLE = {
    "message": "The service is not available at present; try again later.",
    "extensions": {"code": "UNAVAILABLE"},
}


def told_nothing(body: bytes, made: Made, record: str) -> None:
    """Only the code: no data, no cause, nobody's name."""
    assert json.loads(body) == {"errors": [UNAVAILABLE]}
    for secret in (CAUSE, made.rows[record]["surname"], made.rows[record]["iin"]):
        assert secret not in body.decode()


async def _head(here: Hub, made: Made) -> tuple[Principal, str, dict[str, str]]:
    who = await family_case(here, made, "caseworker")
    head = made.sample["family"]["head"]["recordId"]
    return who, head, {"i": await here.person_id(who, head), "n": made.rows[head]["iin"]}


@pytest.mark.parametrize("kind", [FailsBefore, FailsAfter, Breaks])
async def test_the_append_fails(
    here: Hub, made: Made, kind: type[Standing], capsys: pytest.CaptureFixture[str]
) -> None:
    """Before or after the entry reached the disk: the caller learns UNAVAILABLE, and the same every time."""
    who, head, variables = await _head(here, made)
    ledger = kind(here.parts.ledger)
    failing = here.with_parts(ledger=ledger)
    for query in QUERIES.values():
        given = {name: value for name, value in variables.items() if f"${name}" in query}
        healthy = await here.ask(who, query, given, case=FAMILY_CASE)
        assert healthy.status == 200 and b'"errors"' not in healthy.body
        answer = await failing.ask(who, query, given, case=FAMILY_CASE)
        assert answer.status == 503
        told_nothing(answer.body, made, head)
    said = capsys.readouterr()
    assert made.rows[head]["surname"] not in said.out + said.err and made.rows[head]["iin"] not in said.out + said.err


async def test_after_an_unsure_append_the_entry_stands_and_a_new_request_has_its_own(here: Hub, made: Made) -> None:
    who, _, variables = await _head(here, made)
    failing = here.with_parts(ledger=FailsAfter(here.parts.ledger))
    await failing.ask(who, QUERIES["person"], {"i": variables["i"]}, case=FAMILY_CASE)
    await here.ask(who, QUERIES["person"], {"i": variables["i"]}, case=FAMILY_CASE)
    entries = await here.parts.ledger.entries(10)
    assert len(entries) == 2 and len({entry.request_id for entry in entries}) == 2


async def test_a_refusal_is_told_only_once_it_is_written(here: Hub, made: Made) -> None:
    """A denial is an entry too: if it cannot be written, not even the refusal is told."""
    who, _, variables = await _head(here, made)
    failing = here.with_parts(ledger=FailsBefore(here.parts.ledger))
    answer = await failing.ask(who, QUERIES["person"], {"i": variables["i"]}, case="CASE-000000000")
    assert answer.status == 503 and json.loads(answer.body) == {"errors": [UNAVAILABLE]}


@pytest.mark.parametrize("kind", [FailsBefore, Breaks, Hangs])
async def test_over_http(here: Hub, made: Made, kind: type[Standing], capfd: pytest.CaptureFixture[str]) -> None:
    """Failing, breaking in a way that is none of ours, hanging: a code, no data, nothing of the cause."""
    who, head, variables = await _head(here, made)
    failing = here.with_parts(ledger=kind(here.parts.ledger))
    async with served(failing, request_seconds=0.5) as hub:
        answer = await hub.ask(who, QUERIES["person"], {"i": variables["i"]}, case=FAMILY_CASE)
    assert answer.status == 503
    assert answer.codes == ["UNAVAILABLE"] and b'"data"' not in answer.body
    said = capfd.readouterr()
    for secret in (CAUSE, "/dev/sda7", made.rows[head]["surname"], made.rows[head]["iin"], variables["i"]):
        assert secret not in answer.body.decode()
        assert secret == CAUSE or secret == "/dev/sda7" or secret not in said.out + said.err
    assert "Traceback" not in said.out + said.err


async def test_the_real_ledger_hangs(here: Hub, made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that never answers: the wait ends by itself, and when the disk comes back the hub goes on."""
    who, head, variables = await _head(here, made)
    released = threading.Event()
    committer: Any = here.parts.ledger._committer
    commit = committer._commit

    def stuck(group: Sequence[Any]) -> Any:
        assert released.wait(20)
        return commit(group)

    monkeypatch.setattr(committer, "_commit", stuck)
    monkeypatch.setattr(committer, "_patience", 0.2)
    answer = await here.ask(who, QUERIES["person"], {"i": variables["i"]}, case=FAMILY_CASE)
    assert answer.status == 503
    told_nothing(answer.body, made, head)
    released.set()
    monkeypatch.undo()
    assert (await here.ask(who, QUERIES["person"], {"i": variables["i"]}, case=FAMILY_CASE)).status == 200


async def test_the_disk_is_full(here: Hub, made: Made) -> None:
    """The real store runs out of pages: requests are answered until then and never after without an entry."""
    who, head, variables = await _head(here, made)
    engine = here.parts.ledger._store._engine
    with engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 8}")
    answered = 0
    for _ in range(200):
        answer = await here.ask(who, QUERIES["person"], {"i": variables["i"]}, case=FAMILY_CASE)
        if answer.status != 200:
            break
        answered += 1
    assert answer.status == 503 and answered > 0
    told_nothing(answer.body, made, head)
    written = [entry for entry in await here.parts.ledger.entries(200) if entry.header.decision == "permit"]
    assert len(written) == answered, "as many answers as entries, no more"


async def test_many_at_once_on_a_failing_ledger(here: Hub, made: Made) -> None:
    """Of requests answered together with some whose entry fails, each gets data exactly if its entry stands."""
    who, _, variables = await _head(here, made)

    class EveryThird(Standing):
        calls = 0

        async def append(self, entry: Any) -> Any:
            self.calls += 1
            if self.calls % 3 == 0:
                return await FailsBefore(self.ledger).append(entry)
            return await super().append(entry)

    ledger = EveryThird(here.parts.ledger)
    flaky = here.with_parts(ledger=ledger)
    ask = flaky.ask
    answers = await asyncio.gather(
        *(ask(who, QUERIES["person"], {"i": variables["i"]}, case=FAMILY_CASE) for _ in range(24))
    )
    assert sum(answer.status == 200 for answer in answers) == len(ledger.entries) == 16
    assert all(answer.status == 200 or b'"data"' not in answer.body for answer in answers)


# --- what makes an entry ---------------------------------------------------------------------------------------------

REFUSALS: dict[str, tuple[dict[str, Any], str]] = {
    "no activity": ({"activity": None}, "ACTIVITY_REQUIRED"),
    "unknown activity": ({"activity": "made-up"}, "ACTIVITY_REFUSED"),
    "another role's": ({"activity": "log-review"}, "ACTIVITY_REFUSED"),
    "no case": ({"case": None}, "CASE_REQUIRED"),
    "invented case": ({"case": "CASE-123456789"}, "CASE_REFUSED"),
}


@pytest.mark.parametrize("what", REFUSALS)
async def test_denials_are_entries(here: Hub, made: Made, what: str) -> None:
    changes, code = REFUSALS[what]
    who, _, variables = await _head(here, made)
    answer = await here.ask(who, QUERIES["person"], {"i": variables["i"]}, **{"case": FAMILY_CASE, **changes})
    assert answer.status == 403 and code in answer.body.decode()
    (entry,) = await here.parts.ledger.entries(10)
    assert (entry.header.act, entry.header.decision, entry.header.reason) == (Act.DENIAL, "deny", code)
    assert entry.actor == who.actor
    asked_for = changes.get("activity") or ""
    assert entry.header.activity in ("", asked_for, "family-card-review")
    assert entry.header.activity != "made-up", "names that no register knows stay out of the header"


@pytest.mark.parametrize("found", [True, False])
async def test_searches_are_entries(here: Hub, made: Made, found: bool) -> None:
    who, _, variables = await _head(here, made)
    national = variables["n"] if found else made.sample["people"]["nobody"]["iin"]
    await here.ask(who, QUERIES["find"], {"n": national}, case=FAMILY_CASE)
    (entry,) = await here.parts.ledger.entries(10)
    assert entry.header.act == Act.SEARCH and entry.header.decision == ("permit" if found else "none_shown")


@pytest.mark.parametrize("role", [*READERS, "privacy_officer"])
async def test_every_answer_behind_the_gate_is_an_entry(here: Hub, made: Made, role: str) -> None:
    if role == "privacy_officer":
        who, case = here.officer(made.country, role), None
    else:
        asks = await caller(here, made, role)
        who, case = asks.who, asks.case
    await here.ask(who, QUERIES["me"], case=case)
    (entry,) = await here.parts.ledger.entries(10)
    assert entry.header.role == role


async def test_the_public_register_makes_none(here: Hub, made: Made) -> None:
    who = here.officer(made.country, "caseworker")
    answer = await here.ask(who, "{processingActivities{name}}", activity=None)
    assert answer.status == 200 and await here.parts.ledger.entries(10) == ()


GARBAGE: list[dict[str, str]] = [
    {},
    {"Authorization": ""},
    {"Authorization": "Bearer"},
    {"Authorization": "Bearer x.y.z"},
    {"Authorization": "Basic dTpw"},
    {"Authorization": "Bearer eyJhbGciOiJub25lIn0.e30."},
]


async def test_unauthenticated_garbage_makes_none(here: Hub, made: Made) -> None:
    """It is counted and forgotten: no look at any store, no entry."""
    who, _, variables = await _head(here, made)
    body = {"query": QUERIES["person"], "variables": {"i": variables["i"]}}
    async with served(here) as hub:
        good = hub.headers(who, FAMILY_CASE)
        tokens = [{**{k: v for k, v in good.items() if k != "Authorization"}, **bad} for bad in GARBAGE]
        tokens.append({**good, "Authorization": good["Authorization"][:-3] + "AAA"})
        tokens.append({**good, "Authorization": f"Bearer {hub.token(who, now=here.clock.now().replace(year=2025))}"})
        for headers in tokens:
            answer = await hub.post(body, headers)
            assert answer.status == 401 and answer.codes == ["UNAUTHENTICATED"]
        assert await hub.entries() == 0
        assert (await hub.post(body, good)).status == 200 and await hub.entries() == 1
