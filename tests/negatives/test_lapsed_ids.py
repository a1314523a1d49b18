"""Outward ids and cursors of an older key: honoured until an instant, and then as any made-up text, calls included."""

from __future__ import annotations

import secrets
from datetime import timedelta

from tests.negatives.cast import FAMILY_CASE, family_case
from tests.negatives.recording import recorded
from tests.negatives.test_05_cursors import EMPTY, KIN
from tests.worlds.copies import Made
from tests.worlds.hub import Hub
from vault.provider import Root
from vault.rotation import with_new

HOUR = timedelta(hours=1)


def rotate(here: Hub) -> None:
    """As `kindred keys rotate outward` does, in memory: older ids are honoured for an hour."""
    ring, now = here.parts.ring, here.clock.now()
    ring._adopt(with_new(ring._roots, [Root.OUTWARD], [secrets.token_bytes(32)], now, now + HOUR))


async def test_older_ids_lapse_into_nobodys(here: Hub, made: Made) -> None:
    who = await family_case(here, made, "caseworker")
    record = made.sample["family"]["head"]["recordId"]
    old = await here.person_id(who, record)
    kin = {"d": 2, "f": None, "a": None}
    first = (await here.data(who, KIN, {**kin, "i": old}, case=FAMILY_CASE))["kin"]
    cursor = first["pageInfo"]["endCursor"]
    assert first["pageInfo"]["hasNextPage"]
    rotate(here)
    new = await here.person_id(who, record)
    query = "query($i:ID!){person(id:$i){id} node(id:$i){id}}"
    for id in (old, new):
        assert await here.data(who, query, {"i": id}, case=FAMILY_CASE) == {"person": {"id": new}, "node": {"id": new}}
    assert old != new
    assert (await here.data(who, KIN, {**kin, "i": old, "a": cursor}, case=FAMILY_CASE))["kin"]["edges"]
    here.clock.instant += HOUR
    watched, calls = recorded(here)
    seen = set()
    for id in (old, old[::-1], "A" * 32):
        mark = len(calls.made)
        answer = await watched.ask(who, query, {"i": id}, case=FAMILY_CASE)
        seen.add((answer.status, answer.body, calls.since(mark)))
    assert len(seen) == 1, "a lapsed id differs from one that was made up"
    ((_, body, _),) = seen
    assert b'"person":null' in body
    assert (await here.data(who, query, {"i": new}, case=FAMILY_CASE))["person"] == {"id": new}
    assert (await here.data(who, KIN, {**kin, "i": new, "a": cursor}, case=FAMILY_CASE))["kin"] == EMPTY
