"""The last look: protection that appears, rises or goes between any two questions of a request is noticed."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from docket.dossiers import Protection
from docket.lattice import unreadable
from domain.claims import ProtectiveKind
from domain.ids import KeyHash
from resolvers.gate.protecting import Watch

A, B, C = (KeyHash(bytes([n]) * 16) for n in range(1, 4))


def grade(*keys: KeyHash, grade: str = "strict") -> Protection:
    return Protection(keys, ProtectiveKind.GRADE, grade, None, None, (keys,))


def report(one: KeyHash, other: KeyHash) -> Protection:
    return Protection((one, other), ProtectiveKind.REPORT, None, "reported", None, ((one,), (other,)))


class Docket:
    """Answers with the matters that stand at the time; `damaged` ones as the docket tells what it cannot read."""

    def __init__(self, *standing: Protection) -> None:
        self.standing: tuple[Protection, ...] = standing
        self.damaged: frozenset[KeyHash] = frozenset()

    async def protection(self, keys: Sequence[KeyHash]) -> tuple[Protection, ...]:
        led = tuple(key for key in keys if key in self.damaged)
        found = tuple(matter for matter in self.standing if not set(keys).isdisjoint(matter.keys))
        return (*found, *((unreadable(led),) if led else ()))


def watch(docket: Docket) -> Watch:
    return Watch(docket)  # type: ignore[arg-type]  # the one call of the port that a watch makes


async def test_nothing_happens() -> None:
    docket = Docket(grade(A), report(B, C))
    looking = watch(docket)
    assert await looking.protections([A]) == (grade(A),)
    assert await looking.protections([A, B]) == (grade(A), report(B, C))
    assert await looking.protections([]) == ()
    assert await looking.unchanged()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ((), (grade(A),)),
        ((), (report(A, C),)),
        ((grade(A, grade="confidential"),), (grade(A),)),
        ((grade(A),), ()),
    ],
    ids=["a grade", "a report", "a higher grade", "none any more"],
)
@pytest.mark.parametrize("asked_again", [False, True], ids=["asked once", "asked again after it"])
async def test_a_change_is_noticed_however_often_was_asked(
    before: tuple[Protection, ...], after: tuple[Protection, ...], asked_again: bool
) -> None:
    docket = Docket(*before)
    looking = watch(docket)
    await looking.protections([A, B])
    docket.standing = after
    if asked_again:
        await looking.protections([A, C])
    assert not await looking.unchanged()


async def test_a_change_that_was_taken_back_between_two_questions_is_noticed() -> None:
    docket = Docket()
    looking = watch(docket)
    await looking.protections([A])
    docket.standing = (grade(A),)
    await looking.protections([A])
    docket.standing = ()
    assert not await looking.unchanged()


async def test_others_change_nothing() -> None:
    docket = Docket()
    looking = watch(docket)
    await looking.protections([A])
    docket.standing = (grade(C), report(B, C))
    assert await looking.unchanged()


async def test_a_matter_that_cannot_be_read_is_no_change() -> None:
    """It comes over the keys that led to it, so over others at each question: that must not stop every answer."""
    docket = Docket()
    docket.damaged = frozenset({A, B})
    looking = watch(docket)
    await looking.protections([A])
    await looking.protections([B, C])
    assert await looking.unchanged()
