"""A log that has not grown from what was published off the host is not opened."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from domain.errors import Invalid, Unavailable
from policy.ledger.ledger import Ledger
from policy.ledger.note import parse
from policy.ledger.publishing import publish_first
from tests.policy.ledger.making import entry, opened, ring


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "share").mkdir()
    return tmp_path / "share" / "checkpoint"


def at(folder: Path, name: str, **options: Any) -> Ledger:
    return opened(f"sqlite:///{folder / name}.db", **options)


async def _grown(folder: Path, name: str, *numbers: int, **options: Any) -> None:
    ledger = at(folder, name, **options)
    for number in numbers:
        await ledger.append(entry(number))
    await ledger.close()


async def test_checkpoints_are_published_as_the_log_grows(tmp_path: Path, place: Path) -> None:
    ledger = at(tmp_path, "a", published=place, checkpoint_seconds=0.02)
    await ledger.append(entry(1))
    while not place.exists() or parse(place.read_text()).size < 1:
        assert await ledger.ready()
    await ledger.append(entry(2))
    await ledger.close()
    assert parse(place.read_text()).size == 2, "the last at the end"
    await _grown(tmp_path, "a", 3, published=place)
    assert parse(place.read_text()).size == 3


async def test_an_older_log_and_another_one_are_not_opened(tmp_path: Path, place: Path) -> None:
    await _grown(tmp_path, "a", 1, 2, published=place)
    shutil.copy(tmp_path / "a.db", tmp_path / "old.db")
    await _grown(tmp_path, "a", 3, 4, published=place)
    for name, grow in (("old", False), ("old", True), ("begun anew", False), ("other", True)):
        if grow:  # past the published size, by other entries
            await _grown(tmp_path, name, *range(10, 20))
        with pytest.raises(Unavailable) as told:
            at(tmp_path, name, published=place)
        assert (told.value.field, told.value.fix) == ("KINDRED_LEDGER", "ledger.restore_newer"), name
        assert told.value.cause is not None
    await _grown(tmp_path, "a", 5, published=place)  # the control


async def test_a_published_note_by_others_or_unreadable_is_not_passed_over(tmp_path: Path, place: Path) -> None:
    await _grown(tmp_path, "a", 1, published=place)
    whole = place.read_text()
    for damaged in (whole.replace("\n1\n", "\n0\n"), "", whole[:-10], ring("other").signer().sign("x\n0\ny\n")):
        place.write_text(damaged)
        with pytest.raises(Invalid):
            at(tmp_path, "a", published=place)
    place.unlink()
    place.mkdir()
    with pytest.raises(Unavailable):
        at(tmp_path, "a", published=place)


async def test_nothing_published_of_a_log_that_holds_something_is_refused_until_it_is(
    tmp_path: Path, place: Path
) -> None:
    """Or whoever cuts the log would just take the note away."""
    await _grown(tmp_path, "a", 1, 2)
    url = f"sqlite:///{tmp_path / 'a.db'}"
    with pytest.raises(Unavailable) as told:
        at(tmp_path, "a", published=place)
    assert told.value.fix == "ledger.publish_first"
    publish_first(url, ring(), place)
    with pytest.raises(Invalid):
        publish_first(url, ring(), place)
    await _grown(tmp_path, "a", 3, published=place)


async def test_what_cannot_be_published_makes_the_hub_not_ready(tmp_path: Path, place: Path) -> None:
    ledger = at(tmp_path, "a", published=place, checkpoint_seconds=0.02)
    await ledger.append(entry(1))
    shutil.rmtree(place.parent)
    await ledger.append(entry(2))
    while await ledger.ready():
        pass
    place.parent.mkdir()
    await ledger.close()
    assert parse(place.read_text()).size == 2


async def test_two_processes_publish_one_log(tmp_path: Path, place: Path) -> None:
    one, other = at(tmp_path, "a", published=place), at(tmp_path, "a", published=place)
    await one.append(entry(1))
    await other.append(entry(2))
    await other.close()
    await one.append(entry(3))
    await one.close()
    assert parse(place.read_text()).size == 3
