"""Reviews of people over whom a grade came: they wait for cleared stewards, and keep no queue from anybody else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from connectors.identity import handing
from connectors.identity.handing import hand_over
from docket import writes
from docket.dossiers import Line
from docket.store import DocketStore
from resolvers.gate import stewarding
from tests.connectors.hubs import hub
from tests.connectors.listed import Sending
from tests.connectors.rows import iin, person
from tests.worlds.copies import Made, made, protect
from tests.worlds.hub import Hub
from tests.worlds.reviews import family, listed, resolve, steward, under_review


@pytest.fixture
async def here(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A hub over a copy of the country."""
    country = await made(tmp_path_factory.getbasetemp() / "made-here")
    async with country.copy(tmp_path) as one:
        yield one, country


async def test_hidden_ones_at_the_head_keep_nobody_from_what_comes_after(
    here: tuple[Hub, Made], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As many of somebody hidden as a page looks at, and one more of somebody who is not."""
    hub, country = here
    monkeypatch.setattr(stewarding, "WINDOW", 20)
    monkeypatch.setattr(handing, "_AT_ONCE", 7)
    first, *_, last = sorted(country.rows)
    hidden, open_to_all = await hub.internal(first), await hub.internal(last)
    for number in range(20):
        await under_review(hub, number, [hidden])
    await under_review(hub, 20, [open_to_all])
    assert len(await listed(hub, steward(hub))) == 20
    await protect(hub, first)
    assert await listed(hub, steward(hub)) == [], "what the test is about"
    before = await listed(hub, steward(hub, cleared=True))
    assert await hand_over(hub.pulling.keeping) == 20
    (seen,) = await listed(hub, steward(hub))
    assert seen["candidates"][0]["weight"] == 9.5
    after = await listed(hub, steward(hub, cleared=True))
    both = {each["id"] for each in before} & {each["id"] for each in after}
    assert len(both) == 19, "cleared ones see them as before, in a page of 20 the open one too"
    assert await hand_over(hub.pulling.keeping) == 0
    one = next(each for each in after if each["id"] in both)
    answer = await resolve(hub, steward(hub), one, "NEW")
    assert answer.body == (await resolve(hub, steward(hub), {"id": "A" * 40, "version": 1}, "NEW")).body
    assert b'"state":"resolved"' in (await resolve(hub, steward(hub, cleared=True), one, "NEW")).body


async def test_only_what_a_grade_hides_is_handed_over(here: tuple[Hub, Made]) -> None:
    """By the row's own national id too; a report hides nobody."""
    hub, country = here
    rows = sorted(country.rows)
    graded, reported, other = rows[0], rows[5], rows[-1]
    await under_review(hub, 1, [await hub.internal(reported)])
    await under_review(hub, 2, [], iin=country.rows[graded]["iin"])
    await under_review(hub, 3, [])
    await protect(hub, reported, against=other)
    assert await hand_over(hub.pulling.keeping) == 0
    await protect(hub, graded)
    assert await hand_over(hub.pulling.keeping) == 1
    assert len(await hub.parts.docket.line(Line.REVIEW, 10)) == 2


async def test_while_everybody_is_held_nothing_is_handed_over(here: tuple[Hub, Made]) -> None:
    hub, country = here
    (one,) = await family(hub, country, 1)
    await under_review(hub, 1, [one])
    docket = hub.parts.docket
    assert isinstance(docket, DocketStore)
    await docket.work(lambda connection: writes.hold(connection, docket.opener, ["population"]))
    assert await listed(hub, steward(hub)) == []
    assert await hand_over(hub.pulling.keeping) == 0
    await docket.caught_up("population")
    assert len(await listed(hub, steward(hub))) == 1


async def test_a_pull_that_brings_a_grade_hands_over(tmp_path: Path) -> None:
    stranger: dict[str, Any] = {"iin": iin(1), "surname": "Чужой", "givenName": "Некто", "birthDate": "1950-01-01"}
    async with hub(tmp_path, "a", "http://127.0.0.1:1") as one:
        register = Sending("population")
        await register.send(one.parts, person(1), person(4), person(9, **stranger))
        assert len(await one.docket.line(Line.REVIEW, 10)) == 1, "an id conflict waits for a human"
        grade = {"grade": "strict", "since": "2020-01-01", "authority": "x"}
        await register.send(one.parts, person(4, version=2, protection=grade))
        assert len(await one.docket.line(Line.REVIEW, 10)) == 1
        await register.send(one.parts, person(1, version=2, protection=grade))
        assert await one.docket.line(Line.REVIEW, 10) == ()
        assert len(await one.docket.line(Line.PROTECTED_REVIEW, 10)) == 1
