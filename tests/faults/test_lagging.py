"""A graph that is read from a replica some batches behind: as new as the last protective write, or unavailable."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from docket.dossiers import IntakeRow, Matter, Outcome
from domain.claims import ProtectiveKind
from domain.ids import KeyHash, SourceKey
from domain.principals import Principal
from graph.shapes import Batch, NewKey
from resolvers.request import Answer
from tests.conformance.graph.stale import FRESH, Lagging, frozen
from tests.negatives.cast import FAMILY_CASE, family_case
from tests.worlds.copies import Made
from tests.worlds.hub import Hub

CARD = """query($i:ID!){person(id:$i){id name{surname} residence{street} income{month amount}
  households{members{edges{node{role person{id name{surname} residence{street}}}}}}
  kin(depth:1){edges{node{person{id}}}}}}"""
LATE = "2026-11-24T10:00:00.000Z"


async def grade_a_new_key(here: Hub, record: str) -> None:
    """The docket takes in a strict grade, the graph then whose key it is over, as a pull would."""
    hasher = here.parts.ring.hasher
    key = hasher.source_key(SourceKey("health", "a patient number"))
    await _graded(here, key)
    person = await here.internal(record)
    wrapped = here.parts.ring.sealer.new_key().wrapped
    await here.graph.writer.write(Batch(LATE, keys=(NewKey(key, "health", wrapped, person, "matched"),)))


async def _graded(here: Hub, key: KeyHash) -> None:
    hasher = here.parts.ring.hasher
    matter = Matter(ProtectiveKind.GRADE, ((key,),), "strict", None)
    row = IntakeRow(
        source="population",
        position=hasher.position("population", "late", 0),
        digest=hasher.row("population", b"late"),
        record=hasher.record("population", "late", 1),
        outcome=Outcome.ACCEPTED,
        protective=(matter,),
    )
    await here.parts.docket.intake([row])


async def forget(here: Hub, record: str) -> None:
    """Somebody is erased."""
    await here.graph.upkeep.forget([await here.internal(record)], [])


CHANGES: dict[str, Callable[[Hub, str], Awaitable[None]]] = {"graded": grade_a_new_key, "erased": forget}


@asynccontextmanager
async def _behind(
    here: Hub, made: Made, folder: Path, change: str, head: str
) -> AsyncIterator[tuple[Any, Answer, Answer]]:
    """A frozen state, what was answered from it while it was the newest, and what the newest answers after a change."""
    who, variables = await _asked(here, made)
    before = await here.ask(who, CARD, variables, case=FAMILY_CASE)
    async with frozen(here.graph, folder) as replica:
        await CHANGES[change](here, head)
        yield replica, before, await here.ask(who, CARD, variables, case=FAMILY_CASE)


async def _asked(here: Hub, made: Made) -> tuple[Principal, dict[str, str]]:
    who = await family_case(here, made, "caseworker")
    return who, {"i": await here.person_id(who, made.sample["family"]["head"]["recordId"])}


@pytest.mark.parametrize("change", sorted(CHANGES))
async def test_what_policy_needs_is_never_stale_or_nothing_is_told(
    here: Hub, made: Made, tmp_path: Path, change: str
) -> None:
    head = made.sample["family"]["head"]["recordId"]
    who, variables = await _asked(here, made)
    async with _behind(here, made, tmp_path / "replica", change, head) as (replica, before, newest):
        assert before.body != newest.body, "the control: it matters"
        reader = Lagging(here.parts.reader, replica)
        answer = await here.with_parts(reader=reader).ask(who, CARD, variables, case=FAMILY_CASE)
        assert reader.late, "the control: something was asked of the replica"
        assert answer.body == newest.body or _unavailable(answer)
        assert answer.body != before.body
        # Nor does it tell whether there is anybody.
        nobody = {"i": here.parts.ring.outward(who.sector).encode("P", 2**57 + 1)}
        other = await here.with_parts(reader=reader).ask(who, CARD, nobody, case=FAMILY_CASE)
        assert (other.status, other.body) == (answer.status, answer.body)


@pytest.mark.parametrize("change", sorted(CHANGES))
async def test_a_store_without_the_promise_would_tell(here: Hub, made: Made, tmp_path: Path, change: str) -> None:
    """The control of the control: answered from the replica alone, it is shown as if nothing had happened."""
    head = made.sample["family"]["head"]["recordId"]
    who, variables = await _asked(here, made)
    async with _behind(here, made, tmp_path / "replica", change, head) as (replica, before, _):
        lying = here.with_parts(reader=Lagging(here.parts.reader, replica, keeps_promise=False))
        assert (await lying.ask(who, CARD, variables, case=FAMILY_CASE)).body == before.body


@pytest.mark.parametrize("read", sorted(FRESH))
async def test_each_fresh_read_is_needed_fresh_or_made_good(here: Hub, made: Made, tmp_path: Path, read: str) -> None:
    """One of them alone from the replica: which the answer hangs on, and which the last look makes good."""
    head = made.sample["family"]["head"]["recordId"]
    who, variables = await _asked(here, made)
    async with _behind(here, made, tmp_path / "replica", "graded", head) as (replica, before, newest):

        class OneStale:
            def __getattr__(self, name: str) -> Any:
                return getattr(replica if name == read else here.parts.reader, name)

        answer = await here.with_parts(reader=OneStale()).ask(who, CARD, variables, case=FAMILY_CASE)
        assert answer.body != before.body
        assert _unavailable(answer) if read == "facts" else answer.body == newest.body or _unavailable(answer)


async def test_a_replica_that_has_caught_up_serves(here: Hub, made: Made, tmp_path: Path) -> None:
    who, variables = await _asked(here, made)
    newest = await here.ask(who, CARD, variables, case=FAMILY_CASE)
    async with frozen(here.graph, tmp_path / "replica") as replica:
        reader = Lagging(here.parts.reader, replica)
        answer = await here.with_parts(reader=reader).ask(who, CARD, variables, case=FAMILY_CASE)
    assert (answer.status, answer.body) == (newest.status, newest.body)
    assert not reader.late


def _unavailable(answer: Answer) -> bool:
    body = json.loads(answer.body)
    codes = {error["extensions"]["code"] for error in body["errors"]} if "errors" in body else set()
    data = body.get("data")
    return codes == {"UNAVAILABLE"} and (data is None or all(value is None for value in data.values()))
