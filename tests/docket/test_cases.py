"""Cases: documents in any order, one answer for all that is not to be had, the same calls either way."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from typing import Any

import pytest

from docket.sqlite_lane import SqliteLane
from docket.store import DocketStore
from domain.errors import Invalid
from tests.docket.making import case, closure, key, row, warrant

NUMBER = "CASE-000001"


def at(month: int, day: int = 1, hour: int = 0) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


async def _take_in(docket: DocketStore, *documents: dict[str, Any]) -> None:
    for number, document in enumerate(documents):
        await docket.intake([row(number, source="casework", document=document)])


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
async def test_documents_may_come_in_any_order(docket: DocketStore, order: tuple[int, ...]) -> None:
    documents = [case(), warrant(), warrant("WARRANT-000002", issued="2026-02-15T00:00:00Z"), closure()]
    await _take_in(docket, *(documents[number] for number in order))
    found = await docket.case(NUMBER, at(2, 20))
    assert found is not None
    assert (found.number, found.activity, found.agency, found.unit, found.region) == (
        NUMBER, "child-protection", "support-centre", "unit-1", "KZ-75"
    )  # fmt: skip
    assert (found.officers, found.subjects) == (frozenset({"officer-1"}), frozenset({key(1)}))
    assert [each.number for each in found.warrants] == ["WARRANT-000001", "WARRANT-000002"]
    first = found.warrants[0]
    assert (first.depth, first.families, first.subjects) == (4, frozenset({"parent"}), frozenset({key(2)}))
    assert await docket.case(NUMBER, at(5)) is None


async def test_a_case_holds_from_its_opening_until_before_its_expiry(docket: DocketStore) -> None:
    await _take_in(docket, case())
    moments = [datetime(2025, 12, 31, 23, 59, 59, tzinfo=UTC), at(1), at(6, 30, 23), at(7)]
    assert [await docket.case(NUMBER, moment) is not None for moment in moments] == [False, True, True, False]


async def test_a_warrant_holds_from_its_issue_until_before_its_expiry(docket: DocketStore) -> None:
    await _take_in(docket, case(), warrant())
    found = [await docket.case(NUMBER, moment) for moment in (at(1, 31, 23), at(2), at(2, 28, 23), at(3))]
    assert [len(each.warrants) for each in found if each is not None] == [0, 1, 1, 0]


async def test_a_closure_ends_the_case_for_good(docket: DocketStore) -> None:
    await _take_in(docket, case(), closure())
    assert await docket.case(NUMBER, at(4, 30, 23)) is not None
    assert await docket.case(NUMBER, at(5)) is None
    await docket.intake([row(9, document=case(version=2, opened="2026-05-02T00:00:00Z"))])
    assert await docket.case(NUMBER, at(6)) is None


async def test_documents_of_another_case_change_nothing(docket: DocketStore) -> None:
    await _take_in(docket, case(), warrant(case="CASE-000002"), closure("CASE-000002"))
    found = await docket.case(NUMBER, at(6))
    assert found is not None
    assert found.warrants == ()
    assert await docket.case("CASE-000002", at(6)) is None


async def test_the_higher_version_counts_in_any_order(docket: DocketStore) -> None:
    newer = case(version=2, officers=["officer-2"])
    shorter = warrant(version=2, depth=2)
    await _take_in(docket, newer, case(), shorter, warrant())
    found = await docket.case(NUMBER, at(2))
    assert found is not None
    assert found.officers == {"officer-2"}
    assert [each.depth for each in found.warrants] == [2]


async def test_two_agencies_with_one_number_have_no_case(docket: DocketStore) -> None:
    await _take_in(docket, case(), case(agency="another", officers=["intruder"], version=9))
    assert await docket.case(NUMBER, at(2)) is None


async def test_the_same_calls_are_made_whether_a_case_exists_or_not(
    docket: DocketStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _take_in(docket, case(), warrant(), case("CASE-000002"), closure("CASE-000002"))
    calls: list[tuple[str, int]] = []
    read = SqliteLane.read

    def listening(self: SqliteLane, query: Any, values: Any) -> Any:
        calls.append((query.sql, len(values)))
        return read(self, query, values)

    monkeypatch.setattr(SqliteLane, "read", listening)
    seen = []
    unlike = [(NUMBER, at(2)), (NUMBER, at(8)), ("CASE-000002", at(6)), ("CASE-999999", at(2)), ("", at(2))]
    for number, moment in unlike:
        calls.clear()
        await docket.case(number, moment)
        seen.append(list(calls))
    assert len(seen[0]) == 1
    assert all(each == seen[0] for each in seen)
    for asked in ([key(1)], [key(2)]):
        calls.clear()
        await docket.protection(asked)
        seen.append(list(calls))
    assert seen[-1] == seen[-2]


@pytest.mark.parametrize(
    "broken",
    [
        {"type": "case"}, {}, {"type": "unheard-of", "case": "C"}, case(opened="2026-01-01"),
        case(opened="2026-01-01T00:00:00"), case(officers="officer-1"), case(subjects=["PR-1"]), case(""),
        case("C" * 65), warrant(depth=0), warrant(depth=9),
        closure(closed="yesterday"),
    ],
)  # fmt: skip
async def test_what_is_no_document_is_refused_without_quoting_it(docket: DocketStore, broken: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as told:
        await docket.intake([row(0, document=broken)])
    assert told.value.field == "document"
    assert "officer" not in f"{told.value!r} {told.value.cause}"
