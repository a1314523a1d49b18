"""`kindred keys` over the stores of a hub that is open meanwhile: nothing is lost, and what was cut off goes on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from domain.errors import Invalid, Refused, Unavailable
from kindred import rotating
from tests.connectors.rows import person
from tests.kindred.filled import Filled, filled, opened
from tests.kindred.test_cli import _run
from vault.provider import Root
from vault.rotation import IN_FLIGHT

PEOPLE = 12


class _Cut(Exception):
    """The process ends here."""


@pytest.fixture
async def hub(tmp_path: Path) -> AsyncIterator[Filled]:
    async with filled(tmp_path, [person(n) for n in range(PEOPLE)]) as made:
        yield made


async def test_data_keys_are_wrapped_anew_while_a_hub_serves(hub: Filled, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rotating, "PAGE", 5)
    before = await hub.stored.people()
    keys = PEOPLE * 2
    assert await rotating.wrapped_under(hub.stores) == {1: keys}
    async with opened(hub.settings, hub.agencies) as operator:
        with pytest.raises(Invalid):
            await rotating.retire_data(hub.provider, operator.stores)

        def cut(done: int) -> None:
            if done >= 10:
                raise _Cut

        with pytest.raises(_Cut):
            await rotating.rotate_data(hub.provider, operator.stores, resume=False, moved=cut)
        assert await hub.stored.people() == before, "the hub that serves opens both"
        assert await rotating.wrapped_under(operator.stores) == {1: keys - 10, 2: 10}
        with pytest.raises(Refused) as told:
            await rotating.retire_data(hub.provider, operator.stores)
        assert (told.value.cause or "").startswith(str(keys - 10))
        assert await rotating.rotate_data(hub.provider, operator.stores, resume=False, moved=lambda _: None) == 2
        assert await rotating.wrapped_under(operator.stores) == {2: keys}
        with pytest.raises(Refused):
            await rotating.retire_data(hub.provider, operator.stores)  # a page of a pull may still be on its way
        operator.clock.instant += IN_FLIGHT
        assert await rotating.retire_data(hub.provider, operator.stores) == 2
    hub.stores.ring.refresh()
    assert [key.version for key in hub.stores.ring.versions(Root.WRAPPING)] == [2]
    assert await hub.stored.people() == before
    hub.agencies.population.append(person(20))
    await hub.pull()
    assert await rotating.wrapped_under(hub.stores) == {2: keys + 2}
    done = [entry for entry in await hub.told() if entry.header.activity == "upkeep"]
    assert len(done) == 2, "one for the rotation that came to its end, one for what was retired"


async def test_search_keys_rotate_and_older_ones_go(hub: Filled) -> None:
    before = await hub.stored.people()
    async with opened(hub.settings, hub.agencies) as operator:
        assert await rotating.rotate_search(hub.provider, operator.stores, operator.parts, lambda _: None) == 2
        operator.clock.instant += IN_FLIGHT
        assert await rotating.retire_search(hub.provider, operator.stores, operator.parts, lambda _: None) == 2
        with pytest.raises(Invalid):
            await rotating.retire_search(hub.provider, operator.stores, operator.parts, lambda _: None)
        assert await rotating.rotate_search(hub.provider, operator.stores, operator.parts, lambda _: None) == 3
    assert await hub.stored.people() == before


async def test_outward_ids_change_at_once_and_lapse(hub: Filled) -> None:
    now = hub.clock.now()
    old = hub.stores.ring.outward("social", now).encode("P", 7)
    async with opened(hub.settings, hub.agencies) as operator:
        assert await rotating.rotate_outward(hub.provider, operator.stores, days=30) == 2
        with pytest.raises(Refused):
            await rotating.retire_outward(hub.provider, operator.stores)
    ring = hub.stores.ring
    ring.refresh()
    assert ring.outward("social", now).encode("P", 7) != old
    assert ring.outward("social", now + timedelta(days=29)).decode("P", old) == 7
    assert ring.outward("social", now + timedelta(days=30)).decode("P", old) is None


async def test_compartments_rotate_and_open_what_was_sealed_before(hub: Filled) -> None:
    async with opened(hub.settings, hub.agencies) as operator:
        assert await rotating.rotate_compartments(hub.provider, operator.stores) == 2
        told = await operator.told()
    assert {entry.header.activity for entry in told} == {"collection", "upkeep"}
    assert len(await hub.told()) == len(told), "a hub that knew the first version alone reads the second's entries"
    hub.agencies.population.append(person(30))
    assert (await hub.pull()).rows == 1, "it goes on from the cursor that the first version sealed"


def test_the_verbs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(monkeypatch, tmp_path, "migrate") == 0
    for call, code in [
        (("rotate", "data"), 0), (("rotate", "search"), 0), (("rotate", "outward", "--honour-days", "0"), 0),
        (("rotate", "compartments"), 0), (("show",), 0), (("retire", "data"), 1), (("rotate", "hashing"), 2),
    ]:  # fmt: skip
        assert _run(monkeypatch, tmp_path, "keys", *call) == code, call
    said = capsys.readouterr()
    assert "data: version 2" in said.out and "compartments" in said.out
    assert said.err.count("kindred: ") == 1 and "young" in said.err
    content = (tmp_path / "keys.json").read_text()
    secrets = [line.split('"')[0] for line in content.split('"secret":"')[1:]]
    assert len(secrets) == 12 + 3 + 5 and not any(secret in said.out + said.err for secret in secrets)


def test_keys_in_use_by_another_command_are_not_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from tests.kindred.hubs import settings_in
    from vault.provider import FileProvider

    assert _run(monkeypatch, tmp_path, "migrate") == 0
    provider = FileProvider(settings_in(tmp_path).keys)
    with provider.held():
        assert _run(monkeypatch, tmp_path, "keys", "rotate", "data") == 1
    assert "keys.busy" in capsys.readouterr().err
    with pytest.raises(Unavailable), provider.held(), FileProvider(provider._path).held():
        pass
