"""The logical form of a graph, the same for every store: what one dumps another loads.

Tables come in the order of TABLES, each table's pages together, rows in the order that is said beside it. The `_past`
tables hold what was replaced: in force at s if since <= s < until; their partners hold what is in force.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, auto

from domain.claims import ClaimKind
from domain.errors import Invalid
from domain.ids import ID_BITS
from domain.links import LinkKind
from graph.checks import canonical
from graph.shapes import DumpPage

Value = int | str | bytes | None

PAGE = 500
"""Rows of a page at most, when dumping."""


class Column(Enum):
    """What a column holds. Nothing is ever NULL."""

    ID = auto()
    """A person or household: positive, at most 58 bits."""
    NUMBER = auto()
    """0 or more."""
    CATEGORY = auto()
    """0 to 15."""
    SEQUENCE = auto()
    """0 to the newest sequence of the dump."""
    INSTANT = auto()
    """RFC 3339, UTC, with milliseconds and Z."""
    TEXT = auto()
    """A label: a source, a reason."""
    CLAIM_KIND = auto()
    LINK_KIND = auto()
    BYTES = auto()
    """A keyed hash, a wrapped key, something sealed."""


_C = Column

TABLES: Mapping[str, Mapping[str, Column]] = {
    # By sequence, from 1 without a gap.
    "batch": {"sequence": _C.SEQUENCE, "instant": _C.INSTANT},
    # One row or none: the newest sequence at which people were joined, parted or forgotten.
    "parting": {"sequence": _C.SEQUENCE},
    # By key, with the decision in force.
    "key": {
        "key": _C.BYTES,
        "source": _C.TEXT,
        "wrapped": _C.BYTES,
        "person": _C.ID,
        "reason": _C.TEXT,
        "sequence": _C.SEQUENCE,
    },
    # By key and sequence: the decisions before it.
    "decision_past": {"key": _C.BYTES, "sequence": _C.SEQUENCE, "person": _C.ID, "reason": _C.TEXT},
    # By person: ids that name another.
    "moved": {"person": _C.ID, "target": _C.ID, "sequence": _C.SEQUENCE},
    # By hash.
    "mark": {"hash": _C.BYTES},
    # By person.
    "person": {"person": _C.ID, "version": _C.NUMBER, "wrapped": _C.BYTES, "facts": _C.BYTES},
    # By hash and person; people under one hash were first stated in the order of (sequence, place, person).
    "national": {"hash": _C.BYTES, "person": _C.ID, "sequence": _C.SEQUENCE, "place": _C.NUMBER},
    # By hash and person.
    "search": {"hash": _C.BYTES, "person": _C.ID},
    # In recorded order.
    "claim": {
        "claim": _C.BYTES,
        "key": _C.BYTES,
        "kind": _C.CLAIM_KIND,
        "source": _C.TEXT,
        "sequence": _C.SEQUENCE,
        "sealed": _C.BYTES,
    },
    # By person, category (and since).
    "record": {"person": _C.ID, "category": _C.CATEGORY, "since": _C.SEQUENCE, "sealed": _C.BYTES},
    "record_past": {
        "person": _C.ID,
        "category": _C.CATEGORY,
        "since": _C.SEQUENCE,
        "until": _C.SEQUENCE,
        "sealed": _C.BYTES,
    },
    # By person, (since,) place: the place among the links that one write gave the person.
    "link": {
        "person": _C.ID,
        "place": _C.NUMBER,
        "other": _C.ID,
        "kind": _C.LINK_KIND,
        "year": _C.NUMBER,
        "key": _C.BYTES,
        "since": _C.SEQUENCE,
        "sealed": _C.BYTES,
    },
    "link_past": {
        "person": _C.ID,
        "since": _C.SEQUENCE,
        "place": _C.NUMBER,
        "until": _C.SEQUENCE,
        "other": _C.ID,
        "kind": _C.LINK_KIND,
        "year": _C.NUMBER,
        "key": _C.BYTES,
        "sealed": _C.BYTES,
    },
    # By person, (since,) place, as links.
    "membership": {
        "person": _C.ID,
        "place": _C.NUMBER,
        "household": _C.ID,
        "since": _C.SEQUENCE,
        "sealed": _C.BYTES,
    },
    "membership_past": {
        "person": _C.ID,
        "since": _C.SEQUENCE,
        "place": _C.NUMBER,
        "until": _C.SEQUENCE,
        "household": _C.ID,
        "sealed": _C.BYTES,
    },
    # By source.
    "cursor": {"source": _C.TEXT, "sealed": _C.BYTES},
    # In the order in which they were handed over.
    "outbox": {"entry": _C.BYTES, "sequence": _C.SEQUENCE, "sealed": _C.BYTES},
}

_ORDER = {name: place for place, name in enumerate(TABLES)}
_KINDS = {_C.CLAIM_KIND: frozenset(map(str, ClaimKind)), _C.LINK_KIND: frozenset(map(str, LinkKind))}
_MOST = (1 << 63) - 1


class Form:
    """Holds the pages of one dump against the form, in the order in which they come."""

    def __init__(self) -> None:
        self._table = 0
        self._newest = 0
        self._instant = ""

    def check(self, page: DumpPage) -> None:
        """Raise Invalid, with the table or the column at fault, for a page that is not of the form."""
        place = _ORDER.get(page.table)
        if place is None or place < self._table:
            raise Invalid(field="table")
        self._table = place
        columns = TABLES[page.table]
        for row in page.rows:
            if len(row) != len(columns):
                raise Invalid(field=page.table)
            if page.table == "batch":
                self._next(row)
            for (name, column), value in zip(columns.items(), row, strict=True):
                if not self._fits(column, value):
                    raise Invalid(field=f"{page.table}.{name}")

    def _next(self, row: tuple[Value, ...]) -> None:
        sequence, instant = row
        if type(sequence) is not int or sequence != self._newest + 1:
            raise Invalid(field="batch.sequence")
        if not isinstance(instant, str) or instant < self._instant:
            raise Invalid(field="batch.instant")
        self._newest, self._instant = sequence, instant

    def _fits(self, column: Column, value: Value) -> bool:
        if column is _C.BYTES:
            return type(value) is bytes
        if column is _C.INSTANT:
            return isinstance(value, str) and _is_canonical(value)
        if column in _KINDS:
            return value in _KINDS[column]
        if column is _C.TEXT:
            return isinstance(value, str)
        return type(value) is int and value in self._range(column)

    def _range(self, column: Column) -> range:
        if column is _C.ID:
            return range(1, 1 << ID_BITS)
        if column is _C.CATEGORY:
            return range(16)
        return range(self._newest + 1) if column is _C.SEQUENCE else range(_MOST)


def _is_canonical(instant: str) -> bool:
    try:
        return canonical(instant) == instant
    except Invalid:
        return False
