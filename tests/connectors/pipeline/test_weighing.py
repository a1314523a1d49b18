"""Rule 4's decision, case by case, through the pull: matched, held, new, and what protection must not change."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from connectors.agencies.catalogue import BY_NAME
from connectors.pipeline import entries
from connectors.pipeline.candidates import Known, candidates
from connectors.pipeline.deciding import Deciding, Judged, Verdict
from connectors.pipeline.guarded import guarded
from connectors.pipeline.validate import validate
from connectors.pipeline.weighing import Weighing
from connectors.protocols.page import Page
from connectors.protocols.signed import Keys
from docket.dossiers import Outcome
from domain.ids import SourceKey
from tests.connectors.rows import iin
from tests.oracle.listed import Lists, listed
from tests.worlds.hub import Hub

WHO = {"surname": "Тілеубаев", "givenName": "Мейіржан", "patronymic": "Асқарұлы", "birthDate": "1975-06-21"}
OTHER = {"surname": "Ли", "givenName": "Юрий", "patronymic": "Олегович", "birthDate": "1951-12-30"}
TWIN = WHO | {"givenName": "Данияр"}


def register(number: int, who: dict[str, Any], *, sex: str = "M", grade: str | None = None) -> dict[str, Any]:
    protection = None if grade is None else {"grade": grade, "since": "2026-01-01", "authority": "—"}
    return {
        "recordId": f"PR-{number}", "version": 1, "changedAt": "2026-02-01T00:00:00Z", "iin": iin(number), "sex": sex,
        "birthSurname": None, "deathDate": None, "registrations": [], "relations": [], "protection": protection, **who,
    }  # fmt: skip


def patient(number: int, who: dict[str, Any], **more: Any) -> dict[str, Any]:
    given = [name for name in (who["givenName"], who.get("patronymic")) if name]
    return {
        "resourceType": "Patient", "id": f"pt-{number}",
        "meta": {"versionId": "1", "lastUpdated": "2026-02-01T00:00:00Z"},
        "identifier": [], "name": [{"family": who["surname"], "given": given}], "gender": "male",
        "birthDate": who["birthDate"], **more,
    }  # fmt: skip


async def judged(hub: Hub, agency: str, rows: list[dict[str, Any]]) -> tuple[Verdict, Known]:
    """What the pipeline says of a page, before anything is written."""
    parts, by = hub.pulling, BY_NAME[agency]
    checked = await validate(by, Page(tuple(rows), "", "1"), parts.ring.hasher, Keys(None).document)
    known = await candidates(parts, checked)
    weighing = Weighing(parts.model, await guarded(parts, checked, known), known.crowded, known.weighed)
    return await Deciding(known, parts.ring.hasher.founding, weighing).judge(by, checked, {}, {}), known


async def one(hub: Hub, who: dict[str, Any], **more: Any) -> tuple[Judged, str | None]:
    """The judged row, and how its key was decided."""
    verdict, _ = await judged(hub, "health", [patient(1, who, **more)])
    decided = verdict.decisions.get(SourceKey("health", "pt-1"))
    return verdict.rows[0], decided[1] if decided else None


@pytest.fixture
def lists() -> Lists:
    return Lists(100)


CASES: list[tuple[dict[str, Any], Outcome, str | None]] = [
    (WHO, Outcome.ACCEPTED, "matched"),
    (WHO | {"patronymic": None}, Outcome.ACCEPTED, "matched"),
    (WHO | {"surname": "Тілеубавв"}, Outcome.ACCEPTED, "matched"),
    (WHO | {"surname": "Мейіржан", "givenName": "Тілеубаев"}, Outcome.ACCEPTED, "matched"),
    ({"surname": "Tileubaev", "givenName": "Meiirjan", "birthDate": "1975-06-21"}, Outcome.ACCEPTED, "matched"),
    (WHO | {"birthDate": "1975-06-12"}, Outcome.ACCEPTED, "matched"),
    (TWIN, Outcome.REVIEW, None),
    (WHO | {"patronymic": "Болатұлы"}, Outcome.REVIEW, None),
    (WHO | {"surname": "Ким"}, Outcome.REVIEW, None),
    (WHO | {"surname": "Ким", "patronymic": "Олегович", "birthDate": "1990-01-01"}, Outcome.ACCEPTED, "new"),
]


@pytest.mark.parametrize(("who", "outcome", "how"), CASES)
async def test_what_becomes_of_a_claim(
    who: dict[str, Any],
    outcome: Outcome,
    how: str | None,
    lists: Lists,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with listed(lists, tmp_path, monkeypatch) as hub:
        await lists.pull(hub, "population", [register(1, WHO), register(2, OTHER)])
        row, decided = await one(hub, who)
        assert (row.outcome, decided) == (outcome, how)
        assert bool(row.proposals) == (outcome is Outcome.REVIEW)
        for proposal in row.proposals:
            best = proposal.candidates[0]
            assert (proposal.key, proposal.reason, proposal.cleared) == (SourceKey("health", "pt-1"), "NO_ID", False)
            assert best.person == await hub.internal("PR-1") and proposal.model == hub.pulling.model.version
            assert [part.name for part in best.comparisons] == [
                "surname", "given_name", "patronymic", "birth_date", "sex", "place",
            ]  # fmt: skip


async def test_two_who_cannot_be_told_apart_are_shown_both(
    lists: Lists, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Namesakes born on the same day: a claim without a patronymic is either's."""
    async with listed(lists, tmp_path, monkeypatch) as hub:
        await lists.pull(hub, "population", [register(1, WHO), register(2, WHO | {"patronymic": "Болатұлы"})])
        row, _ = await one(hub, WHO | {"patronymic": None})
        assert row.outcome is Outcome.REVIEW
        assert {each.person for each in row.proposals[0].candidates} == {
            await hub.internal("PR-1"), await hub.internal("PR-2"),
        }  # fmt: skip
        assert (await one(hub, WHO))[1] == "matched"


async def test_people_of_one_page_are_candidates_of_each_other(
    lists: Lists, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with listed(lists, tmp_path, monkeypatch) as hub:
        again = register(2, WHO | {"patronymic": None}) | {"iin": None}
        verdict, _ = await judged(hub, "population", [register(1, WHO), again])
        first, second = (verdict.decisions[SourceKey("population", f"PR-{n}")] for n in (1, 2))
        assert (first[1], second) == ("new", (first[0], "matched"))


async def test_two_keys_of_one_row_are_not_one_person(
    lists: Lists, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A marriage of somebody with themself: held, and asked about."""
    async with listed(lists, tmp_path, monkeypatch) as hub:
        await lists.pull(hub, "population", [register(1, WHO)])
        spouses = {f"spouse{n}": _spouse(n) for n in (1, 2)}
        act = {
            "act_no": "AK-1", "change_seq": 1, "version": 1, "changed_at": "2026-02-01T00:00:00Z",
            "event_type": "marriage", "event_date": "2010-01-01", "place": {"region": "KZ-75", "locality": "x"},
            "persons": spouses,
        }  # fmt: skip
        verdict, _ = await judged(hub, "civil", [act])
        row = verdict.rows[0]
        assert (row.outcome, row.reason) == (Outcome.REVIEW, "ID_CONFLICT")
        assert [proposal.reason for proposal in row.proposals] == ["ID_CONFLICT"]


def _spouse(number: int) -> dict[str, Any]:
    return {
        "person_no": f"CR-{number}", "surname": WHO["surname"], "given_name": WHO["givenName"], "birth_surname": None,
        "patronymic": None, "birth_date": WHO["birthDate"], "sex": "male", "identifier": [],
    }  # fmt: skip


@pytest.mark.parametrize("who", [WHO, TWIN], ids=["sure", "unsure"])
@pytest.mark.parametrize("where", ["docket", "same page"])
async def test_who_is_under_protection_is_neither_matched_nor_held(
    who: dict[str, Any], where: str, lists: Lists, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Outcome, decision, counts and the sequence of calls are those of a claim about nobody known."""
    async with listed(lists, tmp_path, monkeypatch) as hub:
        stranger, _ = await judged(hub, "health", [patient(1, who)])
        grade = "strict" if where == "docket" else None
        await lists.pull(hub, "population", [register(1, WHO, grade=grade)])
        if where == "same page":
            row = register(9, WHO, grade="strict") | {"iin": iin(1), "recordId": "PR-9"}
            claim = register(8, who) | {"iin": None, "recordId": "PR-8"}
            verdict, _ = await judged(hub, "population", [row, claim])
            told, key = verdict.rows[1], SourceKey("population", "PR-8")
        else:
            verdict, _ = await judged(hub, "health", [patient(1, who)])
            told, key = verdict.rows[0], SourceKey("health", "pt-1")
            assert entries.outcomes(verdict) == entries.outcomes(stranger)
            assert entries.decisions(verdict, "new") == entries.decisions(stranger, "new") == 0
            assert verdict.weighed == stranger.weighed and verdict.decisions == stranger.decisions
        assert told.outcome is Outcome.ACCEPTED and verdict.decisions[key][1] == "new"
        [proposal] = told.proposals
        assert (proposal.reason, proposal.cleared, proposal.key) == ("PROTECTED", True, key)
        assert proposal.candidates[0].person == await hub.internal("PR-1")


async def test_matched_new_and_protected_are_counted_alike(
    lists: Lists, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a pull tells an operator of a row without an id is that it was weighed, whatever came of it."""
    async with listed(lists, tmp_path, monkeypatch) as hub:
        await lists.pull(hub, "population", [register(1, WHO), register(2, OTHER, grade="strict")])
        told = []
        for number, who in enumerate((WHO, OTHER, WHO | {"surname": "Ким", "birthDate": "1999-09-09"})):
            lists.rows.setdefault("health", []).append(patient(number, who))
            summary = (await hub.pull("health"))["health"]
            told.append((summary.outcomes, summary.new, summary.matched, summary.weighed, summary.claims))
        assert told[0] == told[1] == told[2]


async def test_calls_are_the_same_whatever_is_found(
    lists: Lists, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody there, somebody, somebody under protection: the same calls of graph and docket in the same order."""
    async with listed(lists, tmp_path, monkeypatch) as hub:
        seen: list[list[str]] = []
        for rows in ([], [register(1, WHO)], [register(2, TWIN, grade="strict")]):
            if rows:
                await lists.pull(hub, "population", rows)
            seen.append(await _calls(hub, monkeypatch))
        assert seen[0] == seen[1] == seen[2] and "search" in seen[0] and "protection" in seen[0]


async def _calls(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    told: list[str] = []
    with monkeypatch.context() as patched:
        for store, names in (
            (hub.pulling.reader, ("sequence", "owners", "find", "search")),
            (hub.pulling.writer, ("claims",)),
            (hub.pulling.docket, ("protection",)),
        ):
            for name in names:
                patched.setattr(store, name, _told(told, name, getattr(store, name)))
        await judged(hub, "health", [patient(1, TWIN)])
    return told


def _told(told: list[str], name: str, call: Any) -> Any:
    async def run(*given: Any) -> Any:
        told.append(name)
        return await call(*given)

    return run


async def test_too_many_candidates_are_a_humans_matter(
    lists: Lists, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with listed(lists, tmp_path, monkeypatch) as hub:
        await lists.pull(hub, "population", [register(n, WHO) for n in range(1, 67)])
        row, _ = await one(hub, WHO)
        assert row.outcome is Outcome.REVIEW and row.proposals[0].candidates == ()


async def test_a_side_of_a_report_is_found_by_weight(
    lists: Lists, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sure: the report protects every key of that person. Unsure: cleared stewards are asked beside it."""
    async with listed(lists, tmp_path, monkeypatch) as hub:
        await lists.pull(hub, "population", [register(1, WHO), register(2, TWIN | {"surname": "Ким"})])
        verdict, _ = await judged(hub, "police", [report(WHO), report(TWIN)])
        sure, unsure = verdict.rows
        hasher = hub.pulling.ring.hasher
        reached = {hasher.source_key(SourceKey("population", "PR-1")), hasher.national(iin(1))}
        assert set(sure.reached[SourceKey("police", "PO-1")]) == reached and sure.proposals == ()
        assert set(unsure.reached[SourceKey("police", "PO-1")]) > reached, "all whom it may be, until it is decided"
        assert [one.cleared for one in unsure.proposals] == [True]
        assert entries.unmatched(verdict) == 0
        await lists.pull(hub, "police", [report(WHO)])
        [matter] = await hub.pulling.docket.protection([hasher.source_key(SourceKey("population", "PR-1"))])
        assert matter.status == "reported" and reached <= set(matter.sides[0])


def report(who: dict[str, Any]) -> dict[str, Any]:
    alleged = {"personNo": "PO-2", "iin": iin(2), "surname": "Ким", "givenName": "А", "birthDate": None}
    return {
        "recordId": f"DV-{who['givenName']}", "version": 1, "changedAt": "2026-02-01T00:00:00Z",
        "kind": "domestic_violence", "occurredOn": "2026-01-01", "status": "reported",
        "reporter": {"personNo": "PO-1", "iin": None, **who}, "alleged": alleged, "others": [],
    }  # fmt: skip
