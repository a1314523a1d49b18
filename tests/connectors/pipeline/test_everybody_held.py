"""While everybody is held after a restore that may have lost grades, matching goes by the grades that are known.

Else whoever has a row without a national id in those days would be guarded, or doubled, for good. Control: somebody
under a grade of their own is asked about then as ever.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from docket import writes
from docket.dossiers import Line
from docket.store import DocketStore
from tests.connectors.pipeline.test_doubles import TOWN, _is_graded, _moved, _read
from tests.connectors.pipeline.test_guarded import stay
from tests.connectors.pipeline.test_weighing import OTHER, WHO, patient, register
from tests.connectors.pipeline.two_worlds import World, two_worlds

SOURCES = ("population", "police")


async def _held(world: World, grade: str | None) -> None:
    home = {"registrations": [stay("H-2")]}
    await world.pull("population", register(2, WHO, grade=grade) | home, register(3, OTHER))
    docket = world.hub.parts.docket
    assert isinstance(docket, DocketStore)
    await docket.work(lambda connection: writes.hold(connection, docket.opener, SOURCES))


async def _let_go(world: World) -> None:
    for source in SOURCES:
        await world.hub.parts.docket.caught_up(source)


@pytest.mark.parametrize("grade", [None, "strict"])
async def test_whom_nothing_but_the_hold_hides_is_matched(
    grade: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with two_worlds(tmp_path, monkeypatch) as (world, _):
        await _held(world, grade)
        officer = await world.caseworker(*(("population", f"PR-{number}") for number in (2, 8, 9)))
        await world.pull("population", _moved(8))
        await world.pull("health", patient(1, WHO))
        assert TOWN not in b"".join(await _read(world, officer)), "everybody is held"
        await _let_go(world)
        asked = await world.hub.parts.docket.line(Line.PROTECTED_REVIEW, 10)
        assert await _is_graded(world, 8) == (grade is not None) and bool(asked) == (grade is not None)
        assert await _is_one(world) == (grade is None)


async def _is_one(world: World) -> bool:
    """Whether the row without a national id is about whoever was there."""
    return await world.hub.internal("PR-8") == await world.hub.internal("PR-2")
