"""Whom a grade reaches by others is asked about among cleared stewards alone: children, wards, present co-residents.

Who is sure and alone is matched as ever, for their own account would lack the row. Controls: whoever no longer lives
there, and the other side of a report, is asked about as everybody is; whose own the grade is, is never matched.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from docket.dossiers import Outcome
from tests.connectors.pipeline.test_weighing import OTHER, TWIN, WHO, judged, one, patient, register
from tests.connectors.rows import iin
from tests.oracle.listed import Lists, listed

ADDRESS = {"region": "KZ-75", "locality": "Алматы", "street": "Абай", "house": "1", "flat": None}
UNSURE = WHO | {"patronymic": "Болатұлы"}
"""Like WHO, and by the father's name maybe somebody else."""
MOTHER = {"surname": "Ли", "givenName": "Гүлнар", "patronymic": "Олегқызы", "birthDate": "1951-12-30"}


def stay(household: str, until: str | None = None) -> dict[str, Any]:
    return {"household": household, "role": "other", "address": ADDRESS, "from": "2020-01-01", "to": until}


def cared_for_by(number: int, who: dict[str, Any]) -> dict[str, Any]:
    person = {"recordId": f"PR-{number}", "iin": iin(number), **who}
    return {"kind": "responsibility", "person": person, "from": "2020-01-01", "to": None}


def birth(child: dict[str, Any], mother: dict[str, Any]) -> dict[str, Any]:
    def named(number: int, who: dict[str, Any], sex: str) -> dict[str, Any]:
        return {
            "person_no": f"CR-{number}", "surname": who["surname"], "given_name": who["givenName"],
            "birth_surname": None, "patronymic": who["patronymic"], "birth_date": who["birthDate"], "sex": sex,
            "identifier": [{"identifier_type": "IIN", "identifier_value": iin(number)}],
        }  # fmt: skip

    return {
        "act_no": "AK-1", "change_seq": 1, "version": 1, "changed_at": "2026-02-01T00:00:00Z",
        "event_type": "live_birth", "event_date": child["birthDate"], "place": {"region": "KZ-75", "locality": "x"},
        "persons": {"child": named(1, child, "male"), "parent1_identifier": named(2, mother, "female")},
    }  # fmt: skip


def unnumbered_birth() -> tuple[dict[str, Any], dict[str, Any]]:
    """A mother as the register has her, and the act of a birth that names nobody by number: the child may be WHO, the
    mother, with another given name, may be somebody else."""
    mother = TWIN | {"surname": "Ли", "birthDate": "1950-02-03"}
    act = birth(WHO, mother | {"givenName": "Гүлнар"})
    for one_of_them in act["persons"].values():
        one_of_them["identifier"] = []
    return mother, act


GRADED = register(2, MOTHER, sex="F", grade="strict")
BESIDE: dict[str, list[tuple[str, list[dict[str, Any]]]]] = {
    "a mother by birth": [("population", [register(1, WHO), GRADED]), ("civil", [birth(WHO, MOTHER)])],
    "a guardian": [("population", [register(1, WHO) | {"relations": [cared_for_by(2, MOTHER)]}, GRADED])],
    "a co-resident": [
        (
            "population",
            [register(1, WHO) | {"registrations": [stay("H-1")]}, GRADED | {"registrations": [stay("H-1")]}],
        )
    ],
}
APART: dict[str, list[tuple[str, list[dict[str, Any]]]]] = {
    "nobody": [("population", [register(1, WHO), register(2, MOTHER, sex="F")])],
    "somebody who moved out": [
        (
            "population",
            [
                register(1, WHO) | {"registrations": [stay("H-1")]},
                GRADED | {"registrations": [stay("H-1", "2024-01-01")]},
            ],
        )
    ],
    "a report": [
        ("population", [register(1, WHO), register(2, MOTHER, sex="F")]),
        (
            "police",
            [
                {
                    "recordId": "DV-1", "version": 1, "changedAt": "2026-02-01T00:00:00Z", "kind": "domestic_violence",
                    "occurredOn": "2026-01-01", "status": "reported", "others": [],
                    "reporter": {"personNo": "PO-2", "iin": iin(2)}, "alleged": {"personNo": "PO-1", "iin": iin(1)},
                }
            ],
        ),
    ],
}  # fmt: skip


@pytest.fixture
def lists() -> Lists:
    return Lists(100)


@pytest.mark.parametrize("by", BESIDE)
async def test_whom_a_grade_reaches_is_not_asked_about_openly(
    by: str, lists: Lists, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with listed(lists, tmp_path, monkeypatch) as hub:
        for agency, rows in BESIDE[by]:
            await lists.pull(hub, agency, rows)
        row, decided = await one(hub, UNSURE)
        assert (row.outcome, decided) == (Outcome.ACCEPTED, "new")
        [proposal] = row.proposals
        assert proposal.cleared and proposal.candidates[0].person == await hub.internal("PR-1")


@pytest.mark.parametrize("among", [BESIDE, APART])
async def test_who_is_sure_and_alone_is_matched_whether_or_not_a_grade_reaches_them(
    among: dict[str, list[tuple[str, list[dict[str, Any]]]]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Their own account shows the row on the day before the grade and on the day after."""
    for place, (name, pages) in enumerate(among.items()):
        (folder := tmp_path / str(place)).mkdir()
        lists = Lists(100)
        async with listed(lists, folder, monkeypatch) as hub:
            for agency, rows in pages:
                await lists.pull(hub, agency, rows)
            row, decided = await one(hub, WHO)
            assert (row.outcome, decided, row.proposals) == (Outcome.ACCEPTED, "matched", ()), name


async def test_control_whose_own_the_grade_is_is_not_matched(
    lists: Lists, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with listed(lists, tmp_path, monkeypatch) as hub:
        await lists.pull(hub, "population", [register(1, WHO, grade="strict")])
        row, decided = await one(hub, WHO)
        assert (row.outcome, decided) == (Outcome.ACCEPTED, "new")
        assert row.proposals[0].cleared


async def test_somebody_else_who_may_be_meant_goes_before_whom_a_grade_reaches(
    lists: Lists, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if nobody hidden were known: a namesake learns nothing of them by what becomes of a row."""
    async with listed(lists, tmp_path, monkeypatch) as hub:
        [(_, rows)] = BESIDE["a co-resident"]
        await lists.pull(hub, "population", [*rows, register(5, UNSURE)])
        row, decided = await one(hub, WHO)
        assert (row.outcome, decided) == (Outcome.REVIEW, None)
        openly = [each for each in row.proposals if not each.cleared]
        assert [c.person for c in openly[0].candidates] == [await hub.internal("PR-5")]


@pytest.mark.parametrize("beside", APART)
async def test_control_whom_no_grade_reaches_is_asked_about_openly(
    beside: str, lists: Lists, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A report hides nobody: were its other side not asked about any more, their own account would tell them of it."""
    async with listed(lists, tmp_path, monkeypatch) as hub:
        for agency, rows in APART[beside]:
            await lists.pull(hub, agency, rows)
        row, decided = await one(hub, UNSURE)
        assert (row.outcome, decided) == (Outcome.REVIEW, None)
        assert [each.cleared for each in row.proposals] == [False]


@pytest.mark.parametrize("by", ["a guardian", "a co-resident"])
async def test_a_page_reaches_whom_it_puts_beside_a_grade_itself(
    by: str, lists: Lists, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first pull brings the grade, who lives with her and a row without an id at once."""
    async with listed(lists, tmp_path, monkeypatch) as hub:
        [(_, rows)] = BESIDE[by]
        verdict, _ = await judged(hub, "population", [*rows, register(8, UNSURE) | {"iin": None}])
        [proposal] = verdict.rows[-1].proposals
        assert proposal.cleared and verdict.rows[-1].outcome is Outcome.ACCEPTED
        openly = [dict(row, protection=None) for row in rows]
        verdict, _ = await judged(hub, "population", [*openly, register(8, UNSURE) | {"iin": None}])
        assert verdict.rows[-1].outcome is Outcome.REVIEW


async def test_calls_are_the_same_whomever_a_grade_reaches(
    lists: Lists, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with listed(lists, tmp_path, monkeypatch) as hub:
        seen = []
        for rows in ([register(3, OTHER)], next(rows for _, rows in BESIDE["a co-resident"])):
            await lists.pull(hub, "population", rows)
            told: list[str] = []
            with monkeypatch.context() as patched:
                for name in ("facts", "owners", "find", "search"):
                    patched.setattr(hub.pulling.reader, name, _told(told, name, getattr(hub.pulling.reader, name)))
                await judged(hub, "health", [patient(1, WHO)])
            seen.append(told)
        assert seen[0] == seen[1] and seen[0].count("facts") == 1


def _told(told: list[str], name: str, call: Any) -> Any:
    async def run(*given: Any) -> Any:
        told.append(name)
        return await call(*given)

    return run
