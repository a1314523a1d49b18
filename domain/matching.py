"""What a comparison of names, dates and places found: whom a source key may be, how sure that is, and why."""

from __future__ import annotations

from dataclasses import dataclass

from domain.ids import PersonId, SourceKey

PROTECTED = "PROTECTED"
"""The reason of a proposal that has somebody under protection among its candidates."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One comparison's part in a match: `name` (surname, birth_date …), the `level` reached (exact, one slip …) and its
    `weight` in bits: log2 of how much likelier that is for one person than for two (Fellegi and Sunter, 1969). Levels
    and names are the model's words; no value of a person stands here."""

    name: str
    level: str
    weight: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody whom a source key may be: `weight` is the prior's and all comparisons' bits together, `probability`
    what follows from it."""

    person: PersonId
    weight: float
    probability: float
    comparisons: tuple[Comparison, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a human is asked about one source key: who of the `candidates` (best first) it is, or none of them.

    `reason`: NO_ID (between the thresholds, or two that cannot be told apart; or who a side of a report is),
    ID_CONFLICT, or PROTECTED (a candidate is under protection: the row went on as if they were not known, or founded
    somebody who is guarded, and cleared stewards alone are asked). `model`: the version of the model that weighed.
    `places`: its row may say where people live, or whose kin they are; what is not known to say neither counts so.
    """

    key: SourceKey
    reason: str
    candidates: tuple[Candidate, ...]
    model: str
    cleared: bool = False
    places: bool = True
