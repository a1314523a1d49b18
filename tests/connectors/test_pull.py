"""The way in on real stores: idempotent, whole after any kill, nothing lost when two write about one person."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from connectors.agencies.catalogue import BY_NAME
from connectors.pull import pull
from docket.dossiers import Outcome
from domain.claims import ProtectiveKind
from domain.errors import Invalid, Unavailable
from domain.ids import SourceKey
from domain.records.catalogue import BY_NAME as CATEGORY
from domain.records.fold import fold
from graph.port import Stale
from tests.connectors.hubs import Hub, Killed, hub, killed, unavailable
from tests.connectors.rows import iin, job, person, relation, stay
from tests.connectors.serving import Agencies, serving

POPULATION, TAX = BY_NAME["population"], BY_NAME["tax"]
PLACES = ["docket", "graph", "append", "settle"]


def country() -> Agencies:
    """Twenty people with every outcome among their rows, and their jobs."""
    people: list[Any] = [person(n) for n in range(20)]
    people[3] = person(3, relations=[relation("responsibility", 4), relation("guardian", 5), relation("guardian", 4)])
    people[5] = person(5, protection={"grade": "strict", "since": "2020-01-01", "authority": "x"})
    people.insert(8, person(2))  # byte for byte what came before
    people.insert(10, person(30, iin="123456789012"))
    people.insert(11, person(31, iin=None))
    people.insert(12, person(32, iin=iin(6), surname="Чужой", givenName="Некто", birthDate="1950-01-01"))
    people.append(person(6, version=2, surname="Новая", registrations=[stay(6, to="2026-01-01"), stay(9)]))
    people.append(person(7, version=0, surname="Старая", changedAt="2026-03-01T10:00:00Z"))
    return Agencies(people, [job(n) for n in range(12)] + [job(40)])


@pytest.fixture
async def agencies() -> AsyncIterator[Agencies]:
    async with serving(country()) as served:
        yield served


async def all_of(one: Hub) -> None:
    for agency in (POPULATION, TAX):
        await pull(agency, one.parts)


async def person_of(one: Hub, agency: str, number: str) -> Any:
    key = one.ring.hasher.source_key(SourceKey(agency, number))
    return (await one.graph.reader.owners([key])).get(key)


async def test_each_row_is_counted_once_and_people_are_joined(agencies: Agencies, tmp_path: Path) -> None:
    async with hub(tmp_path, "a", agencies.url) as one:
        summary = await pull(POPULATION, one.parts)
        assert summary.rows == len(agencies.population)
        assert summary.outcomes == {
            Outcome.ACCEPTED: 23,
            Outcome.DUPLICATE: 1,
            Outcome.QUARANTINED: 1,
            Outcome.REVIEW: 1,
            Outcome.PROTECTIVE: 0,
            Outcome.SUPPRESSED: 0,
        }
        assert (summary.new, summary.matched, summary.weighed) == (20, 0, 1)
        summary = await pull(TAX, one.parts)
        assert (summary.new, summary.matched) == (1, 12)
        assert await person_of(one, "tax", "TP-3") == await person_of(one, "population", "PR-000003")
        assert await person_of(one, "population", "PR-000031") is not None
        counts = await one.docket.counts()
        assert sum(counts.values()) == len(agencies.population) + len(agencies.tax)


@pytest.mark.parametrize(
    "changed",
    [
        {"birthDate": "2026-02-30"},
        {"iin": "900506300129"},
        {"registrations": [stay(5, role="lodger")]},
        {"protection": {"grade": "secret", "since": "2020-01-01"}},
        {"protection": "confidential", "version": None},
    ],
)
async def test_a_grade_protects_though_its_row_is_in_quarantine(changed: dict[str, Any], tmp_path: Path) -> None:
    """The one row that brings the grade cannot be read; it is counted as such, and the person is protected."""
    spoilt = person(5, version=2, protection={"grade": "strict", "since": "2020-01-01"}) | changed
    async with serving(Agencies([person(5), spoilt, spoilt], [])) as served, hub(tmp_path, "a", served.url) as one:
        summary = await pull(POPULATION, one.parts)
        key = one.ring.hasher.source_key(SourceKey("population", "PR-000005"))
        (found,) = await one.docket.protection([key])
        assert (found.grade, found.kind) == ("strict", ProtectiveKind.GRADE)
        national = one.ring.hasher.national(iin(5))
        assert (national in found.keys) == ("iin" not in changed)
    told = {outcome: count for outcome, count in summary.outcomes.items() if count}
    assert told == {Outcome.ACCEPTED: 1, Outcome.QUARANTINED: 1, Outcome.DUPLICATE: 1}


async def test_what_is_stored_is_the_fold_of_what_is_stored(agencies: Agencies, tmp_path: Path) -> None:
    async with hub(tmp_path, "a", agencies.url) as one:
        await all_of(one)
        found = await person_of(one, "population", "PR-000003")
        others = {("population", f"PR-00000{n}"): await person_of(one, "population", f"PR-00000{n}") for n in range(10)}
        for number in range(10):
            who = others["population", f"PR-00000{number}"]
            stored = await one.person(who)
            folded = fold(await one.held(who), others, who)
            assert len(folded.records) >= 3
            assert stored["records"] == {CATEGORY[name].number: record for name, record in folded.records.items()}
        links = {(other, kind, outgoing) for other, kind, outgoing, _ in (await one.person(found))["links"]}
        four, five = others["population", "PR-000004"], others["population", "PR-000005"]
        assert links == {(four, "responsibility", True), (four, "guardian", True), (five, "guardian", True)}


async def test_a_higher_version_replaces_and_a_lower_one_does_not(agencies: Agencies, tmp_path: Path) -> None:
    async with hub(tmp_path, "a", agencies.url) as one:
        await pull(POPULATION, one.parts)
        newer = await one.person(await person_of(one, "population", "PR-000006"))
        assert newer["records"][9].items[0].values["surname"] == "Новая"
        assert len(newer["memberships"]) == 2
        assert [r.until for r in newer["facts"].registrations] == ["2026-01-01", None]
        older = await one.person(await person_of(one, "population", "PR-000007"))
        assert older["records"][9].items[0].values["surname"] != "Старая"


async def test_pulling_twice_changes_nothing(agencies: Agencies, tmp_path: Path) -> None:
    async with hub(tmp_path, "a", agencies.url) as one:
        await all_of(one)
        before, sequence = await one.known(), await one.graph.reader.sequence()
        await all_of(one)
        assert await one.known() == before
        assert await one.graph.reader.sequence() == sequence


@pytest.mark.parametrize("persisted", [False, True])
@pytest.mark.parametrize("where", PLACES)
@pytest.mark.parametrize("error", [killed, unavailable])
async def test_killed_anywhere_and_run_again_is_the_same(
    agencies: Agencies, tmp_path: Path, where: str, persisted: bool, error: Any
) -> None:
    async with hub(tmp_path, "whole", agencies.url) as whole:
        await all_of(whole)
        expected = await whole.known()
    async with hub(tmp_path, "torn", agencies.url) as torn:
        for call in (1, 1, 2):
            broken = torn.breaking(where, call, persisted=persisted, error=error)
            with pytest.raises((Killed, Unavailable)):
                await pull(POPULATION, broken)
        assert await torn.known() != expected
        await all_of(torn)
        assert await torn.known() == expected


async def test_a_torn_page_that_grew_is_taken_whole(agencies: Agencies, tmp_path: Path) -> None:
    more = [person(n) for n in (50, 51)]
    async with hub(tmp_path, "torn", agencies.url, page_size=100) as torn:
        with pytest.raises(Killed):
            await pull(POPULATION, torn.breaking("graph", 1, persisted=False, error=killed))
        agencies.population.extend(more)
        await all_of(torn)
        found = await torn.known()
    async with hub(tmp_path, "whole", agencies.url, page_size=100) as whole:
        await all_of(whole)
        assert await whole.known() == found


async def test_two_pulls_of_the_same_people_at_once_lose_nothing(agencies: Agencies, tmp_path: Path) -> None:
    async with hub(tmp_path, "a", agencies.url) as one, hub(tmp_path, "b", agencies.url) as other:
        await pull(POPULATION, one.parts)
        await pull(POPULATION, other.parts)
        agencies.population.extend(person(n, version=5, patronymic=f"Отчество{n}") for n in range(12))
        await asyncio.gather(pull(POPULATION, one.parts), pull(TAX, one.parts))
        await pull(POPULATION, other.parts)
        await pull(TAX, other.parts)
        together, apart = await one.known(), await other.known()
        assert together["people"] == apart["people"]
        assert together["counts"] == apart["counts"]


async def test_a_stale_fold_is_folded_again_and_given_up_in_the_end(agencies: Agencies, tmp_path: Path) -> None:
    def stale() -> Exception:
        return Stale(frozenset())

    async with hub(tmp_path, "a", agencies.url) as one, hub(tmp_path, "b", agencies.url) as other:
        summary = await pull(POPULATION, one.breaking("graph", 2, persisted=False, error=stale))
        assert summary.refolded == 1
        await pull(POPULATION, other.parts)
        assert (await one.known())["people"] == (await other.known())["people"]
        assert sum((await one.docket.counts()).values()) == len(agencies.population)


async def test_the_grade_is_there_before_the_address(agencies: Agencies, tmp_path: Path) -> None:
    async with hub(tmp_path, "a", agencies.url) as one:
        with pytest.raises(Killed):
            await pull(POPULATION, one.breaking("graph", 2, persisted=False, error=killed))
        key = one.ring.hasher.source_key(SourceKey("population", "PR-000005"))
        (matter,) = await one.docket.protection([key])
        assert matter.grade == "strict"
        who = await person_of(one, "population", "PR-000005")
        assert await one.graph.reader.records([who], [CATEGORY["residence"].number]) == ()


async def test_faults_that_pass_are_tried_again_and_others_told(agencies: Agencies, tmp_path: Path) -> None:
    async with hub(tmp_path, "a", agencies.url) as one:
        agencies.faults.extend([503, 429])
        summary = await pull(POPULATION, one.parts)
        assert summary.rows == len(agencies.population)
        agencies.faults.extend([500] * 4)
        with pytest.raises(Unavailable):
            await pull(POPULATION, one.parts)
        agencies.faults.append(403)
        asked = len(agencies.asked)
        with pytest.raises(Invalid):
            await pull(POPULATION, one.parts)
        assert len(agencies.asked) == asked + 1
        with pytest.raises(Invalid):
            await pull(BY_NAME["civil"], one.parts)
