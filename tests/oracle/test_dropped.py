"""A later version of an act that names somebody else: what the earlier said of the one it drops is taken back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.connectors.rows import iin
from tests.oracle.authority import written
from tests.oracle.comparing import expect
from tests.oracle.listed import Lists, listed
from tests.oracle.said import SourceNumber
from tests.oracle.seen import look
from tests.worlds.hub import Hub

AUTHORITY = written()
ORDERS = ([1, 2, 3], [3, 2, 1], [2, 1, 3], [1, 3, 2], [2, 3, 1], [3, 1, 2])


def marriage(act: int, version: int, *spouses: int) -> dict[str, Any]:
    people = [
        {
            "person_no": f"CR-{n}", "surname": f"S{'abcdef'[n]}", "given_name": "G", "patronymic": None,
            "birth_surname": None, "birth_date": f"198{n}-01-01", "sex": "female",
            "identifier": [{"identifier_type": "IIN", "identifier_value": iin(n)}],
        }
        for n in spouses
    ]  # fmt: skip
    return {
        "change_seq": act, "act_no": f"AK-{act}", "version": version, "changed_at": f"2026-01-0{version}T00:00:00Z",
        "event_type": "marriage", "event_date": "2010-01-01", "place": {"region": "KZ-75", "locality": "x"},
        "persons": {"spouse1": people[0], "spouse2": people[1]},
    }  # fmt: skip


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("size", [1, 3])
async def test_whoever_is_dropped_is_not_married(
    order: list[int], size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Spouse 0 with 1, put right to 2, then to 3; of another act 4 stays married to 1. In any order, in any pages."""
    versions = {1: marriage(1, 1, 0, 1), 2: marriage(1, 2, 0, 2), 3: marriage(1, 3, 0, 3)}
    lists = Lists(size)
    async with listed(lists, tmp_path, monkeypatch) as hub:
        await lists.pull(hub, "civil", [versions[n] for n in order])
        await lists.pull(hub, "civil", [marriage(2, 1, 4, 1)])
        links, told = await seen(hub, lists)
        assert links == {frozenset({"CR-0", "CR-3"}), frozenset({"CR-4", "CR-1"})}
        assert told == {"CR-0": 1, "CR-1": 1, "CR-2": 0, "CR-3": 1, "CR-4": 1}


async def seen(hub: Hub, lists: Lists) -> tuple[set[frozenset[str]], dict[str, int]]:
    """Who is married to whom, and how many acts are told of each."""
    found = await look(hub, expect(lists.taken, lambda row: False, AUTHORITY).names())
    links = {frozenset({_number(link.one), _number(link.other)}) for link in found.links}
    told = {_number(who): len(person.records.get("civil_status", ())) for who, person in found.people.items()}
    return links, told


def _number(key: SourceNumber) -> str:
    return key[1]
