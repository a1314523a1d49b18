"""DCI: signed both ways; what is not signed by the registry is not taken."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest

from connectors.agencies.civil import AGENCY
from connectors.protocols.access import AgencyAccess
from connectors.protocols.dci import Dci
from connectors.protocols.page import Page
from domain.clock import FixedClock
from domain.errors import Unavailable
from tests.connectors.protocols.servers import Registry, digest, key, private, public, serving, sign

OWN, CLIENT, STRANGER, COURT = key("civil-1"), key("kindred-1"), key("civil-1"), key("court-1")
CLOCK = FixedClock(datetime(2031, 2, 3, 4, 5, 6, tzinfo=UTC))
ROWS = [{"change_seq": n, "act_no": f"АК-{n}"} for n in (1, 2, 2, 5, 9)]


async def pages(registry: Registry, cursor: str = "", size: int = 3) -> list[Page]:
    async with serving(registry) as url, aiohttp.ClientSession() as session:
        access = AgencyAccess(url, signing_key=private(CLIENT), keys=public(OWN, COURT), page_size=size, wait=0.01)
        return [page async for page in Dci(session, access, AGENCY.paths, AGENCY.options, CLOCK).pages(cursor)]


async def test_all_rows_once_and_a_cursor_to_go_on_from() -> None:
    found = await pages(Registry(ROWS, OWN, CLIENT))
    assert [row for page in found for row in page.rows] == ROWS
    assert [(page.asked, page.next) for page in found] == [("", "2"), ("2", "9")]
    assert await pages(Registry(ROWS, OWN, CLIENT), "9") == []
    assert [row["change_seq"] for page in await pages(Registry(ROWS, OWN, CLIENT), "2") for row in page.rows] == [5, 9]


async def test_requests_are_stamped_by_the_clock_that_was_handed_in() -> None:
    registry = Registry(ROWS, OWN, CLIENT)
    await pages(registry)
    stamps = {one["header"]["message_ts"] for one in registry.asked}
    assert stamps == {"2031-02-03T04:05:06Z"}
    assert {one["message"]["search_request"][0]["timestamp"] for one in registry.asked} == stamps


def _altered(envelope: dict[str, Any]) -> dict[str, Any]:
    envelope["message"]["search_response"][0]["data"]["reg_records"][0]["act_no"] = "AK-x"
    return envelope


def _of_another_transaction(envelope: dict[str, Any]) -> dict[str, Any]:
    envelope["message"]["transaction_id"] = "old"
    return envelope | {"signature": sign(OWN, digest(envelope["header"], envelope["message"]))}


@pytest.mark.parametrize(
    "spoil",
    [
        _altered,
        _of_another_transaction,
        lambda e: {k: v for k, v in e.items() if k != "signature"},
        lambda e: e | {"signature": None},
        lambda e: e | {"signature": "a.b.c"},
        lambda e: e | {"signature": "é"},
        lambda e: e | {"signature": sign(STRANGER, digest(e["header"], e["message"]))},
        lambda e: e | {"signature": sign(COURT, digest(e["header"], e["message"]))},
        lambda e: e | {"signature": sign(OWN, digest({}, e["message"]))},
        lambda e: {"signature": e["signature"], "header": e["header"]},
    ],
)
async def test_what_the_registry_did_not_sign_so_is_refused(spoil: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    registry = Registry(ROWS, OWN, CLIENT)
    registry.spoil = spoil
    with pytest.raises(Unavailable):
        await pages(registry)


async def test_rows_without_a_place_spoil_themselves_alone() -> None:
    registry = Registry([{"change_seq": 1}, {"change_seq": 2}], OWN, CLIENT)

    def strip(envelope: dict[str, Any]) -> dict[str, Any]:
        rows = envelope["message"]["search_response"][0]["data"]["reg_records"]
        rows.append({"odd": True})
        return envelope | {"signature": sign(OWN, digest(envelope["header"], envelope["message"]))}

    registry.spoil = strip
    (page, *_) = await pages(registry, size=10)
    assert page.next == "2"
    assert len(page.rows) == 3
