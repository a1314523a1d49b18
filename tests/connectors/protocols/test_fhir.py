"""FHIR: the same pages whatever the server cuts, nothing twice at the last instant, repeats kept."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.agencies.health import AGENCY
from connectors.protocols.access import AgencyAccess
from connectors.protocols.fhir import Fhir
from connectors.protocols.page import Page
from domain.errors import Unavailable
from tests.connectors.protocols.servers import Hospital, serving


def resource(kind: str, number: int, second: int) -> dict[str, Any]:
    meta = {"versionId": "1", "lastUpdated": f"2026-01-01T00:00:{second:02d}Z"}
    return {"resourceType": kind, "id": f"{kind}-{number}", "meta": meta}


async def pages(hospital: Hospital, cursor: str = "", size: int = 4) -> list[Page]:
    async with serving(hospital=hospital) as url, aiohttp.ClientSession() as session:
        access = AgencyAccess(url, page_size=size, wait=0.01)
        return [page async for page in Fhir(session, access, AGENCY.paths, {}).pages(cursor)]


PATIENTS = [resource("Patient", n, n // 4) for n in range(11)]
COVERS = [resource("Coverage", n, 3) for n in range(5)]
REPEAT = [PATIENTS[5]]
ALL = sorted(PATIENTS + REPEAT, key=lambda r: (r["meta"]["lastUpdated"], r["id"])) + COVERS


@pytest.mark.parametrize("cut", [1, 2, 3, 7, 100])
async def test_all_once_in_the_same_pages_whatever_the_server_cuts(cut: int) -> None:
    found = await pages(Hospital(ALL, cut))
    assert [row for page in found for row in page.rows] == ALL
    assert [page.rows for page in found] == [page.rows for page in await pages(Hospital(ALL, 100))]


async def test_going_on_from_any_page_gives_the_same_rest() -> None:
    whole = await pages(Hospital(ALL, 3))
    for n, page in enumerate(whole):
        assert await pages(Hospital(ALL, 5), page.asked) == whole[n:]
    assert await pages(Hospital(ALL, 3), whole[-1].next) == []


async def test_what_is_written_later_in_the_last_instant_is_not_missed() -> None:
    last = (await pages(Hospital(ALL, 3)))[-1].next
    late = resource("Patient", 99, 2)
    (page,) = await pages(Hospital([late, *ALL], 3), last)
    assert page.rows == (late,)
    (page,) = await pages(Hospital([*ALL, ALL[-1]], 3), last)
    assert page.rows == (ALL[-1],)


@given(st.lists(st.integers(0, 3), max_size=12), st.integers(1, 5), st.integers(1, 5))
def test_any_instants_any_cut(seconds: list[int], cut: int, size: int) -> None:
    rows = [resource("Patient", n, second) for n, second in enumerate(sorted(seconds))]
    found = asyncio.run(pages(Hospital(rows, cut), size=size))
    assert [row for page in found for row in page.rows] == rows


async def test_one_instant_holds_so_many_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the cursor, which names them, would grow with whatever the server stamps alike."""
    monkeypatch.setattr("connectors.protocols.fhir.MOST_AT_ONCE", 6)
    alike = [resource("Patient", n, 7) for n in range(7)]
    before = [resource("Patient", n, 1) for n in range(90, 96)]
    found = await pages(Hospital([*before, *alike[:6], alike[5]], 3))
    assert sum(len(page.rows) for page in found) == 13
    with pytest.raises(Unavailable) as refused:
        await pages(Hospital([*before, *alike], 3))
    assert "lastUpdated" in str(refused.value.cause)
    with pytest.raises(Unavailable):
        await pages(Hospital([*before, *alike], 3), found[-1].next)


async def test_a_link_that_leads_elsewhere_is_not_followed() -> None:
    hospital = Hospital(ALL, 3)
    hospital.elsewhere = "http://127.0.0.2:1/fhir/Patient"
    with pytest.raises(Unavailable):
        await pages(hospital)
