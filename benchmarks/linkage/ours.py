"""The hub's own engine on FEBRL: the same scale and training, with comparisons for the fields of these files.

Nothing is chosen by the truth: m and u come from Splink's training, the prior from a rule that few but true pairs meet,
and a pair counts as found from probability one half on. Whom to compare is found as in the hub: by compounds of two
parts or more (a birth date counts as two), each of which survives another corruption.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from rapidfuzz.distance import OSA, JaroWinkler

from benchmarks.linkage.febrl import Febrl, Pair, pair
from identity.weighing import NOT_STATED, Compare, Scale
from kindred.training.splink_training import Task, train

Record = dict[str, str]
THRESHOLD = 0.5
PAIRS = 1_000_000
_CLOSE, _SIMILAR = 0.92, 0.82


@dataclass(frozen=True, slots=True)
class Name:
    """A name: same, close, similar, other; where the two names are swapped, by the other field."""

    field: str
    other: str

    def level(self, one: Record, other: Record) -> int:
        """The level; the last but one is for names that are swapped."""
        a, b = one[self.field], other[self.field]
        if not a or not b:
            return NOT_STATED
        straight = _alike(a, b)
        if straight and _alike(a, other[self.other]) < 2 and _alike(one[self.other], b) < 2:
            return 3
        return straight if straight < 3 else 4

    def terms(self, one: Record, other: Record) -> tuple[str, str] | None:
        """Both names."""
        return one[self.field], other[self.field]


def _alike(one: str, other: str) -> int:
    if one == other:
        return 0
    near = JaroWinkler.similarity(one, other)
    return 1 if near >= _CLOSE else 2 if near >= _SIMILAR else 3


@dataclass(frozen=True, slots=True)
class Text:
    """A text of the address: same, close, similar, other."""

    field: str

    def level(self, one: Record, other: Record) -> int:
        """The level."""
        a, b = one[self.field], other[self.field]
        return NOT_STATED if not a or not b else _alike(a, b)

    def terms(self, one: Record, other: Record) -> tuple[str, str] | None:
        """Both texts."""
        return one[self.field], other[self.field]


@dataclass(frozen=True, slots=True)
class Digits:
    """A number: same, one edit, two, other."""

    field: str

    def level(self, one: Record, other: Record) -> int:
        """The level."""
        a, b = one[self.field], other[self.field]
        return NOT_STATED if not a or not b else min(OSA.distance(a, b), 3)

    def terms(self, one: Record, other: Record) -> tuple[str, str] | None:
        """Both numbers."""
        return one[self.field], other[self.field]


COMPARE: dict[str, Compare[Record]] = {
    "given_name": Name("given_name", "surname"),
    "surname": Name("surname", "given_name"),
    "date_of_birth": Digits("date_of_birth"),
    "postcode": Digits("postcode"),
    "suburb": Text("suburb"),
    "street_number": Digits("street_number"),
    "address_1": Text("address_1"),
    "address_2": Text("address_2"),
    "state": Text("state"),
}
_NAME = ("same", "close", "similar", "swapped", "other")
_TEXT = ("same", "close", "similar", "other")
_DIGITS = ("same", "one edit", "two edits", "other")
LEVELS = {
    name: _NAME if isinstance(how, Name) else _TEXT if isinstance(how, Text) else _DIGITS
    for name, how in COMPARE.items()
}
_TERMS = ("given_name", "surname", "postcode", "suburb", "address_1")
_USES = {name: (name,) for name in COMPARE}


SPLINKS = ("given_name", "surname", "date_of_birth", "postcode", "street_number")
"""The fields that Splink's published settings compare."""


def task(data: Febrl, fields: Sequence[str] = tuple(COMPARE)) -> Task[Record]:
    """What to train on the data, of these fields: its own, without its truth."""
    sides = tuple([data.records[one] for one in side] for side in data.sides)
    return Task(
        sides,
        {name: COMPARE[name] for name in fields},
        LEVELS,
        {name: _reading(name) for name in fields},
        _USES,
        (("date_of_birth",), ("postcode", "street_number"), ("given_name", "surname")),
        ("given_name", "surname", "date_of_birth"),
        0.5,
        {name: _reading(name) for name in _TERMS if name in fields},
        pairs=PAIRS,
    )


def _reading(name: str) -> Callable[[Record], str | None]:
    def read(record: Record) -> str | None:
        return record[name] or None

    return read


def found(data: Febrl, fields: Sequence[str] = tuple(COMPARE)) -> dict[Pair, float]:
    """Pair → our probability, of every pair that shares a compound, by these fields alone."""
    given = task(data, fields)
    trained = train(given)
    scale: Scale[Record] = Scale(trained.prior, trained.weights, list(given.compare.values()))
    return {one: scale.weigh(data.records[one[0]], data.records[one[1]]).probability for one in candidates(data)}


def candidates(data: Febrl) -> set[Pair]:
    """Pairs of the data that share a compound; of two sides those across."""
    left = set(data.sides[0]) if len(data.sides) > 1 else None
    sharing: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for one, record in data.records.items():
        for compound in set(compounds(record)):
            sharing[compound].append(one)
    pairs = {pair(a, b) for ids in sharing.values() for a, b in combinations(ids, 2)}
    return pairs if left is None else {one for one in pairs if (one[0] in left) != (one[1] in left)}


def compounds(record: Record) -> Iterable[tuple[str, ...]]:
    """The compounds of a record."""
    names = [bones(record[name]) for name in ("given_name", "surname") if record[name]]
    born, postcode, suburb = record["date_of_birth"], record["postcode"], bones(record["suburb"])
    street, number = bones(record["address_1"]), record["street_number"]
    if born:
        yield "born", born
    if len(names) == 2:
        yield "names", *sorted(names)
    for name in names:
        beside = {"postcode": postcode, "suburb": suburb, "street": street, "year": born[:4], "day": born[4:]}
        for kind, value in beside.items():
            if value:
                yield kind, name, value
    if street and number:
        yield "house", street, number
    if street and postcode:
        yield "road", street, postcode


def bones(text: str) -> str:
    """The first letter and the consonants after it, without blanks."""
    letters = text.replace(" ", "")
    return letters[:1] + "".join(c for c in letters[1:] if c not in "aeiouy")
