"""A guard counts as the strict grade until it ended, in whatever order rows come; its end lowers nothing else."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from docket.carrying import carry_over, present_in
from docket.dossiers import Matter, Outcome, ReviewDossier
from docket.journal import Journal
from docket.opening import open_docket
from docket.store import DocketStore
from domain.claims import Evidence, ProtectiveKind
from domain.ids import SourceKey
from domain.matching import PROTECTED, Proposal
from domain.reviews import Review, State
from tests.docket.factories import RING
from tests.docket.making import grade, key, row
from vault.unsealing import Unsealer

NUMBER = SourceKey("population", "PR-1")


def guard(status: str, person: int = 1) -> Matter:
    return Matter(ProtectiveKind.GUARD, ((key(person),),), status=status)


async def _grades(docket: DocketStore, person: int = 1) -> list[str | None]:
    found = await docket.protection([key(person)])
    return [one.grade for one in found if one.kind is ProtectiveKind.GRADE]


@pytest.mark.parametrize("order", sorted(set(itertools.permutations(["held", "held", "ended"]))))
async def test_what_ended_stays_ended(docket: DocketStore, order: tuple[str, ...]) -> None:
    for number, status in enumerate(order):
        await docket.intake([row(number, protective=(guard(status),))])
        assert await _grades(docket) == ([] if "ended" in order[: number + 1] else ["strict"])


async def test_an_unknown_status_guards_and_no_end_lowers_a_grade(docket: DocketStore) -> None:
    await docket.intake([row(0, protective=(guard("lifted", 2),))])
    assert await _grades(docket, 2) == ["strict"]
    await docket.intake([row(1, protective=(grade("confidential", 1), guard("held"), guard("ended")))])
    assert await _grades(docket) == ["confidential"]


def _asked(reason: str = PROTECTED) -> Proposal:
    return Proposal(NUMBER, reason, (), "m", cleared=True)


@pytest.mark.parametrize("reason", [PROTECTED, "NO_ID"])
async def test_it_ends_with_the_review_and_with_no_other(docket: DocketStore, reason: str) -> None:
    said = (Evidence(NUMBER, None, "Ким", "Олег"),)
    taken = row(0, Outcome.ACCEPTED, protective=(guard("held"),), proposals=(_asked(reason),), said=said)
    await docket.intake([taken])
    (review,) = await docket.reviews_of(taken.position)
    for state in (State.PROPOSED, State.OPEN, State.MERGED):
        carried = replace(review, state=state, review=_carried(review, state is not State.MERGED))
        (review,) = await docket.save_reviews([carried])
        assert await _grades(docket) == ["strict"], "a merge that is ordered is not yet carried"
    await docket.save_reviews([replace(review, review=_carried(review, True))])
    assert await _grades(docket) == ([] if reason == PROTECTED else ["strict"])


def _carried(review: ReviewDossier, carried: bool) -> Review:
    return msgspec.structs.replace(review.review, carried=carried)


async def test_a_restore_brings_guards_back_and_their_ends(tmp_path: Path) -> None:
    """What the journal says of them is joined as a grade is."""
    unsealer = Unsealer(RING)
    lost = open_docket(f"sqlite:///{tmp_path / 'lost.db'}", RING, unsealer, tmp_path / "journal")
    await lost.migrate()
    await lost.intake([row(0, protective=(guard("held", 1), guard("held", 2), guard("ended", 2)))])
    await lost.close()
    restored = open_docket(f"sqlite:///{tmp_path / 'restored.db'}", RING, unsealer)
    await restored.migrate()
    journal = Journal(tmp_path / "journal", restored.opener).read()
    assert await carry_over(restored, await present_in(restored), journal, ["population"])
    assert (await _grades(restored, 1), await _grades(restored, 2)) == (["strict"], [])
    await restored.close()
