"""Entries as the ledger's file has them, protective ones too, which no reviewer's page opens."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from domain.entries import Shown
from domain.ids import PersonId
from policy.ledger.shapes import people_of, shown_of
from policy.ledger.store import unpacked
from tests.markers.places import Place
from vault.key_ring import KeyRing
from vault.unsealing import Unsealer


@dataclass(frozen=True)
class Written:
    """One entry: its number, and what it says was disclosed of whom."""

    number: int
    shown: tuple[Shown, ...]

    @property
    def places(self) -> frozenset[Place]:
        """(subject, category, field) of everything disclosed."""
        return frozenset(
            (one.subject, category, name)
            for one in self.shown
            for category, (_, fields) in one.categories.items()
            for name in fields
        )

    @property
    def people(self) -> frozenset[PersonId]:
        """Everyone shown."""
        return frozenset(one.subject for one in self.shown)


def newest(ledger: Path, ring: KeyRing) -> Written:
    """The entry written last."""
    with closing(sqlite3.connect(ledger)) as db:
        number, position, people, subjects = db.execute(
            "SELECT number, position, people, subjects FROM entries ORDER BY number DESC LIMIT 1"
        ).fetchone()
        leaves = [
            db.execute("SELECT leaf FROM leaves WHERE number = ?", (leaf,)).fetchone()[0] for leaf in unpacked(subjects)
        ]
    named = people_of(Unsealer(ring).unseal_compartment("ledger", people, b"people" + position)).subjects
    return Written(number, tuple(shown_of(PersonId(p), leaf) for p, leaf in zip(named, leaves, strict=True)))
