"""Nobody learns of a namesake under protection by what becomes of a row: two worlds, with and without her.

An agency feeds rows without a national id that fit somebody of its choosing (the decoy), and sees how they are counted;
an officer of its own has a case on the decoy and on the agency's own numbers; stewards decide; the decoy has an
account. Whatever any of them reads is the same, byte for byte. Controls: cleared stewards see a difference, and a rule
under which she changes what becomes of the row is caught.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from connectors.pipeline.weighing import Found, Weighing
from docket.dossiers import Line
from domain.ids import SourceKey
from tests.connectors.pipeline.test_guarded import stay
from tests.connectors.pipeline.test_weighing import OTHER, TWIN, WHO, patient, register
from tests.connectors.pipeline.two_worlds import World, two_worlds
from tests.connectors.rows import iin
from tests.worlds.reviews import listed, resolve, steward, tax_row

FAR = OTHER
"""Who is under protection in the world without a namesake."""
NAMESAKE = WHO | {"patronymic": "Болатұлы"}
DECOYS: dict[str, tuple[dict[str, Any] | None, dict[str, Any]]] = {
    "sure of both": (WHO, WHO),
    "surer of her": (WHO | {"patronymic": None}, WHO),
    "a twin": (WHO, TWIN),
    "a namesake": (WHO, NAMESAKE),
    "nobody": (None, WHO),
}
"""What the decoy and what she are called; the row fits her."""


def _health(who: dict[str, Any]) -> dict[str, Any]:
    return patient(1, who, managingOrganization={"display": "Clinic of her new town"})


def _tax(who: dict[str, Any]) -> dict[str, Any]:
    name = " ".join(part for part in (who["surname"], who["givenName"], who["patronymic"]) if part)
    return tax_row(1, name=name, birth_date=who["birthDate"])


ROWS: dict[str, tuple[str, Callable[[dict[str, Any]], dict[str, Any]], str]] = {
    "health": ("health", _health, "pt-1"),
    "tax": ("tax", _tax, "TP-1"),
}


async def _told(world: World, decoy: dict[str, Any] | None, hers: dict[str, Any], her: dict[str, Any], of: str) -> Any:
    """Play the script in a world in which `hers` are the names of whoever is under protection."""
    agency, row, number = ROWS[of]
    others = [] if decoy is None else [register(1, decoy) | {"registrations": [stay("H-1")]}]
    await world.pull("population", *others, register(3, OTHER | {"birthDate": "1960-01-01"}))
    await world.pull("population", register(2, hers, grade="strict") | {"registrations": [stay("H-2")]})
    officer = await world.caseworker(("population", "PR-1"), (agency, number))
    found = await world.readable(officer, her, [1], [])
    await world.pull(agency, row(her))
    ids = [
        world.hub.parts.ring.outward(officer.sector).encode("P", one) for one in await _people(world, agency, number)
    ]
    found += await world.readable(officer, her, [1], ids)
    for review in await listed(world.hub, steward(world.hub)):
        answer = await resolve(world.hub, steward(world.hub), review, "NEW")
        found.append(answer.body)
    ids = [
        world.hub.parts.ring.outward(officer.sector).encode("P", one) for one in await _people(world, agency, number)
    ]
    return [*found, *await world.readable(officer, her, [1], ids)]


async def _people(world: World, agency: str, number: str) -> list[Any]:
    hasher = world.hub.parts.ring.hasher
    owners = await world.hub.parts.reader.owners([hasher.source_key(SourceKey(agency, number))])
    return sorted(owners.values())


@pytest.mark.parametrize("of", ROWS)
@pytest.mark.parametrize("case", DECOYS)
async def test_whoever_is_hidden_changes_nothing_that_anybody_sees(
    case: str, of: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    decoy, her = DECOYS[case]
    async with two_worlds(tmp_path, monkeypatch) as (without, with_):
        one = await _told(without, decoy, FAR, her, of)
        other = await _told(with_, decoy, her, her, of)
        assert len(one) > 50 and WHO["birthDate"].encode() in b"".join(one)
        for left, right in zip(one, other, strict=True):
            assert left == right
        assert without.told == with_.told
        seen = [await listed(world.hub, steward(world.hub, cleared=True)) for world in (without, with_)]
        assert [review["reason"] for review in seen[1]] == ["PROTECTED"] and not seen[0]


@pytest.mark.parametrize("case", [case for case in DECOYS if case != "nobody"])
async def test_control_a_rule_that_she_changes_is_caught(
    case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As it was: if anybody under protection may be meant, the row is about somebody new."""
    decoy, her = DECOYS[case]
    find = Weighing.find

    def apart(self: Weighing, evidence: Any, others: Any = (), *, places: bool = False) -> Found:
        return find(self, evidence, others, places=True)

    monkeypatch.setattr(Weighing, "find", apart)
    async with two_worlds(tmp_path, monkeypatch) as (without, with_):
        one = await _told(without, decoy, FAR, her, "health")
        other = await _told(with_, decoy, her, her, "health")
        assert one != other or without.told != with_.told


async def test_a_decoy_that_an_agency_made_itself_gets_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody whom no register ever spoke of is matched with nothing by weight: the row waits for a human."""
    async with two_worlds(tmp_path, monkeypatch) as (world, _):
        made = _tax(WHO) | {"id": "TX-decoy"}
        made["taxpayer"] |= {"iin": iin(7), "no": "TP-decoy"}
        await world.pull("tax", made)
        await world.pull("health", _health(WHO))
        assert world.told[-1]["outcomes"]["review"] == 1 and not await _people(world, "health", "pt-1")
        (review,) = await world.hub.parts.docket.line(Line.REVIEW, 10)
        assert review.review.proposal.reason == "NO_ID" and review.review.proposal.candidates
        body = json.dumps(world.told[-1], default=str)
        assert "Тілеубаев" not in body
