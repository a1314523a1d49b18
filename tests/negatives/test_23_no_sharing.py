"""23: nothing is shared between principals, activities or cases: interleaved, each gets the bytes they get alone."""

from __future__ import annotations

import asyncio
import random
from typing import Any

from domain.principals import Principal
from tests.acquaintance.questions import PERSON
from tests.negatives.cast import READERS, caller
from tests.worlds.copies import Made
from tests.worlds.hub import Hub

CARD = f"query($i:ID!){{person(id:$i){{{PERSON}}}}}"


class Slow:
    """A store that gives way to others at every call, so that requests interleave wherever they can."""

    def __init__(self, store: Any, order: random.Random) -> None:
        self._store = store
        self._order = order

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._store, name)

        async def call(*given: Any, **named: Any) -> Any:
            for _ in range(self._order.randrange(4)):
                await asyncio.sleep(0)
            answer = await found(*given, **named)
            for _ in range(self._order.randrange(4)):
                await asyncio.sleep(0)
            return answer

        return call


async def _requests(here: Hub, made: Made) -> list[tuple[Principal, dict[str, str], str | None]]:
    """Each reader about whom they see and whom they do not; and one person asked about by several."""
    asked: list[tuple[Principal, dict[str, str], str | None]] = []
    head = made.sample["family"]["head"]["recordId"]
    for role in READERS:
        asks = await caller(here, made, role)
        for record in {asks.sees, asks.hidden[0], head}:
            asked.append((asks.who, {"i": await here.person_id(asks.who, record)}, asks.case))
    return asked


async def test_interleaved_as_alone(here: Hub, made: Made) -> None:
    requests = await _requests(here, made)
    alone = [(await here.ask(who, CARD, variables, case=case)).body for who, variables, case in requests]
    assert len(set(alone)) > 5, "there are differences to mix up"
    order = random.Random(7)
    parts = here.parts
    mixed = here.with_parts(
        reader=Slow(parts.reader, order), docket=Slow(parts.docket, order), ledger=Slow(parts.ledger, order)
    )
    for _ in range(3):
        places = [n for n in range(len(requests)) for _ in range(2)]
        order.shuffle(places)
        answers = await asyncio.gather(
            *(mixed.ask(requests[n][0], CARD, requests[n][1], case=requests[n][2]) for n in places)
        )
        for place, answer in zip(places, answers, strict=True):
            assert answer.body == alone[place]


async def test_one_after_another_in_any_order(here: Hub, made: Made) -> None:
    """What one was shown before changes nothing of what another is shown after."""
    requests = await _requests(here, made)
    first = [(await here.ask(who, CARD, variables, case=case)).body for who, variables, case in requests]
    again = [(await here.ask(who, CARD, variables, case=case)).body for who, variables, case in reversed(requests)]
    assert first == again[::-1]


async def test_each_entry_holds_its_own(here: Hub, made: Made) -> None:
    """Notes are not shared either: together or alone, an entry names the same subjects and fields."""
    requests = await _requests(here, made)

    class Kept:
        def __init__(self) -> None:
            self.entries: list[Any] = []

        def __getattr__(self, name: str) -> Any:
            return getattr(here.parts.ledger, name)

        async def append(self, entry: Any) -> Any:
            self.entries.append((entry.actor, entry.variables_hash, entry.act, entry.shown, entry.attempted))
            return await here.parts.ledger.append(entry)

    alone, together = Kept(), Kept()
    for who, variables, case in requests:
        await here.with_parts(ledger=alone).ask(who, CARD, variables, case=case)
    order = random.Random(3)
    mixed = here.with_parts(ledger=together, reader=Slow(here.parts.reader, order))
    await asyncio.gather(*(mixed.ask(who, CARD, variables, case=case) for who, variables, case in requests))
    assert sorted(map(repr, alone.entries)) == sorted(map(repr, together.entries))


async def test_one_document_many_activities(here: Hub, made: Made) -> None:
    """The same document text, kept parsed, serves every role by its own rights."""
    asks = await caller(here, made, "caseworker")
    one = await here.ask(asks.who, CARD, {"i": await here.person_id(asks.who, asks.sees)}, case=asks.case)
    family = await caller(here, made, "family_member")
    two = await here.ask(family.who, CARD, {"i": await here.person_id(family.who, asks.sees)})
    assert one.body != two.body and b'"amount"' in one.body


async def test_control_a_shared_decision_is_caught(here: Hub, made: Made) -> None:
    """Decisions kept by category alone, as a cache shared across activities would keep them, are told apart."""
    table = here.parts.table
    kept: dict[str, Any] = {}

    class Cached:
        def __getattr__(self, name: str) -> Any:
            return getattr(table, name)

        def read(self, activity: Any, category: str, standing: int) -> Any:
            return kept.setdefault(category, table.read(activity, category, standing))

    requests = await _requests(here, made)
    alone = [(await here.ask(who, CARD, variables, case=case)).body for who, variables, case in requests]
    shared = here.with_parts(table=Cached())
    mixed = [(await shared.ask(who, CARD, variables, case=case)).body for who, variables, case in requests]
    assert mixed != alone
