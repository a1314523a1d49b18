"""Dossiers: a save names the version it read; a stale one is told, never merged."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docket.dossiers import Dossier, OutboxRow
from docket.opener import Opener
from docket.port import Stale
from docket.store import DocketStore
from domain.ids import KeyHash
from tests.docket.factories import FACTORIES, RING
from tests.docket.making import HASHER, key
from vault.unsealing import Unsealer

ID = HASHER.label("dossier", "1")


def new(state: str = "asked", subjects: tuple[KeyHash, ...] = (key(1), key(2))) -> Dossier:
    return Dossier(ID, "consent", subjects, state, 0, datetime(2026, 12, 1, tzinfo=UTC), {"scope": ["income"], "n": 3})


async def test_a_dossier_comes_back_as_it_was_saved(docket: DocketStore) -> None:
    saved = await docket.save(new())
    assert saved == new().at(1)
    assert await docket.load(ID) == saved
    assert await docket.load(HASHER.label("dossier", "2")) is None


async def test_a_stale_save_is_told_and_changes_nothing(docket: DocketStore) -> None:
    first = await docket.save(new())
    second = await docket.save(Dossier(ID, "consent", (key(3),), "in force", first.version, None))
    entry = OutboxRow(HASHER.label("entry", "1"), b"sealed")
    for stale in (new(), first, second.at(7)):
        with pytest.raises(Stale):
            await docket.save(stale, [entry])
    assert await docket.load(ID) == second
    assert await docket.pending(10) == ()


async def test_of_two_writers_with_one_version_one_is_told(tmp_path: Path, docket: DocketStore) -> None:
    """Two stores on one file, as two processes have them."""
    read = await docket.save(new())
    other = FACTORIES["sqlite"](tmp_path, RING)
    drafts = [Dossier(ID, "consent", (), state, read.version, None) for state in ("by one", "by other")]
    saves = [store.save(draft) for store, draft in zip([docket, other], drafts, strict=True)]
    results = await asyncio.gather(*saves, return_exceptions=True)
    assert sorted(type(each).__name__ for each in results) == ["Dossier", "Stale"]
    (kept,) = [each for each in results if isinstance(each, Dossier)]
    assert await other.load(ID) == kept == await docket.load(ID)
    await other.close()


async def test_many_writers_lose_nothing(tmp_path: Path, docket: DocketStore) -> None:
    other = FACTORIES["sqlite"](tmp_path, RING)
    await docket.save(Dossier(ID, "tally", (), "open", 0, None, {"n": 0}))

    async def count_up(store: DocketStore) -> None:
        while True:
            read = await store.load(ID)
            assert read is not None
            try:
                await store.save(Dossier(ID, "tally", (), "open", read.version, None, {"n": read.body["n"] + 1}))
            except Stale:
                continue
            return

    await asyncio.gather(*(count_up(store) for store in [docket, other] * 10))
    last = await docket.load(ID)
    assert last is not None
    assert (last.body["n"], last.version) == (20, 21)
    await other.close()


VALUES = st.integers(-(2**63), 2**63) | st.text() | st.binary() | st.booleans() | st.none()


@settings(max_examples=15)
@given(st.dictionaries(st.text(max_size=5), VALUES), st.text(max_size=20))
def test_any_plain_body_survives_sealing(body: dict[str, object], state: str) -> None:
    opener = Opener(RING, Unsealer(RING))
    dossier = Dossier(ID, "plan", (key(1),), state, 4, None, body)
    assert opener.open_dossier(ID, 4, opener.seal_dossier(dossier)) == dossier
