"""Graph or docket failing, or giving what cannot be read: denied or unavailable, never told, never guessed."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from domain.errors import Broken, Unavailable
from domain.ids import PersonId
from domain.principals import Principal
from graph.shapes import Facts, PersonShape
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


def _flip(sealed: bytes) -> bytes:
    return sealed[:-1] + bytes([sealed[-1] ^ 1])


DAMAGES: dict[str, Callable[[PersonShape], PersonShape]] = {
    "facts": lambda s: replace(s, facts=_flip(s.facts)),
    "facts of somebody else": lambda s: replace(s, facts=s.memberships[0].sealed),
    "key": lambda s: replace(s, wrapped=_flip(s.wrapped)),
    "memberships": lambda s: replace(
        s, memberships=tuple(msgspec.structs.replace(m, sealed=_flip(m.sealed)) for m in s.memberships)
    ),
}


class Damaged:
    """A graph in which some people are damaged, wherever they are met."""

    def __init__(self, reader: Any, people: set[PersonId], damage: str) -> None:
        self._reader = reader
        self._people = people
        self._damage = DAMAGES[damage]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reader, name)

    async def facts(self, ids: Any) -> Facts:
        """Facts, some damaged."""
        return self._changed(await self._reader.facts(ids))

    async def links(self, ids: Any, kinds: Any) -> Any:
        """Links, some people at their ends damaged."""
        hop = await self._reader.links(ids, kinds)
        return replace(hop, far=self._changed(hop.far))

    def _changed(self, found: Facts) -> Facts:
        people, around = (
            {i: self._damage(s) if i in self._people else s for i, s in shapes.items()}
            for shapes in (found.people, found.around)
        )
        return replace(found, people=people, around=around)


@pytest.mark.parametrize("damage", DAMAGES)
async def test_damaged_people_are_absent(
    here: Hub, made: Made, damage: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """No decision can rest on what cannot be opened: the bytes are those about nobody, the operator is told."""
    who, variables = await _asked(here, made)
    head = await here.internal(made.sample["family"]["head"]["recordId"])
    nobody = {"i": here.parts.ring.outward(who.sector).encode("P", 2**57 + 1)}
    damaged = here.with_parts(reader=Damaged(here.parts.reader, {head}, damage))
    answer = await damaged.ask(who, CARD, variables, case=FAMILY_CASE)
    assert (answer.status, answer.body) == (200, b'{"data":{"person":null}}')
    assert answer == await damaged.ask(who, CARD, nobody, case=FAMILY_CASE)
    said = capsys.readouterr()
    assert "cannot be opened" in said.out + said.err and str(head) not in said.out + said.err


@pytest.mark.parametrize("damage", DAMAGES)
async def test_a_damaged_person_hides_themselves_alone_in_what_others_are_met_by(
    here: Hub, made: Made, damage: str
) -> None:
    """Kin and households of others leave them out; an account whose owner is damaged is empty, and says no more."""
    who, variables = await _asked(here, made)
    spouse = made.sample["family"]["spouse"]
    internal = await here.internal(spouse["recordId"])
    id = await here.person_id(who, spouse["recordId"])
    assert id in (await here.ask(who, CARD, variables, case=FAMILY_CASE)).body.decode()
    damaged = here.with_parts(reader=Damaged(here.parts.reader, {internal}, damage))
    answer = json.loads((await damaged.ask(who, CARD, variables, case=FAMILY_CASE)).body)
    assert "errors" not in answer and answer["data"]["person"]["name"] and id not in json.dumps(answer)
    own = here.principal("family_member", {"iin": spouse["iin"], "actor": "person-spouse"})
    me = "{me{person{id}}}"
    assert b'"person":{"id":' in (await here.ask(own, me, {})).body
    assert json.loads((await damaged.ask(own, me, {})).body) == {"data": {"me": {"person": None}}}


async def test_who_lives_with_somebody_unreadable_counts_as_graded(here: Hub, made: Made) -> None:
    """Whether a grade reaches them can not be told, so it does: their location is withheld."""
    who, variables = await _asked(here, made)
    street = json.loads((await here.ask(who, CARD, variables, case=FAMILY_CASE)).body)
    assert street["data"]["person"]["residence"][0]["street"]
    spouse = await here.internal(made.sample["family"]["spouse"]["recordId"])
    damaged = here.with_parts(reader=Damaged(here.parts.reader, {spouse}, "memberships"))
    answer = json.loads((await damaged.ask(who, CARD, variables, case=FAMILY_CASE)).body)
    assert answer["data"]["person"]["name"] and not answer["data"]["person"]["residence"]


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
