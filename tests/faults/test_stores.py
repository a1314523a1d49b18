"""Graph or docket failing, or giving what cannot be read: denied or unavailable, never told, never guessed."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from typing import Any

import pytest

from domain.errors import Broken, Unavailable
from domain.principals import Principal
from tests.negatives.cast import FAMILY_CASE, family_case
from tests.worlds.copies import Made, protect
from tests.worlds.hub import Hub

CARD = """query($i:ID!){person(id:$i){id name{surname} residence{street} income{month amount}
  households{members{edges{node{role person{id name{surname}}}}}} kin(depth:1){edges{node{person{id}}}}}}"""
SECRET = "SELECT * FROM people WHERE name = 'Досжанов'"


class FailsAt:
    """A store one of whose calls raises."""

    def __init__(self, store: Any, method: str, error: Exception) -> None:
        self._store = store
        self._method = method
        self._error = error
        self.reached = False

    def __getattr__(self, name: str) -> Any:
        return self._fail if name == self._method else getattr(self._store, name)

    async def _fail(self, *_given: Any, **_named: Any) -> Any:
        self.reached = True
        raise self._error


async def _asked(here: Hub, made: Made) -> tuple[Principal, dict[str, str]]:
    who = await family_case(here, made, "caseworker")
    return who, {"i": await here.person_id(who, made.sample["family"]["head"]["recordId"])}


def _empty(body: bytes) -> bool:
    """Whether an answer holds no data about anybody."""
    data = json.loads(body).get("data")
    return data is None or all(value is None for value in data.values())


READS = ["find", "owners", "facts", "ties", "links", "records", "households", "sequence"]


@pytest.mark.parametrize("error", [Unavailable(cause=SECRET), Broken(cause=SECRET), sqlite3.OperationalError(SECRET)])
@pytest.mark.parametrize("method", READS)
async def test_the_graph_fails(
    here: Hub, made: Made, method: str, error: Exception, capsys: pytest.CaptureFixture[str]
) -> None:
    """At any of its calls, with an error of ours or none of ours."""
    who, variables = await _asked(here, made)
    graph = FailsAt(here.parts.reader, method, error)
    try:
        answer = await here.with_parts(reader=graph).ask(who, CARD, variables, case=FAMILY_CASE)
    except sqlite3.OperationalError:
        # Not of ours: what serves makes INTERNAL of it (tests of HTTP); here it is enough that nothing came back.
        assert graph.reached
        return
    assert graph.reached and _empty(answer.body)
    assert json.loads(answer.body)["errors"][0]["extensions"]["code"] in {"UNAVAILABLE", "INTERNAL"}
    said = capsys.readouterr()
    assert "SELECT" not in answer.body.decode() and "Досжанов" not in answer.body.decode()
    if isinstance(error, sqlite3.Error):
        assert "Досжанов" not in said.out + said.err, "the text of an error that is none of ours may quote people"


@pytest.mark.parametrize("method", ["case", "protection"])
@pytest.mark.parametrize("error", [Unavailable(cause=SECRET), Broken(cause=SECRET)])
async def test_the_docket_fails(here: Hub, made: Made, method: str, error: Exception) -> None:
    """No protection known, no answer: not knowing who is protected is no leave to show anybody."""
    who, variables = await _asked(here, made)
    docket = FailsAt(here.parts.docket, method, error)
    answer = await here.with_parts(docket=docket).ask(who, CARD, variables, case=FAMILY_CASE)
    assert docket.reached and _empty(answer.body) and "SELECT" not in answer.body.decode()
    assert answer.status in (200, 500, 503)


async def test_hidden_and_seen_fail_alike(here: Hub, made: Made) -> None:
    """A failure tells nothing either: the answers about somebody and about nobody are the same bytes."""
    who, variables = await _asked(here, made)
    nobody = {"i": here.parts.ring.outward(who.sector).encode("P", 2**57 + 1)}
    for method in READS:
        failing = here.with_parts(reader=FailsAt(here.parts.reader, method, Unavailable(cause="gone")))
        first = await failing.ask(who, CARD, variables, case=FAMILY_CASE)
        second = await failing.ask(who, CARD, nobody, case=FAMILY_CASE)
        assert (first.status, first.body) == (second.status, second.body), method


async def test_altered_records_are_never_shown(here: Hub, made: Made) -> None:
    """A sealed payload of another person, of another category, cut, or with a bit changed: an error, not a value."""
    who, variables = await _asked(here, made)
    reader = here.parts.reader

    for change in (
        lambda rows: [replace(row, sealed=bytes([row.sealed[0] ^ 1]) + row.sealed[1:]) for row in rows],
        lambda rows: [replace(row, sealed=row.sealed[:-1]) for row in rows],
        lambda rows: [replace(row, sealed=b"") for row in rows],
        lambda rows: [replace(row, sealed=rows[-1].sealed) for row in rows[:-1]],
    ):

        class Altered:
            def __getattr__(self, name: str) -> Any:
                return getattr(reader, name)

            async def records(self, ids: Any, categories: Any, change: Any = change) -> Any:
                return change(await reader.records(ids, categories))

        answer = await here.with_parts(reader=Altered()).ask(who, CARD, variables, case=FAMILY_CASE)
        assert _empty(answer.body) and b'"code":"INTERNAL"' in answer.body


async def test_altered_facts_hide_the_person(here: Hub, made: Made) -> None:
    """Facts that cannot be opened: no decision can rest on them, so nobody is shown by them."""
    who, variables = await _asked(here, made)
    reader = here.parts.reader

    class Altered:
        def __getattr__(self, name: str) -> Any:
            return getattr(reader, name)

        async def facts(self, ids: Any) -> Any:
            found = await reader.facts(ids)
            people = {i: replace(s, facts=s.facts[:-1] + bytes([s.facts[-1] ^ 1])) for i, s in found.people.items()}
            return replace(found, people=people)

    answer = await here.with_parts(reader=Altered()).ask(who, CARD, variables, case=FAMILY_CASE)
    assert _empty(answer.body) and answer.status in (200, 500)


async def test_protection_that_cannot_be_read_is_the_highest(here: Hub, made: Made) -> None:
    """A damaged protective matter hides as a strict grade does: from the caseworker the location at least."""
    who, variables = await _asked(here, made)
    shown = await here.ask(who, CARD, variables, case=FAMILY_CASE)
    street = json.loads(shown.body)["data"]["person"]["residence"][0]["street"]
    await protect(here, made.sample["family"]["head"]["recordId"])
    database = sqlite3.connect(here.folder / "docket.db")
    with database:
        assert database.execute("UPDATE protective SET sealed = zeroblob(length(sealed))").rowcount
    database.close()
    answer = await here.ask(who, CARD, variables, case=FAMILY_CASE)
    assert street not in answer.body.decode()
