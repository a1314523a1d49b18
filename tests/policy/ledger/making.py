"""Keys that are the same in every run, entries, and ledgers on every kind of store there is."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from domain.entries import Act, Entry, Reach, Shown
from domain.ids import PersonId
from policy.ledger.ledger import Ledger
from policy.ledger.naming import Names
from policy.ledger.opening import open_ledger
from policy.ledger.shapes import HeaderLeaf
from vault.key_ring import KeyRing
from vault.provider import Root, RootKey
from vault.unsealing import Unsealer

START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


class FixedProvider:
    """Root keys derived from a word."""

    def __init__(self, word: str = "ledger") -> None:
        self._word = word

    def roots(self) -> Mapping[Root, tuple[RootKey, ...]]:
        """One version each."""
        return {root: (RootKey(1, hashlib.sha256(f"{self._word}/{root}".encode()).digest()),) for root in Root}

    def stamp(self) -> object:
        """Never changed."""
        return self._word


def ring(word: str = "ledger") -> KeyRing:
    """A key ring."""
    return KeyRing.open(FixedProvider(word))


def opened(url: str, **options: object) -> Ledger:
    """A ledger with seeded randomness that can open what it sealed."""
    keys = ring()
    settings: dict[str, object] = {
        "opener": Unsealer(keys),
        "randomness": random.Random(7).randbytes,
        "checkpoint_seconds": 3600.0,
    }
    return open_ledger(url, keys, **(settings | options))  # type: ignore[arg-type]


def shown(person: int, reach: Reach = Reach.OPENED, *fields: str, category: str = "income") -> Shown:
    """One person shown in one category."""
    return Shown(PersonId(person), reach, {category: ("full", frozenset(fields or ("amount",)))})


def entry(number: int, *people: Shown, **changes: object) -> Entry:
    """An entry of a caseworker; `number` gives key and time."""
    plain = Entry(
        key=f"request-{number}",
        act=Act.CONSULTATION,
        at=START + timedelta(seconds=number, milliseconds=number % 1000),
        actor="officer-7",
        acting_for=None,
        client="centre-app",
        agency="centre",
        unit="north",
        role="caseworker",
        activity="family-card-review",
        purpose="dpv:ServiceProvision",
        basis="social-code-24",
        case="CASE-0042",
        warrant=None,
        decision="permit",
        reason=None,
        request_id=f"r-{number}",
        document_hash="d" * 64,
        variables_hash="e" * 64,
        token_id="token-1",
        graph_sequence=number,
        policy_hash="f" * 64,
        shown=people,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def request_of(header: HeaderLeaf) -> str:
    """The request id of one of `entry`'s first hundred, which its leaf names by key."""
    names = Names(ring())
    return next(f"r-{number}" for number in range(100) if names.position(f"request-{number}").hex() == header.id)
