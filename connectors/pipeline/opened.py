"""What is known of a person while a batch is worked on: their claims in clear. Never kept beyond the batch."""

from __future__ import annotations

from dataclasses import dataclass, field

from domain.ids import KeyHash, PersonId
from domain.records.fold import Held
from identity.agreement import Stated, stated

_STATED = ("surname", "given_name", "birth_surname", "birth_date")


@dataclass(slots=True)
class Opened:
    """One person's claims as recorded, the version they were read at, and wrapped keys to seal more with."""

    person: PersonId
    version: int
    wrapped: bytes
    keys: dict[KeyHash, bytes]
    claims: list[Held]
    nationals: tuple[KeyHash, ...]
    _statements: list[Stated] | None = field(default=None)

    def statements(self) -> list[Stated]:
        """Who the person was ever said to be, superseded versions included. The list may be added to."""
        if self._statements is None:
            self._statements = [one for held in self.claims for one in statements_of(held)]
        return self._statements


def statements_of(held: Held) -> list[Stated]:
    """What a claim states about who its person is; nothing if it is about something else."""
    if held.body.category != "identity":
        return []
    return [stated(*(_text(item, name) for name in _STATED)) for item in held.body.items]


def _text(item: dict[str, str | int | bool], name: str) -> str | None:
    value = item.get(name)
    return value if isinstance(value, str) else None
