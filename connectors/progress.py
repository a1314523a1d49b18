"""How far a pull is: counters that a pull moves, and the protocol by which someone watches them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from docket.dossiers import Outcome


@dataclass(slots=True)
class Summary:
    """What one pull of one agency did. `matched`: source keys found to be people who were known already.

    `weighed`: source keys without a national id that were compared with others: matched, held or new, which no count
    tells apart. `unmatched`: reports, counted as protective too, that name a side by number alone, who can
    be joined to nobody.
    `flagged`, `cleared`: doubts about what claims say together that came up, and that were put right.
    """

    agency: str
    outcomes: dict[Outcome, int] = field(default_factory=lambda: dict.fromkeys(Outcome, 0))
    pages: int = 0
    new: int = 0
    matched: int = 0
    weighed: int = 0
    unmatched: int = 0
    flagged: int = 0
    cleared: int = 0
    claims: int = 0
    repeated: int = 0
    refolded: int = 0
    seconds: float = 0.0

    @property
    def rows(self) -> int:
        """Rows taken in."""
        return sum(self.outcomes.values())

    @property
    def quarantined(self) -> int:
        """Rows that could not be read."""
        return self.outcomes[Outcome.QUARANTINED]

    @property
    def under_review(self) -> int:
        """Rows that wait for a human decision."""
        return self.outcomes[Outcome.REVIEW]

    @property
    def rate(self) -> float:
        """Rows a second."""
        return self.rows / self.seconds if self.seconds > 0 else 0.0

    def add(self, outcomes: Mapping[Outcome, int]) -> None:
        """Count a page's outcomes."""
        for outcome, count in outcomes.items():
            self.outcomes[outcome] += count


class Progress(Protocol):
    """Watches pulls. Called on the event loop: must not block."""

    def moved(self, summary: Summary) -> None:
        """A page was committed; `summary` is what the pull did so far (live: read it, do not keep it)."""
        ...

    def ended(self, summary: Summary) -> None:
        """The pull came to its end."""
        ...


class Unwatched:
    """Nobody watches."""

    def moved(self, summary: Summary) -> None:
        """Nothing."""

    def ended(self, summary: Summary) -> None:
        """Nothing."""
