"""What a batch must be before a store looks at it: faults of the caller, found without reading anything."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from domain.clock import instant_text
from domain.errors import Invalid
from domain.ids import ID_BITS
from graph.shapes import Batch, PersonWrite

_END_OF_IDS = 1 << ID_BITS
_CATEGORIES = range(16)


def instant_of(batch: Batch) -> str:
    """The batch's instant in the one form in which text order is time order. Invalid if it is not an aware instant."""
    try:
        instant = datetime.fromisoformat(batch.instant)
    except ValueError:
        raise Invalid(field="instant") from None
    if instant.tzinfo is None:
        raise Invalid(field="instant")
    return instant_text(instant)


def check(batch: Batch) -> None:
    """Raise Invalid, with the batch's field at fault, for what no store can write.

    Two writes of one person, two owners for one key, rows that hang on another person than the one they are written
    with, ids and category numbers out of range, a new person without a wrapped key.
    """
    owners = {row.key: row.person for row in batch.keys}
    if any(owners[row.key] != row.person for row in batch.keys):
        raise Invalid(field="keys")
    _check_ids((row.person for row in batch.keys), "keys")
    if len({write.person for write in batch.people}) != len(batch.people):
        raise Invalid(field="people")
    _check_ids((write.person for write in batch.people), "people")
    for write in batch.people:
        _check_person(write)


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
