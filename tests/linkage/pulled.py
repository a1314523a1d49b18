"""A linkage set through the real way in: the register pulled first, then the claims; who each claim was found to be."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from dataclasses import dataclass, field, fields
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from domain.ids import SourceKey
from identity.names import normalise
from simulator.linkage.writing import write
from tests.oracle.listed import Lists, listed

PAGE = 500
TODAY = date(2026, 11, 22)


@dataclass(slots=True)
class Linked:
    """Counts of claims. `known`: about somebody in the register; `right` and `wrong`: matched without a human.

    What becomes of those about known people: `right`, `mistaken` (matched with another; part of `wrong`), `asked` (held
    for a human), `unasked` (taken for somebody new). Of those about others: the rest of `wrong`, `bothered` (held),
    and `new`.
    """

    claims: int = 0
    known: int = 0
    right: int = 0
    wrong: int = 0
    mistaken: int = 0
    asked: int = 0
    unasked: int = 0
    bothered: int = 0
    new: int = 0
    exact: int = 0
    errors: Counter[int] = field(default_factory=Counter)

    @property
    def precision(self) -> float:
        """Of the claims matched without a human, how many rightly."""
        return self.right / max(self.right + self.wrong, 1)

    @property
    def recall(self) -> float:
        """Of the claims about somebody known, how many were matched to them without a human."""
        return self.right / self.known

    @property
    def held(self) -> int:
        """Claims that wait for a human."""
        return self.asked + self.bothered

    @property
    def others(self) -> int:
        """Claims about somebody whom the register does not hold."""
        return self.claims - self.known

    @property
    def exact_recall(self) -> float:
        """The same for a rule that takes normalised surname, given name and birth date to be equal."""
        return self.exact / self.known

    def __add__(self, other: Linked) -> Linked:
        both = {one.name: getattr(self, one.name) + getattr(other, one.name) for one in fields(self)}
        return Linked(**both)


async def linked(folder: Path, people: int, seed: int, monkeypatch: pytest.MonkeyPatch) -> Linked:
    """Make a set, pull it, and hold the decisions against the truth."""
    write(folder / "set", people, seed, TODAY)
    register, claims, truth = (_lines(folder / "set" / f"{name}.ndjson") for name in ("register", "claims", "truth"))
    lists = Lists(PAGE)
    async with listed(lists, folder / "agencies", monkeypatch) as hub:
        await lists.pull(hub, "population", register)
        await lists.pull(hub, "health", claims)
        hasher = hub.pulling.ring.hasher
        with sqlite3.connect(hub.folder / "graph.db") as graph:
            owners = dict(graph.execute("SELECT key, person FROM source_key"))
        own = {one["claim"]: owners.get(hasher.source_key(SourceKey("health", one["claim"]))) for one in truth}
        whose = {key: owners.get(hasher.source_key(SourceKey("population", key))) for key in _registered(register)}
    return _counted(register, claims, truth, own, whose)


def _counted(
    register: list[Any], claims: list[Any], truth: list[Any], own: dict[str, Any], whose: dict[str, Any]
) -> Linked:
    found = Linked()
    people = set(whose.values())
    same = Counter((_exact(row["surname"], row["givenName"], row["birthDate"]), row["recordId"]) for row in register)
    for claim, true in zip(claims, truth, strict=True):
        person, right = own[true["claim"]], whose.get(true["register"])
        known, wrong = right is not None, person in people and person != right
        founded = person is not None and person not in people
        found.claims += 1
        found.errors[len(true["errors"])] += 1
        found.known += known
        found.right += person is not None and person == right
        found.wrong += wrong
        found.mistaken += wrong and known
        found.asked += person is None and known
        found.bothered += person is None and not known
        found.unasked += founded and known
        found.new += founded and not known
        name = claim["name"][0]
        found.exact += same[_exact(name["family"], name["given"][0], claim["birthDate"]), true["register"]]
    return found


def _exact(surname: str, given: str, born: str) -> tuple[str, str, str]:
    return normalise(surname), normalise(given), born


def _registered(register: list[Any]) -> set[str]:
    return {row["recordId"] for row in register} | {
        relation["person"]["recordId"] for row in register for relation in row["relations"]
    }


def _lines(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]
