"""A register's row that may be about somebody under protection founds a double, and it is hidden as she is from birth.

To an officer with a case on the row's own number it is nothing: the same bytes as before it came. Control: without the
guard the officer reads where she lives now. It ends when two cleared stewards say that they are two. Once
they say that they are one it is hers, and guarded as before, should they be parted.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from connectors.pipeline import commit
from docket.dossiers import Line
from domain.claims import ProtectiveKind
from domain.ids import KeyHash, SourceKey
from domain.principals import Principal
from tests.acquaintance.questions import Acquainted, questions
from tests.connectors.pipeline.test_guarded import ADDRESS, stay, unnumbered_birth
from tests.connectors.pipeline.test_weighing import OTHER, WHO, register
from tests.connectors.pipeline.two_worlds import World, two_worlds
from tests.connectors.rows import iin
from tests.worlds.reviews import listed, resolve, steward

TOWN = b"Her new town"


def _moved(number: int) -> dict[str, Any]:
    """A row of the register without a national id that brings an address."""
    home = stay(f"H-{number}") | {"address": ADDRESS | {"locality": TOWN.decode()}}
    return register(number, WHO) | {"iin": None, "registrations": [home]}


def _key(world: World, number: int) -> KeyHash:
    return world.hub.parts.ring.hasher.source_key(SourceKey("population", f"PR-{number}"))


async def _is_graded(world: World, number: int) -> bool:
    matters = await world.hub.parts.docket.protection([_key(world, number)])
    return any(one.kind is ProtectiveKind.GRADE for one in matters)


async def _read(world: World, officer: Principal) -> list[bytes]:
    ring = world.hub.parts.ring
    doubles = [ring.hasher.founding(SourceKey("population", f"PR-{number}")) for number in (2, 8, 9)]
    ids = [ring.outward(officer.sector).encode("P", one) for one in doubles]
    return await world.readable(officer, WHO, [], ids)


async def _begun(world: World, *, named: bool = False) -> Principal:
    """She is under protection, in the region of an officer with a case on somebody else; or, `named`, on her and on the
    numbers that are still to come."""
    hers = register(2, WHO, grade="confidential") | {"registrations": [stay("H-2")]}
    await world.pull("population", hers, register(3, OTHER))
    return await world.caseworker(*(("population", f"PR-{number}") for number in ((2, 8, 9) if named else (3,))))


def _code(answer: Any) -> str | None:
    errors = json.loads(answer.body).get("errors")
    return errors[0]["extensions"]["code"] if errors else None


async def test_a_double_is_nothing_to_an_officer_from_birth(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with two_worlds(tmp_path, monkeypatch) as (world, _):
        officer = await _begun(world)
        before = await _read(world, officer)
        for number in (8, 9):
            await world.pull("population", _moved(number))
            assert await _read(world, officer) == before and await _is_graded(world, number)
        assert TOWN not in b"".join(before)
        assert not await listed(world.hub, steward(world.hub))
        assert len(await listed(world.hub, steward(world.hub, cleared=True))) == 2


async def test_its_address_is_withheld_from_an_officer_with_a_case_on_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A case on its number names its officer, as one on her own does: they know that it is there, and not where."""
    async with two_worlds(tmp_path, monkeypatch) as (world, _):
        officer = await _begun(world, named=True)
        before = b"".join(await _read(world, officer))
        await world.pull("population", _moved(8))
        read = b"".join(await _read(world, officer))
        assert TOWN not in read and read.count(b'"birthDate":"1975-06-21"') > before.count(b'"birthDate":"1975-06-21"')


async def test_control_without_the_guard_the_officer_reads_her_new_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a case on its number; without one, by the region in which it turns up."""
    monkeypatch.setattr(commit, "_guards", lambda *_: [])
    async with two_worlds(tmp_path, monkeypatch) as (world, other):
        officer = await _begun(world, named=True)
        await world.pull("population", _moved(8))
        assert TOWN in b"".join(await _read(world, officer))
        officer = await _begun(other)
        before = await _read(other, officer)
        await other.pull("population", _moved(8))
        assert await _read(other, officer) != before


async def test_two_cleared_stewards_end_the_guard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One of them alone changes nothing, and neither does a row that comes again."""
    async with two_worlds(tmp_path, monkeypatch) as (world, _):
        officer = await _begun(world, named=True)
        await world.pull("population", _moved(8))
        one, other = (steward(world.hub, number, cleared=True) for number in (1, 2))
        (review,) = await listed(world.hub, one)
        proposed = json.loads((await resolve(world.hub, one, review, "NEW")).body)["data"]["resolveIdentity"]
        assert proposed["state"] == "proposed"
        assert TOWN not in b"".join(await _read(world, officer))
        assert _code(await resolve(world.hub, one, proposed, "NEW")) == "SECOND_PERSON_REQUIRED"
        done = json.loads((await resolve(world.hub, other, proposed, "NEW")).body)["data"]["resolveIdentity"]
        assert (done["state"], done["carried"]) == ("resolved", True)
        assert TOWN in b"".join(await _read(world, officer)) and not await _is_graded(world, 8)
        await world.pull("population", _moved(8) | {"version": 2, "changedAt": "2026-03-01T00:00:00Z"})
        assert TOWN in b"".join(await _read(world, officer))


async def test_made_one_with_her_it_is_guarded_as_she_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with two_worlds(tmp_path, monkeypatch) as (world, _):
        officer = await _begun(world)
        before = await _read(world, officer)
        await world.pull("population", _moved(8))
        one, other = (steward(world.hub, number, cleared=True) for number in (1, 2))
        (review,) = await listed(world.hub, one)
        her = review["candidates"][0]["person"]["id"]
        proposed = json.loads((await resolve(world.hub, one, review, "MATCH", p=her)).body)["data"]["resolveIdentity"]
        assert TOWN not in b"".join(await _read(world, officer))
        done = json.loads((await resolve(world.hub, other, proposed, "MATCH", p=her)).body)["data"]["resolveIdentity"]
        assert done["state"] == "merged" and await _is_graded(world, 8) and await _is_graded(world, 2)
        assert await _read(world, officer) == before
        known = Acquainted((), ())
        told = [answer async for _, answer in questions(world.hub, world.hub.family(iin(2)), known, [])]
        assert any(TOWN in answer for answer in told), "her own account alone tells where she lives now"


async def test_a_row_that_was_held_for_somebody_else_guards_her_double_when_it_is_taken_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A birth whose child may be her waits for who the mother is; a steward decides that."""
    async with two_worlds(tmp_path, monkeypatch) as (world, _):
        mother, act = unnumbered_birth()
        await world.pull("population", register(1, mother, sex="F"), register(2, WHO, grade="strict"))
        await world.pull("civil", act)
        (review,) = await listed(world.hub, steward(world.hub))
        assert not await world.hub.parts.docket.line(Line.PROTECTED_REVIEW, 10)
        done = json.loads((await resolve(world.hub, steward(world.hub), review, "NEW")).body)["data"]
        assert done["resolveIdentity"]["carried"]
        hasher = world.hub.parts.ring.hasher
        child = hasher.source_key(SourceKey("civil", "CR-1"))
        assert any(one.kind is ProtectiveKind.GRADE for one in await world.hub.parts.docket.protection([child]))
        (asked,) = await world.hub.parts.docket.line(Line.PROTECTED_REVIEW, 10)
        assert asked.review.proposal.key == SourceKey("civil", "CR-1")
