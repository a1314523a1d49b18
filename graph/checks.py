"""What a batch must be before a store looks at it: faults of the caller, found without reading anything."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from domain.clock import instant_text
from domain.errors import Invalid
from domain.ids import ID_BITS
from graph.shapes import Batch, Move, PersonWrite

_END_OF_IDS = 1 << ID_BITS
_CATEGORIES = range(16)

EPOCH = "1970-01-01T00:00:00.000Z"
"""The instant of a sequence that somebody was forgotten at before any batch was written."""


def canonical(instant: str) -> str:
    """An instant in the one form in which text order is time order, in milliseconds. Invalid if it is no aware one."""
    try:
        parsed = datetime.fromisoformat(instant)
        if parsed.tzinfo is None:
            raise Invalid(field="instant")
        return instant_text(parsed)
    except (ValueError, OverflowError):
        raise Invalid(field="instant") from None


def check(batch: Batch) -> None:
    """Raise Invalid, with the batch's field at fault, for what no store can write.

    Two writes of one person, two owners for one key, rows that hang on another person than the one they are written
    with, ids and category numbers out of range, a new person without a wrapped key, two decisions about one key, two
    moves of one id, an id that names itself by another.
    """
    canonical(batch.instant)
    owners = {row.key: row.person for row in batch.keys}
    if any(owners[row.key] != row.person for row in batch.keys):
        raise Invalid(field="keys")
    _check_ids((row.person for row in batch.keys), "keys")
    decided = {row.key for row in batch.redecisions}
    if len(decided) != len(batch.redecisions) or not decided.isdisjoint(owners):
        raise Invalid(field="redecisions")
    _check_ids((person for row in batch.redecisions for person in (row.was, row.person)), "redecisions")
    _check_moves(batch.moves)
    if len({write.person for write in batch.people}) != len(batch.people):
        raise Invalid(field="people")
    _check_ids((write.person for write in batch.people), "people")
    for write in batch.people:
        _check_person(write)


def _check_moves(moves: Sequence[Move]) -> None:
    targets = {move.person: move.into for move in moves}
    if len(targets) != len(moves) or any(person == into for person, into in targets.items()):
        raise Invalid(field="moves")
    _check_ids((i for pair in targets.items() for i in pair if i is not None), "moves")


def _check_person(write: PersonWrite) -> None:
    if write.base < 0 or (write.base == 0 and write.wrapped is None):
        raise Invalid(field="people")
    if any(category not in _CATEGORIES for category in write.records):
        raise Invalid(field="records")
    if write.links is not None:
        if any(row.person != write.person for row in write.links):
            raise Invalid(field="links")
        _check_ids((row.other for row in write.links), "links")
    if write.memberships is not None:
        if any(row.person != write.person for row in write.memberships):
            raise Invalid(field="memberships")
        _check_ids((row.household for row in write.memberships), "memberships")


def _check_ids(ids: Iterable[int], field: str) -> None:
    if any(not 0 < i < _END_OF_IDS for i in ids):
        raise Invalid(field=field)
