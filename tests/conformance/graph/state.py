"""What the model knows: lists and dicts in the plainest form, and a copy of all that stood after every sequence."""

from __future__ import annotations

from dataclasses import dataclass, field

from domain.ids import KeyHash, PersonId
from graph.shapes import ClaimRow, DecisionRow, LinkRow, MemberRow, NewKey, OutboxRow


@dataclass
class Stood:
    """What reads at a sequence may see of one person: each value with the sequence that wrote it."""

    records: dict[int, tuple[int, bytes]] = field(default_factory=dict)
    links: tuple[int, tuple[LinkRow, ...]] = (0, ())
    memberships: tuple[int, tuple[MemberRow, ...]] = (0, ())

    def copy(self) -> Stood:
        return Stood(dict(self.records), self.links, self.memberships)


@dataclass
class Kept:
    """One person as last written."""

    version: int
    wrapped: bytes
    facts: bytes
    stood: Stood = field(default_factory=Stood)
    searches: frozenset[KeyHash] = frozenset()
    nationals: dict[KeyHash, tuple[int, int]] = field(default_factory=dict)


class State:
    """A graph in memory."""

    def __init__(self) -> None:
        self.instants: list[str] = []
        self.keys: dict[KeyHash, NewKey] = {}
        self.decided: list[DecisionRow] = []
        self.moved: dict[PersonId, tuple[PersonId, int]] = {}
        self.marks: set[KeyHash] = set()
        self.parted = 0
        self.claim_rows: list[tuple[int, ClaimRow]] = []
        self.people: dict[PersonId, Kept] = {}
        self.history: list[dict[PersonId, Stood]] = [{}]
        self.cursors: dict[str, bytes] = {}
        self.outbox: list[OutboxRow] = []

    def sequence(self) -> int:
        return len(self.instants)

    def version(self, person: PersonId) -> int:
        return self.people[person].version if person in self.people else 0

    def named(self, person: PersonId) -> PersonId:
        """Whom an id names today."""
        while person in self.moved:
            person = self.moved[person][0]
        return person

    def group(self, person: PersonId) -> list[PersonId]:
        """A person's own id and all that lead to it."""
        return [person, *(other for other in sorted(self.moved) if self.named(other) == person)]

    def own_keys(self, person: PersonId) -> list[KeyHash]:
        return sorted(key for key, row in self.keys.items() if row.person == person)

    def now(self) -> dict[PersonId, Stood]:
        return {person: kept.stood for person, kept in self.people.items()}

    def at(self, at: int | None) -> dict[PersonId, Stood]:
        """What stood after a sequence; None: now."""
        if at is None or at > self.sequence():
            return self.now()
        return self.history[at] if at >= 0 else {}

    def remember(self) -> None:
        """The newest sequence is done: keep what stands."""
        self.history.append({person: stood.copy() for person, stood in self.now().items()})
