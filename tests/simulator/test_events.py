"""What happens in a running country: visible to the next pull, and the same each time."""

from __future__ import annotations

import copy
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from simulator.country.options import Options
from tests.simulator.countries import Agencies, lines, options, serving

AT = "2026-11-22T08:00:00Z"


async def _play(agencies: Agencies, kind: str, status: int = 200, /, **fields: Any) -> dict[str, Any]:
    headers = {"X-Control-Key": agencies.secrets["control"]["key"]}
    body = {"type": kind, "at": AT, **fields}
    async with agencies.session.post(f"{agencies.url}/_control/events", json=body, headers=headers) as answer:
        assert answer.status == status, await answer.text()
        played: dict[str, Any] = await answer.json()
        return played


def _sample(country: Options) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(country.files().sample.read_bytes())
    return found


def _family(country: Options) -> tuple[str, str, list[str]]:
    family = _sample(country)["family"]
    return family["head"]["recordId"], family["spouse"]["recordId"], [c["recordId"] for c in family["children"]]


async def _latest(agencies: Agencies, record: str) -> dict[str, Any]:
    return [row for row in await agencies.xroad("population") if row["recordId"] == record][-1]


def _open(row: dict[str, Any]) -> list[dict[str, Any]]:
    return [r for r in row["registrations"] if r["to"] is None]


async def test_a_separation_founds_a_home_and_leaves_the_others_where_they_are(fresh: Options) -> None:
    head, spouse, children = _family(fresh)
    async with serving(fresh) as agencies:
        before = await agencies.xroad("population")
        played = await _play(agencies, "separation", recordId=spouse, children=children)
        after = await agencies.xroad("population")
        assert after[: len(before)] == before
        added = after[len(before) :]
        assert {row["recordId"] for row in added} == {spouse, *children}
        for row in added:
            old = next(r for r in before if r["recordId"] == row["recordId"])
            assert row["version"] == old["version"] + 1
            assert row["changedAt"] == AT
            [now] = _open(row)
            assert now["household"] == played["household"] != _open(old)[0]["household"]
            assert now["from"] == "2026-11-22"
            assert now["role"] == ("head" if row["recordId"] == spouse else "child")
            assert {k: v for k, v in row.items() if k not in ("version", "changedAt", "registrations")} == {
                k: v for k, v in old.items() if k not in ("version", "changedAt", "registrations")
            }
        assert len({json.dumps(_open(row)[0]["address"]) for row in added}) == 1
        assert _open(await _latest(agencies, head)) == _open([r for r in before if r["recordId"] == head][-1])


async def test_when_the_head_leaves_another_follows(fresh: Options) -> None:
    head, spouse, _ = _family(fresh)
    async with serving(fresh) as agencies:
        household = _open(await _latest(agencies, head))[0]["household"]
        await _play(agencies, "separation", recordId=head, children=[])
        [now] = _open(await _latest(agencies, spouse))
        assert (now["household"], now["role"]) == (household, "head")


async def test_a_whole_home_moves_and_changes_clinics_with_the_region(fresh: Options) -> None:
    head, spouse, children = _family(fresh)
    async with serving(fresh) as agencies:
        case = [p for p in await agencies.xroad("population") if p["recordId"] == head][-1]
        household = _open(case)[0]["household"]
        everyone = {
            row["recordId"] for row in await agencies.xroad("population")
            if row["deathDate"] is None and any(r["household"] == household for r in _open(row))
        }  # fmt: skip
        patients = len(await agencies.fhir("Patient"))
        played = await _play(agencies, "move", recordIds=sorted(everyone), region="KZ-10")
        assert played["household"] == household
        for record in everyone:
            assert _open(await _latest(agencies, record))[0]["address"]["region"] == "KZ-10"
        changed = (await agencies.fhir("Patient"))[patients:]
        assert changed
        assert all("KZ-10" in row["managingOrganization"]["display"] for row in changed)
        assert all(row["meta"]["versionId"] == "2" for row in changed)
        assert {spouse, *children} <= everyone


async def test_a_protected_move_brings_the_grade_with_the_address(fresh: Options) -> None:
    _, spouse, children = _family(fresh)
    async with serving(fresh) as agencies:
        await _play(agencies, "move", recordIds=[spouse, *children], protected=True)
        for record in (spouse, *children):
            row = await _latest(agencies, record)
            assert row["protection"]["grade"] == "strict"
            assert row["protection"]["since"] == "2026-11-22"


async def test_reports_counter_reports_grades_and_withdrawal(fresh: Options) -> None:
    head, spouse, children = _family(fresh)
    async with serving(fresh) as agencies:
        before = len(await agencies.xroad("police"))
        first = (await _play(agencies, "report", reporter=spouse, alleged=head))["report"]
        second = (await _play(agencies, "counter_report", report=first))["report"]
        one, two = (await agencies.xroad("police"))[before:]
        assert (one["recordId"], two["recordId"], two["counterOf"]) == (first, second, first)
        assert (two["reporter"], two["alleged"]) == (one["alleged"], one["reporter"])
        assert len(one["others"]) == len(children)
        await _play(agencies, "report", 400, reporter=spouse, alleged=head)
        await _play(agencies, "grade", recordId=spouse, grade="confidential")
        assert (await _latest(agencies, spouse))["protection"]["grade"] == "confidential"
        await _play(agencies, "withdraw_protection", recordId=spouse)
        row = await _latest(agencies, spouse)
        assert (row["protection"], row["version"]) == (None, 3)


async def test_a_correction_is_the_truth_or_what_it_is_told(wrong: Options, tmp_path: Path) -> None:
    shutil.copytree(wrong.out, tmp_path / "c")
    country = options(tmp_path / "c", people=1500, error_rate=3.0)
    spoiled = next(
        line for line in lines(country.files().manifest)
        if line["agency"] == "population" and any(e["kind"] == "typo" for e in line["errors"])
    )  # fmt: skip
    record = spoiled["row"]["recordId"]
    true = next(p for p in lines(country.files().world) if p.get("recordId") == record)
    async with serving(country) as agencies:
        await _play(agencies, "correction", recordId=record)
        row = await _latest(agencies, record)
        assert (row["surname"], row["givenName"]) == (true["surname"], true["givenName"])
        assert (row["surname"], row["givenName"]) != (spoiled["row"]["surname"], spoiled["row"]["givenName"])
        await _play(agencies, "correction", recordId=record, set={"surname": "Жаңа"})
        assert (await _latest(agencies, record))["surname"] == "Жаңа"
        act = (await agencies.civil())[0]
        await _play(agencies, "correction", recordId=act["act_no"], set={"event_date": "1999-09-09"})
        assert (await agencies.civil())[-1]["event_date"] == "1999-09-09"


async def test_manifest_and_world_tell_what_was_added(fresh: Options) -> None:
    _, spouse, _ = _family(fresh)
    rows = len(lines(fresh.files().manifest))
    async with serving(fresh) as agencies:
        await _play(agencies, "grade", recordId=spouse, grade="strict")
        served = await agencies.xroad("population")
    added = lines(fresh.files().manifest)[rows:]
    assert [line["row"] for line in added] == [served[-1]]
    assert added[0]["position"] == len(served) - 1
    assert added[0]["truth"][spouse].startswith("P-")
    event = lines(fresh.files().world)[-1]
    assert (event["kind"], event["type"], event["at"]) == ("event", "grade", AT)


async def test_an_extra_event_shifts_nothing_of_others(fresh: Options, tmp_path: Path) -> None:
    head, spouse, children = _family(fresh)
    out = tmp_path / "second"
    shutil.copytree(fresh.out, out)
    second = options(out, people=1500, error_rate=0.0)
    seen = []
    for country, extra in ((fresh, False), (second, True)):
        async with serving(country) as agencies:
            if extra:
                await _play(agencies, "report", reporter=spouse, alleged=head)
            await _play(agencies, "separation", recordId=spouse, children=children)
            seen.append((await agencies.xroad("population"), await agencies.fhir("Patient"), await agencies.civil()))
    assert seen[0] == seen[1]


BAD: list[dict[str, Any]] = [
    {"type": "flood"},
    {"type": "grade", "recordId": "PR-x", "grade": "strict"},
    {"type": "grade", "recordId": "PR-000000001", "grade": "none"},
    {"type": "grade", "recordId": "TX-I-000000001", "grade": "strict"},
    {"type": "grade", "recordId": "PR-999999999", "grade": "strict"},
    {"type": "move", "recordIds": []},
    {"type": "move", "recordIds": "PR-000000001"},
    {"type": "grade", "grade": "strict"},
    {"type": "grade", "at": "tomorrow"},
    {"type": "grade", "at": "2026-11-22T08:00:00"},
    {"type": "counter_report", "report": "DV-000000001"},
]


async def test_what_cannot_be_is_refused_and_changes_nothing(fresh: Options) -> None:
    before = copy.copy(fresh.files().manifest.read_bytes())
    async with serving(fresh) as agencies:
        headers = {"X-Control-Key": agencies.secrets["control"]["key"]}
        for body in BAD:
            async with agencies.session.post(f"{agencies.url}/_control/events", json=body, headers=headers) as answer:
                assert answer.status == 400, body
        async with agencies.session.post(f"{agencies.url}/_control/events", data=b"[]", headers=headers) as answer:
            assert answer.status == 400
    assert fresh.files().manifest.read_bytes() == before


@pytest.mark.parametrize("household", ["new", "existing"])
async def test_who_moves_alone_joins_or_founds(fresh: Options, household: str) -> None:
    own = _sample(fresh)["people"]["own_region"]["recordId"]
    head, _, _ = _family(fresh)
    async with serving(fresh) as agencies:
        target = _open(await _latest(agencies, head))[0]
        await _play(agencies, "move", recordIds=[own], household=household)
        played = await _play(agencies, "move", recordIds=[own], household=target["household"])
        [now] = _open(await _latest(agencies, own))
        assert played["household"] == now["household"] == target["household"]
        assert now["address"] == target["address"]
