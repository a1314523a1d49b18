"""Entries made under an id that was merged into another later are found with whom it names, and apart again after.

For the person's own account and for reviewers of the log. Of somebody under a grade a reviewer is told no such thing:
who asks by either id finds what was entered under that id, as if nobody had been merged.
"""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from docket.dossiers import ReviewDossier
from domain.ids import PersonId
from tests.connectors.hubs import Hub as Connected
from tests.connectors.identity.orders import merged, unmerged
from tests.moments.past import Past
from tests.negatives.recording import recorded
from tests.worlds.copies import open_case, protect
from tests.worlds.hub import Hub

ABOUT = "query($i:ID){accessLog(about:$i,first:50){edges{node{actor activity subjects{person reach}}}}}"
OWN = "{myAccessLog(first:50){edges{node{actor}}}}"
LOOK = "query($i:ID!){person(id:$i){id name{surname}}}"
CASE = "CASE-99000005"
HOUR = timedelta(hours=1)


class Two:
    """Two grown strangers, and how often an officer of a number of their own looked at each."""

    def __init__(self, here: Hub, before: Past) -> None:
        sample = before.sample
        self.here, self.before = here, before
        self.people = (sample["family"]["spouse"], sample["people"]["other_region"])
        self.reviewer = here.officer(before.country, "privacy_officer")

    async def looked_at(self) -> None:
        """One look at the first, two at the second."""
        for place, (person, times) in enumerate(zip(self.people, (1, 2), strict=True)):
            record = person["recordId"]
            officer = self.here.principal("caseworker", {**self.before.sample["officers"]["caseworker"]})
            await open_case(self.here, officer, f"{CASE}{place}", [record])
            id = await self.here.person_id(officer, record)
            for _ in range(times):
                await self.here.data(officer, LOOK, {"i": id}, case=f"{CASE}{place}")

    async def ids(self) -> list[PersonId]:
        """Whom the two are decided to be today."""
        return [await self.here.internal(one["recordId"]) for one in self.people]

    async def own(self, place: int) -> int:
        """Entries in the own log of one of them."""
        who = self.here.family(self.people[place]["iin"])
        return len((await self.here.data(who, OWN))["myAccessLog"]["edges"])

    async def about(self, person: PersonId) -> int:
        """Entries of officers about an id, as a reviewer finds them."""
        return len(await self.entries(person))

    async def entries(self, person: PersonId) -> list[Any]:
        """These entries."""
        outward = self.here.parts.ring.outward(self.reviewer.sector, self.here.clock.now())
        asked = {"i": outward.encode("P", person)}
        edges = (await self.here.data(self.reviewer, ABOUT, asked))["accessLog"]["edges"]
        return [e["node"] for e in edges if e["node"]["activity"] == "family-card-review"]

    async def merge(self) -> ReviewDossier:
        """Make them one."""
        self.here.clock.instant += HOUR
        return await merged(self._over(), *(await self.ids()))

    async def part(self, order: ReviewDossier) -> None:
        """Part them again."""
        self.here.clock.instant += HOUR
        await unmerged(self._over(), order)

    def _over(self) -> Connected:
        parts = self.here.parts
        return cast(Connected, SimpleNamespace(ring=parts.ring, docket=parts.docket, parts=self.here.pulling))


@pytest.fixture
def two(here: Hub, before: Past) -> Two:
    """Two people, nobody having looked at them."""
    return Two(here, before)


async def test_a_merged_persons_log_is_one_and_is_two_again_once_parted(two: Two) -> None:
    await two.looked_at()
    ids = await two.ids()
    assert [await two.own(n) for n in (0, 1)] == [await two.about(id) for id in ids] == [1, 2]
    order = await two.merge()
    (kept,) = set(await two.ids())
    assert kept in ids
    assert [await two.about(id) for id in ids] == [3, 3], "by either id"
    assert [await two.own(n) for n in (0, 1)] == [3, 3]
    await two.part(order)
    assert await two.ids() == ids
    assert [await two.own(n) for n in (0, 1)] == [await two.about(id) for id in ids] == [1, 2]


async def test_of_a_merge_with_somebody_hidden_a_reviewer_learns_nothing(two: Two) -> None:
    """Whichever of the two the grade hangs on, before the merge or after it."""
    await two.looked_at()
    ids = await two.ids()
    before = [await two.entries(id) for id in ids]
    await protect(two.here, two.people[1]["recordId"])
    assert [await two.entries(id) for id in ids] == before
    order = await two.merge()
    assert [await two.entries(id) for id in ids] == before, "as if nobody had been merged"
    await two.part(order)
    assert [await two.entries(id) for id in ids] == before


async def test_merged_graded_and_nobody_make_the_same_calls(two: Two) -> None:
    await two.looked_at()
    ids = [*await two.ids(), PersonId(77)]
    watched, calls = recorded(two.here)
    two.here, plain = watched, two.here
    seen = set()

    async def ask() -> None:
        for id in ids:
            mark = len(calls.made)
            await two.entries(id)
            seen.add(calls.since(mark))

    await ask()
    two.here = plain
    await two.merge()
    two.here = watched
    await ask()
    await protect(plain, two.people[0]["recordId"])
    await ask()
    assert len(seen) == 1
